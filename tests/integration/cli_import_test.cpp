// `quietleaks link import`: good and bad rows, many at once, very many, and what is left when it is cut short.
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/integration/operator.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/json_match.hpp"
#include "tests/support/wait_until.hpp"

namespace {

using integration::contains;
using integration::expect_json;
using integration::Operator;
using integration::Outcome;

struct Agency : Operator {
  Agency() {
    json({"account", "add", "Demo Agency", "--plan", "agency"});
    json({"account", "add", "Other Agency", "--plan", "agency"});
  }

  Outcome import(const std::string& csv, const std::string& account = "Demo Agency") const {
    return run({"link", "import", "--account", account, "-", "--json"}, csv);
  }
  std::string links() const { return database.sql("select count(*) from links"); }
};

std::string rows(int count, const std::string& slug_prefix) {
  std::string csv = "label,url,program,slug,tags,created_at\n";
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    csv += "\"Link, number " + number + "\",https://shareasale.com/r/product/" + number + ",ShareASale," +
           (slug_prefix.empty() ? "" : slug_prefix + number) + ",audio;gifts,2026-01-15T10:00:00Z\n";
  }
  return csv;
}

// Until the process has a handler for the signal, and time to come to its first read.
void wait_until_it_heeds(pid_t pid, int signal) {
  const std::string status = "/proc/" + std::to_string(pid) + "/status";
  for (int i = 0; i < 500; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    std::ifstream lines(status);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("SigCgt:") && (std::stoull(line.substr(8), nullptr, 16) >> (signal - 1) & 1) != 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        return;
      }
  }
  BOOST_FAIL("no handler was installed");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_import)

BOOST_FIXTURE_TEST_CASE(a_link_comes_in_as_it_was_written, Agency) {
  const Outcome outcome = import(
      "\xEF\xBB\xBFlabel,url,program,slug,tags,created_at\r\n"
      "\"Best \"\"USB\"\", 2026\",https://shareasale.com/r/product/1234,ShareASale,abc123,audio; "
      "gifts,2026-01-15T10:00:00Z\r\n"
      "Zwei,http://b.example,,,,\r\n");
  BOOST_TEST(outcome.exit_code == 0);
  expect_json(R"({"account":"Demo Agency","imported":2,"skipped":0,"dry_run":false,"errors":[]})", outcome.out);
  BOOST_TEST(
      database.sql("select concat_ws('|', label, url, program, tags::text, extract(epoch from created_at)::bigint, "
                   "status) from links where slug = 'abc123'") ==
      "Best \"USB\", 2026|https://shareasale.com/r/product/1234|ShareASale|{audio,gifts}|1768471200|pending");
  BOOST_TEST(database.sql("select program is null and slug ~ '^[0-9A-Za-z]{7}$' and tags = '{}' from links "
                          "where label = 'Zwei'") == "t");
}

BOOST_FIXTURE_TEST_CASE(a_link_may_bring_its_fallback, Agency) {
  const Outcome outcome = import(
      "label,url,program,slug,fallback_url\n"
      "With,https://a.example,,with,https://agency.example/offers\n"
      "Without,https://a.example,,without,\n"
      "Bad,https://a.example,,bad,agency.example\n");
  BOOST_TEST(outcome.exit_code == 3);
  BOOST_TEST(contains(outcome.out, R"({"line":4,"column":"fallback_url","reason":)"));
  BOOST_TEST(
      database.sql("select string_agg(slug || '=' || coalesce(fallback_url, '-'), ' ' order by slug) from links") ==
      "with=https://agency.example/offers without=-");
}

BOOST_FIXTURE_TEST_CASE(bad_rows_are_reported_and_the_rest_goes_in, Agency) {
  BOOST_TEST(import("label,url,program,slug\nTheirs,https://a.example,,taken\n", "Other Agency").exit_code == 0);
  const std::string csv =
      "label,url,program,slug\n"
      "Good,https://a.example,,one\n"
      "Bell\a,https://a.example,,\n"
      "Bad URL,a.example,,\n"
      "Twice,https://a.example,,one\n"
      "Few,https://a.example\n"
      "Quote \"here\",https://a.example,,\n"
      "Taken,https://a.example,,taken\n"
      "\"Two\nlines\",https://a.example,,two\n"
      "Latin \xE9,https://a.example,,\n";
  const Outcome outcome = import(csv);
  BOOST_TEST(outcome.exit_code == 3);
  expect_json(R"({"account":"Demo Agency","imported":1,"skipped":8,"dry_run":false,"errors":[
      {"line":3,"column":"label","reason":"/.Bell.* holds a control character/"},
      {"line":4,"column":"url","reason":"/.a.example. is not absolute.*/"},
      {"line":5,"column":"slug","reason":"/.one. is that of line 2 already/"},
      {"line":6,"column":null,"reason":"/has 2 fields.*/"},
      {"line":7,"column":"label","reason":"/a quote in the middle.*/"},
      {"line":8,"column":"slug","reason":"/.taken. is taken.*/"},
      {"line":9,"column":"label","reason":"\"Two\nlines\" holds a control character"},
      {"line":11,"column":"label","reason":"/not valid UTF-8.*/"}]})",
              outcome.out);
  const Outcome shown = run({"link", "import", "--account", "Other Agency", write_file("links.csv", csv)});
  BOOST_TEST(shown.exit_code == 3);
  BOOST_TEST(contains(shown.out, "Imported 0 links into Other Agency, skipped 9 rows."));
  BOOST_TEST(contains(shown.err, "line 4, url: \"a.example\" is not absolute"));
}

BOOST_FIXTURE_TEST_CASE(an_import_with_slugs_can_be_repeated, Agency) {
  const std::string csv = rows(2500, "again");
  BOOST_TEST(import(csv).exit_code == 0);
  const Outcome again = import(csv);
  BOOST_TEST(again.exit_code == 3);
  BOOST_TEST(contains(again.out, R"("imported":0,"skipped":2500)"));
  BOOST_TEST(contains(again.out, R"("line":101,)"));
  BOOST_TEST(!contains(again.out, R"("line":102,)"));  // a hundred are told, all are counted
  BOOST_TEST(links() == "2500");
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_read_is_exit_1, Agency) {
  const auto code = [](const Outcome& outcome) {
    BOOST_TEST(outcome.exit_code == 1);
    return integration::json_text(outcome.err, "code");
  };
  BOOST_TEST(code(import("")) == "bad_header");
  BOOST_TEST(code(import("label,program\nA,CJ\n")) == "bad_header");
  BOOST_TEST(code(import("label|url|program\n")) == "bad_header");
  BOOST_TEST(code(import("label,url,program\n", "Nobody")) == "account_not_found");
  BOOST_TEST(code(run({"link", "import", "--account", "Demo Agency", "/nowhere.csv", "--json"})) == "file_unreadable");
  BOOST_TEST(code(run({"link", "import", "--account", "Demo Agency", "/tmp", "--json"})) == "file_unreadable");
  BOOST_TEST(links() == "0");
}

BOOST_FIXTURE_TEST_CASE(parallel_imports_share_out_the_slugs, Agency) {
  constexpr int kImports = 4;
  constexpr int kRows = 3000;
  std::vector<integration::RunningCommand> imports;
  const std::string csv = rows(kRows, "shared");
  for (int i = 0; i < kImports; ++i)
    imports.push_back(
        start({"link", "import", "--account", i % 2 == 0 ? "Demo Agency" : "Other Agency", "-", "--json"}, csv));
  for (auto& running : imports) {
    const Outcome outcome = running.wait();
    BOOST_TEST((outcome.exit_code == 0 || outcome.exit_code == 3), outcome.err);
  }
  BOOST_TEST(links() == std::to_string(kRows));
  BOOST_TEST(database.sql("select sum(links_total) from account_counters") == std::to_string(kRows));
  BOOST_TEST_MESSAGE(kImports << " imports of the same " << kRows << " slugs at once: each slug went to one of them");
}

BOOST_FIXTURE_TEST_CASE(an_interrupt_leaves_whole_batches_and_says_where_it_stopped, Agency) {
  const std::string file = write_file("many.csv", rows(200'000, ""));
  auto running = start({"link", "import", "--account", "Demo Agency", file, "--json"});
  BOOST_TEST(support::wait_until([&] { return links() != "0"; }, 20));
  kill(running.pid(), SIGINT);
  const Outcome outcome = running.wait();
  BOOST_TEST(outcome.exit_code == 1);
  BOOST_TEST(integration::json_text(outcome.err, "code") == "interrupted");
  const int in = std::stoi(links());
  BOOST_TEST(in > 0);
  BOOST_TEST(in % 1000 == 0);
  BOOST_TEST(contains(outcome.err, "behind line " + std::to_string(in + 1) + " "), outcome.err);
}

BOOST_FIXTURE_TEST_CASE(a_signal_ends_an_import_that_has_not_come_to_a_row, Agency) {
  const std::string silent = folder() + "/silent";
  BOOST_REQUIRE(mkfifo(silent.c_str(), 0600) == 0);
  const int writer = open(silent.c_str(), O_RDWR | O_CLOEXEC);  // it never writes
  for (const std::string& endless : {silent, std::string("/dev/zero")})
    for (const int signal : {SIGINT, SIGTERM}) {
      auto running = start({"link", "import", "--account", "Demo Agency", endless, "--json"});
      wait_until_it_heeds(running.pid(), signal);
      kill(running.pid(), signal);
      const Outcome outcome = running.wait();
      BOOST_TEST(outcome.exit_code == 1);
      BOOST_TEST(integration::json_text(outcome.err, "code") == "interrupted", outcome.err);
    }
  close(writer);
}

BOOST_FIXTURE_TEST_CASE(fifty_thousand_rows_in_flat_memory, Agency) {
  const std::string small = write_file("small.csv", rows(1000, "small"));
  const std::string large = write_file("large.csv", rows(50'000, "large"));
  const Outcome first = run({"link", "import", "--account", "Demo Agency", small});
  const auto start = std::chrono::steady_clock::now();
  const Outcome second = run({"link", "import", "--account", "Demo Agency", large});
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  BOOST_TEST(second.exit_code == 0);
  BOOST_TEST(links() == "51000");
  BOOST_TEST_MESSAGE("50,000 rows in " << seconds << " s (" << static_cast<int>(50'000 / seconds)
                                       << " rows/s); peak memory " << second.peak_kib << " KiB, for 1,000 rows "
                                       << first.peak_kib << " KiB");
  BOOST_TEST(second.peak_kib < first.peak_kib + 4096);
}

BOOST_AUTO_TEST_SUITE_END()
