// `quietleaks check`: what it prints, what it exits with, and that each way to fail is found over real sockets.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/integration/check_command.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/command.hpp"
#include "tests/support/shop_server.hpp"

using integration::check, integration::Checked, integration::RunningCommand;
using support::ShopRequest, support::ShopServer;

namespace {

const std::string kProduct = ShopServer::page("Desk lamp",
                                              "<h1>Desk lamp</h1><p>A lamp for your desk, 49.00.</p><button>Add "
                                              "to cart</button>");

std::string html(const std::string& head, const std::string& body = "") {
  const std::string text = "<html><head>" + head + "</head><body>" + body + "</body></html>";
  return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + text;
}

std::string answer(const ShopRequest& request) {
  const auto is = [&](const std::string& path) { return request.target.starts_with(path); };
  if (is("/gone")) return ShopServer::status(410);
  if (is("/to-product")) return ShopServer::redirect(302, "/product/1?tag=me-20");
  if (is("/to-home/")) return ShopServer::redirect(301, "/");
  if (request.target == "/") return ShopServer::page("Lamps", "<h1>Welcome</h1><a href='/product/1'>Lamp</a>");
  if (is("/drops")) return ShopServer::redirect(302, "/product/1");
  if (is("/meta")) return html("<meta http-equiv='refresh' content='0; url=/product/1?tag=me-20'>");
  if (is("/script-gone")) return html("<script>window.location.href = '/gone';</script>");
  if (is("/soft")) return ShopServer::page("404 - Page not found", "<h1>Page not found</h1><p>It does not exist.</p>");
  if (is("/sold"))
    return html("<title>Desk lamp</title>",
                "<h1>Desk lamp</h1><div itemscope itemtype='http://schema.org/Product'><span itemprop='name'>Desk "
                "lamp</span><div itemprop='offers' itemscope itemtype='http://schema.org/Offer'><link "
                "itemprop='availability' href='http://schema.org/SoldOut'></div></div>");
  if (is("/loop")) return ShopServer::redirect(302, "/loop");
  if (is("/error")) return ShopServer::status(502);
  if (is("/moved")) return ShopServer::redirect(301, "/product/desk-lamp-2");
  if (is("/forbidden")) return ShopServer::status(403);
  if (is("/slow")) std::this_thread::sleep_for(std::chrono::milliseconds(300));
  return kProduct;
}

struct Shop {
  ShopServer server{answer};

  Checked ask(const std::string& target, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--resolve", "lamps.example:" + std::to_string(server.port()) + ":127.0.0.1"});
    more.push_back(server.url("lamps.example", target));
    return check(more);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli_check, Shop)

BOOST_AUTO_TEST_CASE(its_json_has_these_members_in_this_order) {
  const auto checked = ask("/to-product?tag=me-20");
  BOOST_TEST(checked.outcome.exit_code == 0);
  BOOST_TEST(checked.outcome.err == "");
  std::string names;
  for (const auto& member : *checked.json.as<http::JsonObject>()) names += member.name + ' ';
  BOOST_TEST(names == "url status outcome failure_mode final_url http_status duration_ms hops evidence ");
  names.clear();
  for (const auto& member :
       *checked.json.as<http::JsonObject>()->at(7).value.as<http::JsonArray>()->at(0).as<http::JsonObject>())
    names += member.name + ' ';
  BOOST_TEST(names == "url http_status kind location duration_ms ");
  BOOST_TEST(checked.at("url") == server.url("lamps.example", "/to-product?tag=me-20"));
  BOOST_TEST(checked.at("final_url") == server.url("lamps.example", "/product/1?tag=me-20"));
  BOOST_TEST(checked.at("outcome") == "conclusive");
  BOOST_TEST(checked.at("http_status") == "200");
  BOOST_TEST(checked.at("hops.0.url") == checked.at("url"));
  BOOST_TEST(checked.at("hops.0.http_status") == "302");
  BOOST_TEST(checked.at("hops.0.location") == checked.at("final_url"));
  BOOST_TEST(checked.at("hops.1.location") == "null");
  BOOST_TEST(checked.at("hops.1.kind") == "http");
  BOOST_TEST(checked.at("hops.2") == "");
  BOOST_TEST(checked.at("evidence.hop") == "null");
  BOOST_TEST(!checked.at("evidence.summary").empty());
}

BOOST_AUTO_TEST_CASE(every_way_to_fail_has_its_verdict_its_hop_and_its_exit_code) {
  struct Case {
    std::string target, verdict, hop;
    int exit_code;
  };
  for (const auto& [target, verdict, hop, exit_code] : std::vector<Case>{
           {"/product/1", "healthy", "null", 0},
           {"/gone/1", "broken not_found", "0", 1},
           {"/to-home/product/1", "broken silent_redirect", "0", 1},
           {"/drops/product/1?tag=me-20", "broken tag_dropped", "0", 1},
           {"/meta/product/1?tag=me-20", "healthy", "null", 0},
           {"/script-gone/1", "broken not_found", "1", 1},
           {"/soft/product/1", "broken soft_404", "0", 1},
           {"/sold/product/1", "broken out_of_stock", "0", 1},
           {"/loop", "broken redirect_loop", "0", 1},
           {"/error", "broken server_error", "0", 1},
           {"/moved/product/desk-lamp", "redirected moved", "0", 0},
           {"/forbidden", "inconclusive", "0", 2},
       })
    BOOST_TEST_CONTEXT(target) {
      const auto checked = ask(target);
      BOOST_TEST(checked.verdict() == verdict, checked.outcome.out);
      if (hop != "0" || exit_code == 1) BOOST_TEST(checked.at("evidence.hop") == hop);
      BOOST_TEST(checked.outcome.exit_code == exit_code);
    }
  BOOST_TEST(ask("/meta/1").at("hops.0.kind") == "meta");
  BOOST_TEST(ask("/script-gone/1").at("hops.0.kind") == "script");
  BOOST_TEST(check({"http://127.0.0.1:1/"}).verdict() == "broken unreachable");
  BOOST_TEST(check({"https" + server.url("127.0.0.1", "/").substr(4)}).verdict() == "broken tls_error");
}

BOOST_AUTO_TEST_CASE(the_options_do_what_they_say) {
  BOOST_TEST(ask("/slow", {"--slow-after", "0.1"}).verdict() == "slow slow");
  BOOST_TEST(ask("/slow", {"--slow-after", "0.1"}).outcome.exit_code == 0);
  BOOST_TEST(ask("/slow", {"--timeout", "0.1"}).verdict() == "broken unreachable");
  const auto home = server.url("lamps.example", "/");
  BOOST_TEST(ask("/to-home/product/1", {"--baseline", home}).verdict() == "healthy");
  BOOST_TEST(ask("/product/1", {"--expect-tag", "tag"}).verdict() == "broken tag_dropped");
  BOOST_TEST(ask("/product/1", {"--expect-host", "lamps.example"}).verdict() == "healthy");
  BOOST_TEST(ask("/product/1", {"--expect-host", "other.example"}).verdict() == "broken silent_redirect");
  const auto any =
      check({"--resolve", "*:" + std::to_string(server.port()) + ":127.0.0.1", server.url("x.example", "/product/1")});
  BOOST_TEST(any.verdict() == "healthy");
}

BOOST_AUTO_TEST_CASE(for_people_it_draws_the_chain) {
  const auto outcome =
      RunningCommand({"check", "--allow-address", "127.0.0.1", server.url("127.0.0.1", "/drops?tag=me-20")}, {}, "")
          .wait();
  BOOST_TEST(outcome.exit_code == 1);
  for (const std::string word : {"HOP", "302", "/product/1", "broken: tag_dropped", "tag=me-20", "<-"})
    BOOST_TEST(integration::contains(outcome.out, word), word << " in " << outcome.out);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_checked_is_said_and_is_a_three) {
  const std::vector<std::vector<std::string>> wrong = {{},
                                                       {"no-url"},
                                                       {"ftp://shop.example/"},
                                                       {"https://"},
                                                       {"http://a.example/", "http://b.example/"},
                                                       {"--timeout", "0", "http://a.example/"},
                                                       {"--timeout", "soon", "http://a.example/"},
                                                       {"--slow-after", "-1", "http://a.example/"},
                                                       {"--resolve", "a.example", "http://a.example/"},
                                                       {"--resolve", "a.example:80:b", "http://a.example/"},
                                                       {"--allow-address", "10.0.0.0/33", "http://a.example/"},
                                                       {"--allow-address", "all", "http://a.example/"},
                                                       {"--cacert", "/nowhere", "http://a.example/"},
                                                       {"--cacert", "/etc/passwd", "http://a.example/"},
                                                       {"--program", "Nobody", "http://a.example/"},
                                                       {"--expect-host", "bad/host", "http://a.example/"},
                                                       {"--expect-host", "", "http://a.example/"},
                                                       {"--expect-tag", "", "http://a.example/"},
                                                       {"--baseline", "", "http://a.example/"},
                                                       {"--baseline", "x", "http://a.example/"},
                                                       {"--colour", "http://a.example/"}};
  for (auto arguments : wrong) {
    const auto checked = check(arguments, false);
    BOOST_TEST(checked.outcome.exit_code == 3, checked.outcome.out << checked.outcome.err);
    BOOST_TEST(checked.outcome.out == "");
    BOOST_TEST(integration::contains(checked.outcome.err, R"({"error":{"code":")"), checked.outcome.err);
  }
}

// Certificates that are good, nobody's, another's and old ones, served by openssl's own server.
BOOST_AUTO_TEST_CASE(certificates_are_verified) {
  char folder[] = "/tmp/quietleaks-tls-XXXXXX";
  BOOST_REQUIRE(mkdtemp(folder) != nullptr);
  const std::string room = folder;
  const auto make = [&](const std::string& name, const std::string& host, std::vector<std::string> before = {}) {
    before.insert(before.end(),
                  {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                   "30", "-subj", "/CN=" + host, "-addext", "subjectAltName=DNS:" + host, "-keyout",
                   room + "/" + name + ".key", "-out", room + "/" + name + ".pem"});
    support::must_run(before);
  };
  make("good", "lamps.example");
  make("other", "elsewhere.example");
  make("old", "lamps.example", {"faketime", "2020-01-01"});
  const auto served = [&](const std::string& certificate, const std::string& trusted) {
    const int port = server.port();  // of a server that is not asked meanwhile: its number is free on another address
    const std::string place = "127.0.0.9:" + std::to_string(port);
    const pid_t pid = fork();
    if (pid == 0) {
      execlp("timeout", "timeout", "20", "openssl", "s_server", "-accept", place.c_str(), "-cert",
             (room + "/" + certificate + ".pem").c_str(), "-key", (room + "/" + certificate + ".key").c_str(), "-www",
             "-quiet", nullptr);
      _exit(127);
    }
    Checked checked;
    for (int attempt = 0; attempt < 50; ++attempt) {
      checked = check({"--cacert", room + "/" + trusted + ".pem", "--resolve",
                       "lamps.example:" + std::to_string(port) + ":127.0.0.9",
                       "https://lamps.example:" + std::to_string(port) + "/"});
      if (checked.at("failure_mode") != "unreachable") break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    kill(pid, SIGTERM);
    waitpid(pid, nullptr, 0);
    return checked;
  };
  BOOST_TEST(served("good", "good").at("http_status") == "200");
  BOOST_TEST(served("good", "other").verdict() == "broken tls_error");   // nobody's whom we know
  BOOST_TEST(served("other", "other").verdict() == "broken tls_error");  // another host's
  BOOST_TEST(served("old", "old").verdict() == "broken tls_error");
  std::filesystem::remove_all(room);
}

BOOST_AUTO_TEST_SUITE_END()
