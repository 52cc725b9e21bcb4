// `quietleaks check --headless` with the real Chromium: where scripts lead, what they can reach, and that nothing is
// left of a browser, whatever its page does and whoever dies.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <span>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/check_command.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/command.hpp"
#include "tests/support/process_tree.hpp"
#include "tests/support/shop_server.hpp"
#include "tests/support/wait_until.hpp"

using integration::check, integration::Checked, integration::RunningCommand;
using support::ShopRequest, support::ShopServer;

namespace {

using namespace std::chrono_literals;

const std::string kProduct =
    ShopServer::page("Desk lamp", "<h1>Desk lamp</h1><p>A lamp for your desk, 49.00.</p><button>Add to cart</button>");

std::string file(const std::string& type, const std::string& text) {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nConnection: close\r\n\r\n" + text;
}

// The page's way is put together while it runs, so that nothing but running it can tell.
const std::string kWay = "const way = ['', 'product', '1'].join('/');";

// Sockets that nobody may come to. 127.0.0.2 is an address that checks here are not allowed.
class Trap {
 public:
  Trap() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, "127.0.0.2", &address.sin_addr);
    socklen_t size = sizeof address;
    auto* place = reinterpret_cast<sockaddr*>(&address);
    BOOST_REQUIRE(bind(stream_, place, size) == 0 && listen(stream_, 16) == 0);
    BOOST_REQUIRE(getsockname(stream_, place, &size) == 0);
    BOOST_REQUIRE(bind(datagrams_, place, size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~Trap() {
    close(stream_);
    close(datagrams_);
  }
  Trap(const Trap&) = delete;
  Trap& operator=(const Trap&) = delete;

  std::string place() const { return "127.0.0.2:" + std::to_string(port_); }

  int take_visitors() const {
    int visitors = 0;
    for (int fd = 0; (fd = accept(stream_, nullptr, nullptr)) >= 0; ++visitors) close(fd);
    for (char byte; recv(datagrams_, &byte, 1, 0) >= 0;) ++visitors;
    return visitors;
  }

 private:
  const int stream_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int datagrams_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int port_ = 0;
};

struct World {
  std::mutex mutex;
  std::map<std::string, int> asked;          // by target
  std::map<std::string, std::string> pages;  // by target
  ShopServer server{[this](const ShopRequest& request) { return answer(request); }};

  std::string answer(const ShopRequest& request) {
    const std::lock_guard lock(mutex);
    ++asked[request.target];
    if (request.target.starts_with("/product")) return kProduct;
    if (request.target == "/way.js") return file("text/javascript", kWay + "location.replace(way);");
    if (request.target == "/way.json")
      return file("application/json", R"({"way": ["", "product", "1"], "pad": ")" + std::string(100'000, 'x') + "\"}");
    if (request.target == "/moved.json") return ShopServer::redirect(302, "/way.json");
    if (request.target == "/big.json") return file("application/json", '"' + std::string(600'000, 'x') + '"');
    const auto page = pages.find(request.target);
    return page == pages.end() ? ShopServer::status(404) : file("text/html; charset=utf-8", page->second);
  }

  int times(const std::string& target) {
    const std::lock_guard lock(mutex);
    return asked[target];
  }

  std::vector<std::string> arguments(const std::string& target) const {
    std::vector<std::string> all{"--headless", "--allow-address", "127.0.0.1/32"};
    for (const std::string host : {"lamps.example", "cdn.example"})
      all.insert(all.end(), {"--resolve", host + ':' + std::to_string(server.port()) + ":127.0.0.1"});
    all.push_back(server.url("lamps.example", target));
    return all;
  }

  Checked ask(const std::string& page, std::vector<std::string> more = {}, const std::string& target = "/out") {
    {
      const std::lock_guard lock(mutex);
      pages[target] = page;
    }
    const auto all = arguments(target);
    more.insert(more.end(), all.begin(), all.end());
    return check(more, false);
  }

  // All of them, three at a time.
  std::vector<Checked> ask_all(const std::vector<std::string>& many) {
    std::vector<Checked> checked(many.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
      for (std::size_t i = 0; (i = next++) < many.size();) checked[i] = ask(many[i], {}, "/out" + std::to_string(i));
    };
    std::array<std::future<void>, 3> workers;
    for (auto& worker : workers) worker = std::async(std::launch::async, work);
    for (auto& worker : workers) worker.get();
    return checked;
  }

  // A check of a page that keeps its browser busy, which runs by now.
  RunningCommand begin_endless() {
    pages["/out"] = "<script>fetch('/begun').then(() => { for (;;); })</script>";
    std::vector<std::string> words = arguments("/out");
    words.insert(words.begin(), {"check", "--json"});
    RunningCommand command(words, {}, "");
    BOOST_REQUIRE(support::wait_until([&] { return times("/begun") == 1; }, 20));
    return command;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cli_headless, World)

BOOST_AUTO_TEST_CASE(scripts_are_followed_however_they_lead_on) {
  const std::string cdn = server.url("cdn.example", "");
  const std::pair<std::string, std::string> ways[] = {
      {"an obfuscated script", "<script>window[atob('bG9jYXRpb24=')] = atob('L3Byb2R1Y3QvMQ==')</script>"},
      {"fetch()", "<script>fetch('/way.json').then(r => r.json()).then(j => location = j.way.join('/'))</script>"},
      {"a redirected XMLHttpRequest",
       "<script>let x = new XMLHttpRequest; x.onload = () => location = JSON.parse(x.response).way.join('/');"
       "x.open('GET', '/moved.json'); x.send()</script>"},
      {"a timer", "<script>" + kWay + "setTimeout(() => location.assign(way), 4e3)</script>"},
      {"a script of another host", "<script src='" + cdn + "/way.js'></script>"},
      {"a form", "<form method=get><input name=tag value=me-20></form><script>" + kWay +
                     "document.forms[0].action = way; document.forms[0].submit()</script>"},
      {"a frame",
       "<script></script><iframe srcdoc=\"<script>top.location = ['', 'product', '1'].join('/')</script>\"></iframe>"},
      {"a window", "<script>" + kWay + "open(way, '_self')</script>"},
      {"dialogs", "<script>alert(1); if (!confirm(2)) prompt(3);" + kWay + "location = way</script>"},
      {"its onload", "<body onload=\"location = ['', 'product', '1'].join('/')\"></body>"}};
  double slowest = 0;
  std::vector<std::string> all;
  all.reserve(std::size(ways));
  for (const auto& [name, page] : ways) all.push_back(page);
  const auto results = ask_all(all);
  for (std::size_t i = 0; i < results.size(); ++i) BOOST_TEST_CONTEXT(ways[i].first) {
      const auto& checked = results[i];
      BOOST_TEST(checked.verdict() == "healthy", checked.outcome.out << checked.outcome.err);
      BOOST_TEST(checked.at("final_url").starts_with(server.url("lamps.example", "/product/1")), checked.outcome.out);
      BOOST_TEST(checked.at("hops.0.kind") == "script");
      BOOST_TEST(checked.at("hops.0.location") == checked.at("final_url"));
      BOOST_TEST(checked.at("hops.1.http_status") == "200");
      slowest = std::max(slowest, checked.seconds);
    }
  BOOST_TEST_MESSAGE("  headless: " << std::size(ways) << " ways to lead on followed, at most in " << slowest << " s");
}

BOOST_AUTO_TEST_CASE(what_leads_nowhere_is_the_end_as_without_a_browser) {
  const std::vector<std::string> scripts = {
      "document.title = 'Lamps'",
      "location.hash = 'a'",
      "location.reload()",
      "location = 'market' + '://details'",
      "fetch('/big.json').then(r => r.json()).then(() => location = '/pro' + 'duct/1')",
      "document.forms[0].submit()"};
  std::vector<std::string> all;
  all.reserve(scripts.size());
  for (const auto& script : scripts)
    all.push_back("<div id=root></div><form method=post action=/product/1></form><script>" + script + "</script>");
  const auto results = ask_all(all);
  for (std::size_t i = 0; i < results.size(); ++i) BOOST_TEST_CONTEXT(scripts[i]) {
      BOOST_TEST(results[i].outcome.err == "");
      BOOST_TEST(results[i].at("hops.0.http_status") == "200");
      BOOST_TEST(results[i].at("hops.0.location") == "null");
      BOOST_TEST(results[i].at("hops.1") == "");
      BOOST_TEST(results[i].seconds < 25);
    }
  BOOST_TEST(times("/product/1") == 0);
}

BOOST_AUTO_TEST_CASE(a_page_with_something_to_read_is_given_to_no_browser) {
  const auto checked =
      ask("<h1>Lamps</h1><p>" + std::string(700, 'a') + "</p><script>" + kWay + "location = way</script>",
          {"--headless-program", "/nowhere"});
  BOOST_TEST(checked.outcome.err == "");
  BOOST_TEST(checked.at("hops.1") == "");
}

// The trap would be reached if it were allowed: the last line proves it.
BOOST_AUTO_TEST_CASE(scripts_reach_no_address_that_is_not_allowed) {
  const Trap trap;
  const std::string target = "['http:', '', '" + trap.place() + "', 'x'].join('/')";
  const auto led = ask("<script>location = " + target + "</script>");
  BOOST_TEST(led.at("outcome") == "refused", led.outcome.out);
  BOOST_TEST(led.at("hops.0.kind") == "script");
  BOOST_TEST(led.at("hops.1.http_status") == "null");
  const std::string asking = "<script>" + kWay + "fetch(" + target +
                             ", {mode: 'no-cors'}).catch(() => 0).then(() => location = way + '?refused')</script>";
  const auto asked_for = ask("<script src='http://" + trap.place() + "/a.js'></script>" + asking);
  BOOST_TEST(asked_for.at("final_url") == server.url("lamps.example", "/product/1?refused"), asked_for.outcome.out);
  BOOST_TEST(trap.take_visitors() == 0);
  ask(asking, {"--allow-address", "127.0.0.2/32"});
  BOOST_TEST(trap.take_visitors() > 0);
}

BOOST_AUTO_TEST_CASE(a_browser_has_no_network_of_its_own) {
  const Trap trap;
  const std::string place = trap.place();
  const auto checked = ask(
      "<link rel=stylesheet href='//" + place + "/a.css'><link rel=preconnect href='//" + place + "'><img src='//" +
          place + "/c.png'><iframe src='//" + place + "/d'></iframe><video src='//" + place +
          "/e.mp4'></video><object data='//" + place + "/f'></object><script>" + kWay + "const at = '" + place +
          "'; new Image().src = '//' + at; navigator.sendBeacon('//' + at, 'x'); new WebSocket('ws://' + at);"
          "fetch('//' + at, {method: 'POST', mode: 'no-cors'}).catch(() => 0); open('//' + "
          "at); try { let p = new RTCPeerConnection({iceServers: [{urls: 'stun:' + at}]}); p.createDataChannel('x');"
          "p.createOffer().then(o => p.setLocalDescription(o)) } catch (e) {}"
          "setTimeout(() => location = way, 3000)</script>",
      {"--allow-address", "127.0.0.2/32"});
  BOOST_TEST(checked.at("final_url") == server.url("lamps.example", "/product/1"), checked.outcome.out);
  BOOST_TEST(trap.take_visitors() == 0);
}

BOOST_AUTO_TEST_CASE(a_page_gets_ten_parts_and_no_more) {
  const auto checked = ask("<script>" + kWay +
                           "(async () => { let good = 0; for (let i = 0; i < 30; ++i) await fetch('/way.json?' + "
                           "i).then(() => ++good, () => 0); location = way + '?' + good })()</script>");
  BOOST_TEST(checked.at("final_url") == server.url("lamps.example", "/product/1?10"), checked.outcome.out);
}

BOOST_AUTO_TEST_CASE(what_a_page_does_without_end_ends) {
  const std::pair<std::string, std::string> endless[] = {
      {"/loop", "for (;;);"},
      {"/memory", "const all = []; for (let i = 0;; ++i) all.push(new Uint8Array(1 << 20).fill(i));"},
      {"/text", "for (;;) document.write('<p>' + 'x'.repeat(9000));"},
      {"/dialogs", "for (;;) alert(1);"},
      {"/requests", "for (let i = 0;; ++i) { new Image().src = '/image?' + i; fetch('/part?' + i) }"},
      {"/strings", "let text = 'x'; for (;;) text += text.slice(0, 1 << 20);"}};
  constexpr std::size_t kAtOnce = 3;
  long most_kib = 0;
  double slowest = 0;
  const auto one = [&](const std::string& target, const std::string& script) {
    {
      const std::lock_guard lock(mutex);
      pages[target] = "<script>fetch('/begun" + target + "').then(() => {" + script + "})</script>";
    }
    return std::async(std::launch::async, [this, target] { return check(arguments(target), false); });
  };
  for (std::size_t first = 0; first < std::size(endless); first += kAtOnce) {
    const std::span round = std::span(endless).subspan(first, kAtOnce);
    std::vector<std::future<Checked>> running;
    for (const auto& [target, script] : round) running.push_back(one(target, script));
    const auto ended = [](const auto& check) { return check.wait_for(0s) == std::future_status::ready; };
    while (!std::all_of(running.begin(), running.end(), ended)) {
      most_kib = std::max(most_kib, support::resident_kib(support::descendants(getpid())));
      std::this_thread::sleep_for(20ms);
    }
    for (std::size_t i = 0; i < kAtOnce; ++i) BOOST_TEST_CONTEXT(round[i].first) {
        const auto checked = running[i].get();
        BOOST_TEST(times("/begun" + round[i].first) == 1);
        BOOST_TEST(checked.at("hops.0.http_status") == "200");
        BOOST_TEST(checked.at("hops.1") == "");
        BOOST_TEST(checked.outcome.err == "");
        BOOST_TEST(checked.seconds < 25);  // Chromium has 15; what takes the rest is the machine
        slowest = std::max(slowest, checked.seconds);
      }
  }
  BOOST_TEST(support::descendants(getpid()).empty());
  BOOST_TEST(most_kib < 6 * 1024 * 1024);
  BOOST_TEST_MESSAGE("  headless: " << std::size(endless) << " endless pages, three at a time: at most " << slowest
                                    << " s and " << most_kib / 1024 << " MiB together");
}

BOOST_AUTO_TEST_CASE(without_chromium_a_check_is_as_before_and_says_so) {
  const std::string page = "<div id=root></div><script>" + kWay + "location = way</script>";
  std::map<std::string, std::future<Checked>> running;  // /bin/cat waits for what never comes
  for (const std::string program : {"no-such-program", "/nowhere/chromium", "/etc/passwd", "/bin/true", "/bin/cat"})
    running[program] = std::async(std::launch::async, [&, program] {
      return ask(page, {"--headless-program", program});
    });
  for (auto& [program, check_of_it] : running) BOOST_TEST_CONTEXT(program) {
      const auto checked = check_of_it.get();
      BOOST_TEST(checked.at("hops.0.http_status") == "200");
      BOOST_TEST(checked.at("hops.1") == "");
      BOOST_TEST(integration::contains(checked.outcome.err, "scripts were not followed"), checked.outcome.err);
      BOOST_TEST(checked.seconds < 15);
    }
}

BOOST_AUTO_TEST_CASE(where_user_namespaces_are_forbidden_it_says_so) {
  pages["/out"] = "<div id=root></div><script>" + kWay + "location = way</script>";
  std::string command = "echo 0 > /proc/sys/user/max_user_namespaces && exec " +
                        (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "quietleaks").string() +
                        " check --json";
  for (const auto& argument : arguments("/out")) command += ' ' + argument;
  const auto result = support::run_command({"unshare", "-r", "sh", "-c", command});
  BOOST_TEST(integration::contains(result.output, "scripts were not followed"), result.output);
  BOOST_TEST(integration::contains(result.output, "user namespaces are forbidden here"), result.output);
  BOOST_TEST(integration::contains(result.output, "\"http_status\":200"), result.output);
}

BOOST_AUTO_TEST_CASE(a_browser_lives_apart_and_its_death_is_no_harm) {
  auto command = begin_endless();
  const auto browsers = support::children(command.pid());
  BOOST_TEST_REQUIRE(browsers.size() == 1);
  const auto all = support::descendants(command.pid());
  BOOST_TEST(all.size() > 2);
  for (const pid_t pid : all) BOOST_TEST(support::network_of(pid) != support::network_of(getpid()));
  BOOST_TEST(support::interfaces_of(*browsers.begin()) == "lo ");
  const auto sees = [&](const std::string& path) {
    return std::filesystem::exists("/proc/" + std::to_string(*browsers.begin()) + "/root" + path);
  };
  BOOST_TEST((sees("/usr/bin") && sees("/tmp/profile") && !std::filesystem::exists("/tmp/profile")));
  for (const std::string hidden : {"/run/lock", "/var/lib/dpkg"}) BOOST_TEST(!sees(hidden), hidden);
  const std::vector<std::string> own_proc{"unshare", "-r", "-p", "-f", "-m", "mount", "-t", "proc", "proc", "/proc"};
  if (support::run_command(own_proc).exit_code == 0) BOOST_TEST(!sees("/proc/" + std::to_string(getpid())));
  kill(*browsers.begin(), SIGKILL);
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = command.wait();
  BOOST_TEST((std::chrono::steady_clock::now() - start < 3s));
  BOOST_TEST(integration::contains(outcome.out, "\"hops\":[{"));
  BOOST_TEST(outcome.err == "");
  BOOST_TEST(!support::any_alive(all));
}

BOOST_AUTO_TEST_CASE(no_browser_outlives_who_started_it) {
  auto command = begin_endless();
  const auto all = support::descendants(command.pid());
  BOOST_TEST_REQUIRE(all.size() > 2);
  kill(command.pid(), SIGKILL);
  BOOST_TEST(command.wait().exit_code == 128 + SIGKILL);
  BOOST_TEST(support::wait_until([&] { return !support::any_alive(all); }, 5));
}

BOOST_AUTO_TEST_SUITE_END()
