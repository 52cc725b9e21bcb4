// `quietleaks link export`: there and back, and a file that is whole or is not there; `link import --dry-run`.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/integration/operator.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/json_match.hpp"
#include "tests/support/wait_until.hpp"

namespace {

namespace fs = std::filesystem;
using integration::contains;
using integration::expect_json;
using integration::Outcome;

constexpr const char* kHeadings =
    "label,url,program,slug,tags,created_at,fallback_url,id,proxy_url,status,failure_mode,last_checked_at,clicks_"
    "30d\r\n";

std::string slurp(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

struct Agency : integration::Operator {
  Agency() { json({"account", "add", "Demo Agency", "--plan", "agency"}); }

  void fill(int links) const {
    std::string csv = "label,url,program,slug\n";
    for (int i = 0; i < links; ++i) csv += "'=Link,https://a.example,,s" + std::to_string(i) + "\n";
    BOOST_TEST(run({"link", "import", "--account", "Demo Agency", "-"}, csv).exit_code == 0);
  }
  Outcome export_to(const std::string& file) const {
    return run({"link", "export", "--account", "Demo Agency", file, "--json"});
  }
  std::size_t files_in(const std::string& path) const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_export)

BOOST_FIXTURE_TEST_CASE(what_goes_out_comes_in_again, Agency) {
  fill(1234);
  const std::string file = folder() + "/links.csv";
  expect_json(R"({"account":"Demo Agency","exported":1234,"file":"/.*links.csv/"})", export_to(file).out);
  const auto text = slurp(file);
  BOOST_TEST(text.starts_with(kHeadings));
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1235);
  BOOST_TEST(contains(text, "\r\n'=Link,https://a.example,,s7,,20"));
  const Outcome printed = run({"link", "export", "--account", "Demo Agency"});
  BOOST_TEST((printed.out == text));
  BOOST_TEST(contains(printed.err, "Exported 1234 links of Demo Agency."));
  database.sql("delete from links");
  const Outcome trial = run({"link", "import", "--account", "Demo Agency", file, "--dry-run"});
  BOOST_TEST(trial.exit_code == 0);
  BOOST_TEST(contains(trial.out, "Would import 1234 links into Demo Agency. Nothing was changed."));
  BOOST_TEST(database.sql("select count(*) from links") == "0");
  BOOST_TEST(run({"link", "import", "--account", "Demo Agency", file}).exit_code == 0);
  BOOST_TEST(database.sql("select count(*) from links where label = '=Link'") == "1234");
  const Outcome again = run({"link", "import", "--account", "Demo Agency", file, "--dry-run", "--json"});
  BOOST_TEST(again.exit_code == 3);
  BOOST_TEST(contains(again.out, R"("imported":0,"skipped":1234,"dry_run":true,)"));
}

BOOST_FIXTURE_TEST_CASE(an_account_without_links_is_a_line_of_headings, Agency) {
  BOOST_TEST(run({"link", "export", "--account", "Demo Agency"}).out == kHeadings);
}

BOOST_FIXTURE_TEST_CASE(a_file_is_replaced_whole_and_a_link_to_it_stays, Agency) {
  fill(3);
  const std::string place = folder() + "/exports", file = place + "/links.csv";
  fs::create_directory(place);
  std::ofstream(file) << "old";
  fs::create_symlink(file, place + "/latest.csv");
  BOOST_TEST(export_to(place + "/latest.csv").exit_code == 0);
  BOOST_TEST(fs::is_symlink(place + "/latest.csv"));
  BOOST_TEST(slurp(file).starts_with(kHeadings));
  BOOST_TEST(files_in(place) == 2U);
  BOOST_TEST(export_to("/dev/null").exit_code == 0);
  BOOST_TEST(fs::is_character_file("/dev/null"));
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_exported_leaves_nothing_behind, Agency) {
  fill(3);
  const auto code = [](const Outcome& outcome) { return integration::json_text(outcome.err, "code"); };
  BOOST_TEST(code(export_to("/nowhere/links.csv")) == "file_unwritable");
  BOOST_TEST(code(export_to("/dev/full")) == "file_unwritable");
  BOOST_TEST(export_to("/dev/full").exit_code == 1);
  BOOST_TEST(code(export_to(folder())) == "file_unwritable");
  const Outcome both = export_to("-");
  BOOST_TEST(both.exit_code == 2);
  BOOST_TEST(code(both) == "usage");
  const std::string file = folder() + "/none.csv";
  BOOST_TEST(code(run({"link", "export", "--account", "Nobody", file, "--json"})) == "account_not_found");
  BOOST_TEST(!fs::exists(file));
}

BOOST_FIXTURE_TEST_CASE(an_interrupt_leaves_the_old_file_and_no_part, Agency) {
  fill(100);
  database.sql(
      "with taken as (insert into slugs (slug, account_id, link_id) select 'x' || n, (select id from accounts), "
      "gen_random_uuid() from generate_series(1, 60000) n returning *) insert into links (account_id, id, label, url, "
      "slug) select account_id, link_id, 'x', 'https://a.example', slug from taken");
  const std::string place = folder() + "/exports", file = place + "/links.csv";
  fs::create_directory(place);
  std::ofstream(file) << "old";
  auto running = start({"link", "export", "--account", "Demo Agency", file, "--json"});
  BOOST_TEST(support::wait_until([&] { return files_in(place) == 2U; }, 20));  // the part is there
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  kill(running.pid(), SIGINT);
  const Outcome outcome = running.wait();
  BOOST_TEST(outcome.exit_code == 1);
  BOOST_TEST(integration::json_text(outcome.err, "code") == "interrupted", outcome.err);
  BOOST_TEST(slurp(file) == "old");
  BOOST_TEST(files_in(place) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
