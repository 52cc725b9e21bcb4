// Files of links through nginx and back: big ones in bounded memory, bad rows, and how many may be under way.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <regex>

#include "tests/e2e/link_csv_client.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/json_match.hpp"
#include "tests/support/raw_connection.hpp"
#include "tests/support/wait_until.hpp"

namespace e2e {
namespace {

using support::CommandResult;

constexpr int kRows = 60'000;
constexpr long kMostKib = 20 * 1024;  // of a worker, whatever it has served

long peak_kib(pid_t pid) {
  const auto status = slurp("/proc/" + std::to_string(pid) + "/status");
  const auto at = status.find("VmHWM:");
  return at == std::string::npos ? 0 : std::atol(status.c_str() + at + 6);
}
long highest_peak_kib() {
  long highest = 0;
  for (const auto pid : stack().worker_pids("bulk")) highest = std::max(highest, peak_kib(pid));
  return highest;
}

BOOST_AUTO_TEST_SUITE(link_csv)

BOOST_FIXTURE_TEST_CASE(many_rows_in_and_out_in_bounded_memory, Agency) {
  const auto csv = rows(kRows, "big");
  const auto all = std::to_string(kRows);
  const auto trial = import(csv, "?dry_run=true");
  BOOST_TEST(trial.output ==
             "{\"imported\":" + all + ",\"skipped\":0,\"dry_run\":true,\"errors\":[],\"errors_complete\":true} 200");
  BOOST_TEST(links() == 0);
  const auto real = import(csv);
  BOOST_TEST(real.output ==
             "{\"imported\":" + all + ",\"skipped\":0,\"dry_run\":false,\"errors\":[],\"errors_complete\":true} 200");
  BOOST_TEST(links() == kRows);
  BOOST_TEST(stack().sql("SELECT count(*) FROM events WHERE type = 'link.created' AND actor_type = 'api_key' AND "
                         "actor_name = 'test' AND request_id IS NOT NULL AND account_id = " +
                         account()) == all);
  const auto file = folder + "/out.csv";
  BOOST_TEST(export_to(file).output == " 200");
  const auto out = slurp(file);
  BOOST_TEST(std::count(out.begin(), out.end(), '\n') == kRows + 1);
  const auto again = import(out, "?dry_run=true");
  BOOST_TEST(again.output.starts_with("{\"imported\":0,\"skipped\":" + all));
  const auto peak = highest_peak_kib();
  BOOST_TEST(peak < kMostKib);
  say(all + " rows tried, imported and exported; the largest bulk worker held at most " + std::to_string(peak) +
      " KiB");
}

BOOST_FIXTURE_TEST_CASE(bad_rows_are_told_and_the_rest_goes_in, Agency) {
  const std::string csv =
      "label,url,program,slug\n'=Good,https://shop.example/1,,\nBad,nowhere,,\nTaken,https://shop.example/"
      "2,,abc123\nFew\n";
  for (const std::string dry_run : {"true", "false"}) {
    auto call = support::get("/api/v1/links/import?dry_run=" + dry_run, key);
    call.method = "POST";
    call.headers.emplace_back("Content-Type", "text/csv; charset=utf-8");
    call.body = csv;
    const auto reply = ask(call);
    BOOST_TEST(reply.status == 200);
    BOOST_TEST(support::json_difference(R"({"imported": 1, "skipped": 3, "dry_run": )" + dry_run + R"(, "errors": [
        {"line": 3, "column": "url", "detail": "/.+/"}, {"line": 4, "column": "slug", "detail": "/.+taken.+/"},
        {"line": 5, "column": null, "detail": "/.+/"}], "errors_complete": true})",
                                        reply.body) == "");
    BOOST_TEST(links() == (dry_run == "true" ? 0 : 1));
  }
  BOOST_TEST(stack().sql("SELECT label FROM links WHERE account_id = " + account()) == "=Good");
  const auto many = import(rows(300, "row") + "x\n");  // and a row that is none
  BOOST_TEST(many.output.ends_with(" 200"));
  const auto again = import(rows(300, "row"));
  BOOST_TEST(again.output.find("\"skipped\":300,") != std::string::npos);
  BOOST_TEST(again.output.find("\"errors_complete\":false") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(one_address_has_few_transfers_under_way, Agency) {
  constexpr const char* kAddress = "127.0.0.11";
  std::vector<std::unique_ptr<support::RawConnection>> uploads;
  for (int i = 0; i < 8; ++i) {
    uploads.push_back(std::make_unique<support::RawConnection>(stack().base_url(), stack().ca_file(), kAddress));
    BOOST_TEST(uploads.back()->send(upload_head(key, 1000) + "label,"));
  }
  const auto ninth = [&]() -> std::optional<support::Reply> {
    support::RawConnection connection(stack().base_url(), stack().ca_file(), kAddress);
    const std::string csv = "label,url,program\n";
    connection.send(upload_head(key, csv.size()) + csv);
    return connection.read_reply();
  };
  BOOST_TEST(support::wait_until([&] { return ninth().value_or(support::Reply()).status == 503; }, 5));
  const auto refused = ninth();
  BOOST_REQUIRE(refused);
  BOOST_TEST(refused->body.find("\"code\":\"busy\"") != std::string::npos, refused->body);
  BOOST_TEST(refused->header("retry-after") == "2");
  BOOST_TEST(import("label,url,program\n").output.ends_with(" 200"));  // from another address
  uploads.clear();
  BOOST_TEST(support::wait_until([&] { return ninth().value_or(support::Reply()).status == 200; }, 5));
}

BOOST_FIXTURE_TEST_CASE(few_are_under_way_at_once, Agency) {
  const auto id = stack().sql("SELECT " + account());
  const auto options = db::Options{.url = stack().database_url(), .application_name = "test"};
  db::Database first(options), second(options);
  const std::vector<db::PlaceGroup> import_place = {{"import of " + id, 1}}, export_place = {{"export of " + id, 2}};
  const auto busy = [&](const support::Call& call) {
    const auto reply = ask(call);
    BOOST_TEST(reply.status == 503, call.target);
    BOOST_TEST(reply.body.find("\"code\":\"busy\"") != std::string::npos, reply.body);
    BOOST_TEST(reply.header("retry-after") == "10");
  };
  auto importing = support::get("/api/v1/links/import", key);
  importing.method = "POST";
  importing.headers.emplace_back("Content-Type", "text/csv");
  importing.body = "label,url,program\nA,https://a.example,\n";
  const auto exporting = support::get("/api/v1/links/export", key);

  BOOST_TEST(first.transfers().begin(import_place));
  busy(importing);
  BOOST_TEST(ask(exporting).status == 200);
  BOOST_TEST(ask(support::get("/api/v1/links/export", stack().new_key().secret)).status == 200);  // another account
  first.transfers().end();
  BOOST_TEST(ask(importing).status == 200);

  BOOST_TEST(first.transfers().begin(export_place));
  BOOST_TEST(ask(exporting).status == 200);
  BOOST_TEST(second.transfers().begin(export_place));
  busy(exporting);
  auto head = exporting;
  head.method = "HEAD";
  BOOST_TEST(ask(head).status == 200);
  BOOST_TEST(ask(importing).status == 200);
  second.transfers().end();
  BOOST_TEST(ask(exporting).status == 200);
}

BOOST_FIXTURE_TEST_CASE(long_requests_leave_workers_for_short_ones, Full) {
  std::vector<std::string> keys;
  for (const char* other : {"CSV One", "CSV Two", "CSV Three"}) keys.push_back(write_key(with_account(other)));
  const auto csv = rows(30'000, "");  // no slugs: random ones
  std::string slugless = std::regex_replace(csv, std::regex("ShareASale,[0-9]+,"), "ShareASale,,");
  std::ofstream(folder + "/load.csv") << slugless;
  std::vector<std::future<CommandResult>> imports;
  for (const auto& one : keys)
    imports.push_back(std::async(std::launch::async, [&, one] {
      return support::run_command({"curl", "-sS", "--cacert", stack().ca_file(), "-H", "Authorization: Bearer " + one,
                                   "-H", "Content-Type: text/csv", "--data-binary", "@" + folder + "/load.csv", "-w",
                                   " %{http_code}", stack().base_url() + "/api/v1/links/import"});
    }));
  BOOST_TEST(come_to(2));  // of four workers
  double slowest = 0;
  for (int i = 0; i < 20; ++i) {
    const auto reply = ask(support::get("/api/v1/links?offset=50000&limit=1", key));
    BOOST_TEST(reply.status == 200);
    slowest = std::max(slowest, reply.seconds);
  }
  BOOST_TEST(slowest < 2.0);
  int done = 0, busy = 0;
  for (auto& one : imports) {
    const auto output = one.get().output;
    done += output.ends_with(" 200") ? 1 : 0;
    busy += output.find("\"code\":\"busy\"") != std::string::npos && output.ends_with(" 503") ? 1 : 0;
  }
  BOOST_TEST(done == 2);
  BOOST_TEST(busy == 1);
  stack().sql(
      "DELETE FROM links WHERE account_id IN (SELECT id FROM accounts WHERE name IN ('CSV One', 'CSV Two', 'CSV "
      "Three')); "
      "DELETE FROM accounts WHERE name IN ('CSV One', 'CSV Two', 'CSV Three')");
  say("beside two imports of a pool of four, a deep page took at most " + std::to_string(slowest) + " s");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
