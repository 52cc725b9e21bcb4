#include "app/base/log.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/base/api_key.hpp"
#include "app/base/text.hpp"
#include "app/http/json_library.hpp"
#include "tests/support/boost_test.hpp"

namespace {

// What `write` sends to standard error, read back from a file.
std::string logged(const std::function<void()>& write) {
  char path[] = "/tmp/quietleaks-log-XXXXXX";
  const int file = ::mkstemp(path);
  const int kept = ::dup(STDERR_FILENO);
  ::dup2(file, STDERR_FILENO);
  write();
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  ::close(file);
  std::string text = base::read_file(path, 64 << 20);
  ::unlink(path);
  return text;
}

rapidjson::Document parsed(const std::string& line) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
  BOOST_REQUIRE_MESSAGE(!document.HasParseError() && document.IsObject(), "not a JSON object: " << line);
  return document;
}

// One field's value, written to the log and read back.
std::string round_trip(std::string_view value) {
  const auto document = parsed(logged([&] { base::log::error("test", {{"value", value}}); }));
  return {document["value"].GetString(), document["value"].GetStringLength()};
}

struct Restore {
  Restore() { base::log::start(base::log::Level::info, "unit test"); }
  ~Restore() { base::log::start(base::log::Level::info, "unit test"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(log_suite, Restore)

BOOST_AUTO_TEST_CASE(a_line_is_one_json_object_with_its_members_in_order) {
  const std::string line = logged([] {
    base::log::info("worker_started", {{"text", "a"}, {"number", std::int64_t{-3}}, {"ratio", 0.5}, {"flag", true}});
  });
  BOOST_TEST(
      line.ends_with("\"event\":\"worker_started\",\"text\":\"a\",\"number\":-3,\"ratio\":0.5,\"flag\":true}\n"));
  const auto document = parsed(line);
  std::string names;
  for (const auto& member : document.GetObject()) names += std::string(member.name.GetString()) + ' ';
  BOOST_TEST(names == "time level process pid event text number ratio flag ");
  BOOST_TEST(document["level"].GetString() == std::string("info"));
  BOOST_TEST(document["process"].GetString() == std::string("unit test"));
  BOOST_TEST(document["pid"].GetInt() == ::getpid());
}

BOOST_AUTO_TEST_CASE(the_time_is_utc_with_milliseconds_whatever_the_zone) {
  ::setenv("TZ", "Asia/Tokyo", 1);
  ::tzset();
  const std::string line = logged([] { base::log::info("test"); });
  ::unsetenv("TZ");
  ::tzset();
  const std::string time = parsed(line)["time"].GetString();
  std::tm parts{};
  BOOST_REQUIRE(::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts));
  BOOST_TEST(std::abs(::timegm(&parts) - std::time(nullptr)) <= 2);
  BOOST_TEST(time.size() == std::string("2026-04-27T08:00:00.123Z").size());
  BOOST_TEST(time[19] == '.');
  BOOST_TEST(time.back() == 'Z');
}

BOOST_AUTO_TEST_CASE(levels_below_the_chosen_one_are_silent) {
  const auto all = [] { base::log::debug("a"), base::log::info("b"), base::log::warning("c"), base::log::error("d"); };
  const auto lines = [&](base::log::Level level) {
    base::log::start(level, "unit test");
    const std::string text = logged(all);
    return std::count(text.begin(), text.end(), '\n');
  };
  BOOST_TEST(lines(base::log::Level::debug) == 4);
  BOOST_TEST(lines(base::log::Level::info) == 3);
  BOOST_TEST(lines(base::log::Level::warning) == 2);
  BOOST_TEST(lines(base::log::Level::error) == 1);
}

BOOST_AUTO_TEST_CASE(every_byte_is_escaped_or_replaced_and_comes_back) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string value = std::string("a") + static_cast<char>(byte) + "b";
    BOOST_TEST(round_trip(value) == base::replace_bad_utf8(value));
  }
  BOOST_TEST(round_trip("caf\u00e9 \u20ac \U0001F600 \u0085\u009b31m") ==
             "caf\u00e9 \u20ac \U0001F600 \u0085\u009b31m");
}

BOOST_AUTO_TEST_CASE(no_terminal_control_leaves_unescaped) {
  std::string value;
  for (int byte = 0; byte < 256; ++byte) value += static_cast<char>(byte);
  value += "\u0080\u009b";
  const std::string line = logged([&] { base::log::info("test", {{"value", value}}); });
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const bool c1 = byte == 0xc2 && static_cast<unsigned char>(line[i + 1]) < 0xa0;
    BOOST_TEST((byte >= 0x20 && byte != 0x7f && !c1));
  }
}

BOOST_AUTO_TEST_CASE(keys_are_masked_wherever_they_stand) {
  const std::string key = base::generate_api_key();
  const std::string masked = "ql_\u2026" + base::last_four(key);
  BOOST_TEST(round_trip(key) == masked);
  BOOST_TEST(round_trip("Bearer " + key + ", " + key + "!") == "Bearer " + masked + ", " + masked + '!');
  BOOST_TEST(round_trip("ql_" + key) == "ql_" + masked);
  BOOST_TEST(round_trip("x" + key + "\xff") == "x" + masked + "\ufffd");
  BOOST_TEST(round_trip("ql_" + std::string(200, 'a') + "WXYZ") == "ql_\u2026WXYZ");
  BOOST_TEST(round_trip("ql_" + std::string(35, 'a')) == "ql_" + std::string(35, 'a'));  // too short to be one
  BOOST_TEST(round_trip("ql_ ql_ql_") == "ql_ ql_ql_");
  const std::string line = logged([&] { base::log::info(key, {{key, key}}); });
  BOOST_TEST(line.find(key) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(numbers_that_json_lacks_are_null) {
  const std::string line = logged([] { base::log::info("test", {{"a", 0.0 / 0.0}, {"b", 1e308 * 10}, {"c", 1e-7}}); });
  const auto document = parsed(line);
  BOOST_TEST(document["a"].IsNull());
  BOOST_TEST(document["b"].IsNull());
  BOOST_TEST(document["c"].GetDouble() == 1e-7);
}

BOOST_AUTO_TEST_CASE(a_process_name_may_hold_anything) {
  base::log::start(base::log::Level::info, "api \"worker\" 100%v %");
  const std::string line = logged([] { base::log::info("test"); });
  BOOST_TEST(parsed(line)["process"].GetString() == std::string("api \"worker\" 100%v %"));
}

BOOST_AUTO_TEST_CASE(a_line_never_exceeds_what_a_pipe_keeps_whole) {
  const std::string text(100'000, '\x01');
  const std::string line = logged([&] { base::log::info("test", {{"a", text}, {"b", text}, {"c", text}}); });
  parsed(line);
  BOOST_TEST(line.size() <= 4096U);
  BOOST_TEST(line.size() >= 3500U);
}

BOOST_AUTO_TEST_CASE(lines_of_several_processes_do_not_mix) {
  constexpr int kProcesses = 4, kLines = 1'000;
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  for (int process = 0; process < kProcesses; ++process) {
    if (::fork() != 0) continue;
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    base::log::start(base::log::Level::info, "worker " + std::to_string(process));
    const std::string text(static_cast<std::size_t>(1'000 + process * 700), static_cast<char>('a' + process));
    for (std::int64_t i = 0; i < kLines; ++i) base::log::info("test", {{"i", i}, {"text", text}});
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string all;
  std::vector<char> buffer(65536);
  for (ssize_t got = 0; (got = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
    all.append(buffer.data(), static_cast<std::size_t>(got));
  ::close(ends[0]);
  for (int process = 0; process < kProcesses; ++process) ::wait(nullptr);

  std::istringstream lines(all);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto document = parsed(line);
    const std::string_view text = document["text"].GetString();
    BOOST_REQUIRE(text.find_first_not_of(text[0]) == std::string_view::npos);
  }
  BOOST_TEST(count == kProcesses * kLines);
  BOOST_TEST_MESSAGE(count << " lines of " << kProcesses << " processes through one pipe: every one whole");
}

BOOST_AUTO_TEST_CASE(a_closed_standard_error_is_no_reason_to_stop) {
  const int kept = ::dup(STDERR_FILENO);
  ::close(STDERR_FILENO);
  BOOST_CHECK_NO_THROW(base::log::error("nobody_hears"));
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
}

BOOST_AUTO_TEST_SUITE_END()
