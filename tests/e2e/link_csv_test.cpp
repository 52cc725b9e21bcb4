// Files of links through nginx and back: big ones in bounded memory, clients that hang up, workers that are killed in
// the middle, and how many may be under way.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <optional>
#include <regex>
#include <sstream>
#include <thread>

#include <unistd.h>

#include "tests/e2e/shared_stack.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/command.hpp"
#include "tests/support/json_match.hpp"
#include "tests/support/raw_connection.hpp"
#include "tests/support/wait_until.hpp"

namespace e2e {
namespace {

namespace fs = std::filesystem;
using support::CommandResult;

constexpr const char* kAccount = "CSV Agency";
constexpr int kRows = 200'000;
constexpr long kMostKib = 20 * 1024;  // of a worker, whatever it has served

// Rows with slugs, each of its own.
std::string rows(int count, const std::string& prefix) {
  std::string csv = "label,url,program,slug,tags\n";
  for (int i = 0; i < count; ++i) {
    const auto number = std::to_string(i);
    csv.append("\"Link, number ").append(number).append("\",https://shareasale.com/r/product/").append(number);
    csv.append(",ShareASale,").append(prefix).append(number).append(",audio;gifts\n");
  }
  return csv;
}

std::string slurp(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// An account with nothing in it, and a folder; both go with the test.
struct Agency {
  Agency() : key((stack().cli({"account", "add", kAccount, "--plan", "agency"}), write_key(kAccount))) {
    char name[] = "/tmp/quietleaks-csv-XXXXXX";
    folder = mkdtemp(name);
  }
  ~Agency() {
    fs::remove_all(folder);
    stack().sql("DELETE FROM links WHERE account_id = " + account() + "; DELETE FROM accounts WHERE name = '" +
                std::string(kAccount) + "'");
  }
  Agency(const Agency&) = delete;
  Agency& operator=(const Agency&) = delete;

  std::string account() const { return "(SELECT id FROM accounts WHERE name = '" + std::string(kAccount) + "')"; }
  int links() const { return std::stoi(stack().sql("SELECT count(*) FROM links WHERE account_id = " + account())); }

  // What the program curl makes of it; the output ends with " STATUS".
  CommandResult curl(const std::string& target, std::vector<std::string> more) const {
    std::vector<std::string> command = {"curl",
                                        "-sS",
                                        "--max-time",
                                        "200",
                                        "--cacert",
                                        stack().ca_file(),
                                        "-H",
                                        "Authorization: Bearer " + key,
                                        "-w",
                                        " %{http_code}",
                                        stack().base_url() + target};
    command.insert(command.end(), more.begin(), more.end());
    return support::run_command(command);
  }
  CommandResult import(const std::string& csv, const std::string& query = "") const {
    const auto file = folder + "/in-" + std::to_string(std::hash<std::string>()(csv + query)) + ".csv";
    std::ofstream(file) << csv;
    return curl("/api/v1/links/import" + query, {"-H", "Content-Type: text/csv", "--data-binary", "@" + file});
  }
  CommandResult export_to(const std::string& file, std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"-o", file});
    return curl("/api/v1/links/export", more);
  }

  // Links without the way through the API.
  void fill(int count) const {
    stack().sql(
        "WITH taken AS (INSERT INTO slugs (slug, account_id, link_id) SELECT 'fill' || n, " + account() +
        ", gen_random_uuid() FROM generate_series(1, " + std::to_string(count) +
        ") n RETURNING *) INSERT INTO links (account_id, id, label, url, slug) SELECT account_id, link_id, 'x', "
        "'https://a.example/' || slug, slug FROM taken");
  }

  std::string key;
  std::string folder;
};

int transfers() {
  return std::stoi(
      stack().sql("SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"));
}
bool come_to(int count) {
  return support::wait_until([&] { return transfers() == count; }, 20);
}

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

void kill_bulk_workers() {
  for (const auto pid : stack().worker_pids("bulk")) kill(pid, SIGKILL);
}

std::string upload_head(const std::string& key, std::size_t length) {
  const auto authority = stack().base_url().substr(std::string("https://").size());
  return "POST /api/v1/links/import HTTP/1.1\r\nHost: " + authority + "\r\nAuthorization: Bearer " + key +
         "\r\nContent-Type: text/csv\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
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

BOOST_FIXTURE_TEST_CASE(a_client_that_hangs_up_while_it_sends_imports_nothing, Agency) {
  const auto csv = rows(20'000, "cut");
  {
    support::RawConnection connection(stack().base_url(), stack().ca_file());
    BOOST_TEST(connection.send(upload_head(key, csv.size()) + csv.substr(0, csv.size() / 2)));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  BOOST_TEST(links() == 0);
  BOOST_TEST(transfers() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_client_that_leaves_during_the_import_stops_it_between_batches, Agency) {
  const auto csv = rows(100'000, "left");
  {
    support::RawConnection connection(stack().base_url(), stack().ca_file());
    BOOST_TEST(connection.send(upload_head(key, csv.size()) + csv));
    BOOST_TEST(support::wait_until([&] { return links() > 0; }, 20));
  }
  BOOST_TEST(come_to(0));  // and another may begin
  const int in = links();
  BOOST_TEST(in % 1000 == 0);
  BOOST_TEST(in < 100'000);
  BOOST_TEST(import("label,url,program\nNext,https://a.example,\n").output.ends_with(" 200"));
  BOOST_TEST(links() == in + 1);
  say("a client left during an import: " + std::to_string(in) + " of 100000 rows were in, whole batches");
}

BOOST_FIXTURE_TEST_CASE(a_client_that_leaves_an_export_frees_its_place, Agency) {
  fill(kRows);
  {
    support::RawConnection connection(stack().base_url(), stack().ca_file());
    const auto authority = stack().base_url().substr(std::string("https://").size());
    BOOST_TEST(connection.send("GET /api/v1/links/export HTTP/1.1\r\nHost: " + authority +
                               "\r\nAuthorization: Bearer " + key + "\r\n\r\n"));
    BOOST_TEST(come_to(1));
  }
  const auto left = std::chrono::steady_clock::now();
  BOOST_TEST(come_to(0));
  BOOST_TEST(std::chrono::duration<double>(std::chrono::steady_clock::now() - left).count() < 2.0);
}

BOOST_FIXTURE_TEST_CASE(a_worker_killed_in_mid_export_leaves_no_file_that_looks_whole, Agency) {
  fill(kRows);
  for (const std::string version : {"--http1.1", "--http2"}) {
    const auto file = folder + "/part" + version + ".csv";
    auto exporting = std::async(std::launch::async, [&] { return export_to(file, {version}); });
    BOOST_TEST(support::wait_until([&] { return fs::exists(file) && fs::file_size(file) > 0; }, 20));
    kill_bulk_workers();
    const auto outcome = exporting.get();
    BOOST_TEST(outcome.exit_code == (version == "--http2" ? 92 : 18), version << ": " << outcome.output);
    const auto got = slurp(file);
    BOOST_TEST(std::count(got.begin(), got.end(), '\n') < kRows);
  }
  BOOST_TEST(come_to(0));  // the places went with the workers
  BOOST_TEST(export_to(folder + "/whole.csv").exit_code == 0);
  say("a worker killed during an export: curl ends with 18 (HTTP/1.1) and 92 (HTTP/2)");
}

BOOST_FIXTURE_TEST_CASE(a_worker_killed_in_mid_import_leaves_whole_batches, Agency) {
  const auto csv = rows(100'000, "kill");
  auto importing = std::async(std::launch::async, [&] { return import(csv); });
  BOOST_TEST(support::wait_until([&] { return links() > 0; }, 20));
  kill_bulk_workers();
  const auto outcome = importing.get();
  BOOST_TEST(outcome.output.find("\"code\":\"upstream_unavailable\"") != std::string::npos, outcome.output);
  BOOST_TEST(outcome.output.ends_with(" 503"));
  BOOST_TEST(come_to(0));
  BOOST_TEST(links() % 1000 == 0);
  BOOST_TEST(import("label,url,program\nNext,https://a.example,\n").output.ends_with(" 200"));
}

// Holds a table so long that whoever waits for it gives up.
std::future<void> lock_table(const std::string& table) {
  return std::async(std::launch::async,
                    [table] { stack().sql("BEGIN; LOCK TABLE " + table + "; SELECT pg_sleep(3); COMMIT"); });
}

BOOST_FIXTURE_TEST_CASE(a_database_that_fails_in_the_middle_cuts_an_export_off, Agency) {
  fill(kRows);
  const auto file = folder + "/part.csv";
  auto exporting = std::async(std::launch::async, [&] { return export_to(file, {"--http1.1"}); });
  BOOST_TEST(support::wait_until([&] { return fs::exists(file) && fs::file_size(file) > 0; }, 20));
  lock_table("links").get();
  const auto outcome = exporting.get();
  BOOST_TEST(outcome.exit_code == 18, outcome.output);
  BOOST_TEST(stack().logs().find("\"code\":\"database_timeout\"") != std::string::npos);
  BOOST_TEST(come_to(0));
}

BOOST_FIXTURE_TEST_CASE(a_database_that_fails_in_the_middle_stops_an_import_and_says_where, Agency) {
  const auto csv = rows(50'000, "stop");
  auto importing = std::async(std::launch::async, [&] { return import(csv); });
  BOOST_TEST(support::wait_until([&] { return links() > 0; }, 20));
  lock_table("slugs").get();
  const auto outcome = importing.get();
  const auto in = std::to_string(links());
  BOOST_TEST(outcome.output.ends_with(" 504"), outcome.output);
  BOOST_TEST(outcome.output.find("The import stopped behind line " + std::to_string(links() + 1) + ": " + in +
                                 " links imported, 0 rows skipped.") != std::string::npos,
             outcome.output);
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

BOOST_FIXTURE_TEST_CASE(long_requests_leave_workers_for_short_ones, Agency) {
  fill(kRows);
  std::vector<std::string> keys;
  for (const char* name : {"CSV One", "CSV Two", "CSV Three"}) {
    stack().cli({"account", "add", name, "--plan", "agency"});
    keys.push_back(write_key(name));
  }
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
    const auto reply = ask(support::get("/api/v1/links?offset=100000&limit=1", key));
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
      "DELETE FROM links WHERE account_id IN (SELECT id FROM accounts WHERE name LIKE 'CSV %'); "
      "DELETE FROM accounts WHERE name IN ('CSV One', 'CSV Two', 'CSV Three')");
  say("beside two imports of a pool of four, a deep page took at most " + std::to_string(slowest) + " s");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
