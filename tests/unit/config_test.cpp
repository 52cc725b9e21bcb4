#include "app/base/config.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

#include "app/base/config_settings.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using base::Config;

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    ::close(::mkstemp(path_));
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { ::unlink(path_); }
  std::string path() const { return path_; }

 private:
  char path_[32] = "/tmp/quietleaks-config-XXXXXX";
};

const std::string kMinimal = "public_url = \"https://x\"\ndatabase.url = \"host=db\"\n";

Config loaded(const std::string& text, const base::Environment& environment = {}) {
  return base::load_config(TemporaryFile(text).path(), environment);
}

// The complaint, with the file's name written FILE.
std::string complaint(const std::string& text, const base::Environment& environment = {}) {
  const TemporaryFile file(text);
  try {
    base::load_config(file.path(), environment);
  } catch (const base::ConfigError& error) {
    std::string what = error.what();
    for (auto at = what.find(file.path()); at != std::string::npos; at = what.find(file.path()))
      what.replace(at, file.path().size(), "FILE");
    return what;
  }
  return "accepted";
}

void check_complaint(const std::string& text, const std::string& wanted) {
  const std::string what = complaint(kMinimal + text);
  BOOST_TEST(what == wanted, "for: " << text << "\n  got:  " << what << "\n  want: " << wanted);
}

// Every setting's value as text, to compare two Configs.
struct Shown {
  Config& config;
  std::string operator()(std::string& (*field)(Config&)) const { return field(config); }
  std::string operator()(base::log::Level& (*field)(Config&)) const {
    return std::to_string(static_cast<int>(field(config)));
  }
  template <typename Number>
  std::string operator()(Number& (*field)(Config&)) const {
    return std::to_string(field(config));
  }
};

std::string shown(Config config, const base::Setting& setting) {
  return std::visit(Shown{config}, setting.field);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_suite)

BOOST_AUTO_TEST_CASE(the_printed_file_loads_and_holds_every_default) {
  const std::string text = base::default_config_text();
  const Config config = loaded(text);
  for (const base::Setting& setting : base::settings()) {
    const std::string wanted = setting.required() ? setting.example : shown(Config{}, setting);
    BOOST_TEST(shown(config, setting) == wanted, setting.name());
    BOOST_TEST(text.find('\n' + setting.key + " = ") != std::string::npos, setting.name());
    BOOST_TEST(!setting.help.empty(), setting.name());
  }
  BOOST_TEST_MESSAGE(base::settings().size() << " settings, each in the printed file at its default");
}

BOOST_AUTO_TEST_CASE(two_settings_are_enough) {
  const Config config = loaded(kMinimal);
  BOOST_TEST(config.public_url == "https://x");
  BOOST_TEST(config.database.url == "host=db");
  BOOST_TEST(config.pools.api.keep_connections);
  BOOST_TEST(!config.pools.bulk.keep_connections);
  BOOST_TEST(config.pools.api.backlog == 1024);
}

BOOST_AUTO_TEST_CASE(every_integer_takes_its_bounds_and_nothing_beyond) {
  for (const base::Setting& setting : base::settings()) {
    if (setting.maximum == 0) continue;
    const auto what = [&](std::int64_t value) {
      return complaint(kMinimal + setting.name() + " = " + std::to_string(value));
    };
    const std::string expected = "FILE:3: " + setting.name() + ": found ";
    BOOST_TEST(what(setting.minimum - 1).starts_with(expected), setting.name());
    BOOST_TEST(what(setting.maximum + 1).starts_with(expected), setting.name());
    for (const std::int64_t bound : {setting.minimum, setting.maximum})
      BOOST_TEST(what(bound).find(", expected an integer from") == std::string::npos, setting.name() << " = " << bound);
  }
}

BOOST_AUTO_TEST_CASE(every_setting_has_its_environment_variable) {
  for (const base::Setting& setting : base::settings()) {
    const std::string variable = setting.environment_variable();
    if (setting.maximum == 0) continue;
    const auto value = shown(Config{}, setting);
    BOOST_TEST(shown(loaded(kMinimal + setting.name() + " = " + std::to_string(setting.minimum), {{variable, value}}),
                     setting) == value,
               variable);
    BOOST_TEST(complaint(kMinimal, {{variable, "many"}}) ==
                   variable + ": found \"many\", expected " + base::expected_value(setting),
               variable);
  }
}

BOOST_AUTO_TEST_CASE(the_environment_overrides_the_file) {
  const Config config = loaded(kMinimal, {{"QL_PUBLIC_URL", "https://y"},
                                          {"QL_DATABASE_URL", "host=other"},
                                          {"QL_POOLS_BULK_KEEP_CONNECTIONS", "true"},
                                          {"QL_LOG_LEVEL", "debug"},
                                          {"QL_SERVER_USER", ""},
                                          {"QL_CONFIG", "not a setting"},
                                          {"HOME", "/"}});
  BOOST_TEST(config.public_url == "https://y");
  BOOST_TEST(config.database.url == "host=other");
  BOOST_TEST(config.pools.bulk.keep_connections);
  BOOST_TEST((config.log.level == base::log::Level::debug));
}

BOOST_AUTO_TEST_CASE(the_environment_alone_is_enough) {
  const Config config = base::load_config("", {{"QL_PUBLIC_URL", "https://y"}, {"QL_DATABASE_URL", "host=db"}});
  BOOST_TEST(config.public_url == "https://y");
  BOOST_TEST(base::load_config("", {{"QL_DATABASE_URL", "host=db"}}).public_url == "");
  BOOST_CHECK_EXCEPTION(base::load_config("", {}), base::ConfigError, [](const auto& error) {
    return std::string(error.what()).starts_with("database.url: missing, expected a libpq URI");
  });
}

BOOST_AUTO_TEST_CASE(a_wrong_value_says_what_was_found_and_what_was_expected) {
  check_complaint("pools.api.workers = \"4\"",
                  "FILE:3: pools.api.workers: found \"4\", expected an integer from 1 to 1024");
  check_complaint("\n\n[pools.api]\nworkers = 0",
                  "FILE:6: pools.api.workers: found 0, expected an integer from 1 to 1024");
  check_complaint("[pools.api]\nbacklog = 1023",
                  "FILE:4: pools.api.backlog: found 1023, expected an integer from 1024 to 65535");
  check_complaint("keys.cache_entries = 1.5",
                  "FILE:3: keys.cache_entries: found a number with a fraction, expected an integer from 1 to 10000000");
  check_complaint("log.requests = 1", "FILE:3: log.requests: found 1, expected true or false");
  check_complaint("log.requests = []", "FILE:3: log.requests: found a list, expected true or false");
  check_complaint("log.requests = 2026-01-01", "FILE:3: log.requests: found a date or time, expected true or false");
  check_complaint("log.level = \"warn\"",
                  "FILE:3: log.level: found \"warn\", expected one of \"debug\", \"info\", \"warning\", \"error\"");
  check_complaint("server.user = true", "FILE:3: server.user: found true, expected text");
  check_complaint("[server.user]\nname = 1", "FILE:3: server.user: found a table, expected text");
  check_complaint("pools = 4", "FILE:3: pools: found 4, expected a table: [pools]");
}

BOOST_AUTO_TEST_CASE(unknown_names_are_refused_with_the_nearest_known_one) {
  check_complaint("pools.api.worker = 4", "FILE:3: pools.api.worker: unknown setting; did you mean pools.api.workers?");
  check_complaint("[pool.api]\nworkers = 4", "FILE:3: pool: unknown table; did you mean pools?");
  check_complaint("slots = 4", "FILE:3: slots: unknown setting; did you mean rate_limit.slots?");
  check_complaint("log.levle = \"info\"", "FILE:3: log.levle: unknown setting; did you mean log.level?");
  check_complaint("zebra = 1", "FILE:3: zebra: unknown setting");
  check_complaint("public_url_file = \"/x\"", "FILE:3: public_url_file: unknown setting");
  BOOST_TEST(complaint(kMinimal, {{"QL_POOLS_API_WORKER", "4"}}) ==
             "QL_POOLS_API_WORKER: unknown setting; did you mean QL_POOLS_API_WORKERS?");
}

BOOST_AUTO_TEST_CASE(everything_that_is_wrong_is_told_at_once) {
  const std::string what = complaint("nonsense = 1\n[log]\nlevel = 7\n", {{"QL_KEYS_CACHE_ENTRIES", "-"}});
  BOOST_TEST(std::count(what.begin(), what.end(), '\n') == 4);
  for (const char* part : {"FILE:1: nonsense", "FILE:3: log.level", "QL_KEYS_CACHE_ENTRIES",
                           "FILE: public_url: missing", "FILE: database.url: missing"})
    BOOST_TEST(what.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(the_public_address_is_an_https_origin) {
  for (const char* good : {"https://x", "https://links.example.com", "https://localhost:8443", "https://192.0.2.1",
                           "https://[::1]", "https://[2001:db8::1]:8443", "https://x:65535"})
    BOOST_TEST(loaded("public_url = \"" + std::string(good) + "\"\ndatabase.url = \"host=db\"").public_url == good);
  for (const char* bad : {"",
                          "x",
                          "http://x",
                          "https://",
                          "https://x/",
                          "https://x/app",
                          "https://x?",
                          "https://x#",
                          "https://u@x",
                          "https://x:",
                          "https://x:0",
                          "https://x:65536",
                          "https://x:+1",
                          "https://x:-1",
                          "https://x:8443x",
                          "HTTPS://x",
                          "https://x ",
                          "https://[]",
                          "https://[::1",
                          "https://[x]",
                          "https://[::1]:",
                          "https://:443",
                          "https://x\\r",
                          "https://\\u00e4"})
    BOOST_TEST(complaint("public_url = \"" + std::string(bad) + "\"\ndatabase.url = \"host=db\"")
                   .starts_with("FILE:1: public_url: found "),
               bad);
}

BOOST_AUTO_TEST_CASE(the_run_folder_has_room_for_sockets) {
  BOOST_TEST(loaded(kMinimal + "server.run_dir = \"/" + std::string(89, 'a') + "\"").server.run_dir.size() == 90U);
  BOOST_TEST(complaint(kMinimal + "server.run_dir = \"/" + std::string(90, 'a') + "\"").find("at most 90 bytes") !=
             std::string::npos);
  BOOST_TEST(complaint(kMinimal + "server.run_dir = \"run\"").find("an absolute path") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(timeouts_must_fit_together) {
  check_complaint(
      "database.lock_timeout_ms = 6000",
      "FILE:3: database.lock_timeout_ms: found 6000, expected at most database.statement_timeout_ms (5000)");
  const std::string what = complaint(kMinimal + "database.statement_timeout_ms = 20000");
  BOOST_TEST(
      what.starts_with("FILE: pools.api.stuck_after_s (its default): found 20, expected more than the 23000 ms"));
  BOOST_TEST(what.find("\nFILE: pools.bulk.stuck_after_s") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_secret_may_come_from_a_file) {
  const TemporaryFile secret("host=db password=hunter2\n");
  const std::string head = "public_url = \"https://x\"\n";
  BOOST_TEST(loaded(head + "database.url_file = \"" + secret.path() + "\"").database.url == "host=db password=hunter2");
  BOOST_TEST(loaded(kMinimal, {{"QL_DATABASE_URL_FILE", secret.path()}}).database.url == "host=db password=hunter2");
  BOOST_TEST(complaint(kMinimal + "database.url_file = \"" + secret.path() + "\"") ==
             "FILE:3: database.url_file: database.url and database.url_file are both given; keep one");
  BOOST_TEST(complaint(head + "database.url_file = \"/nowhere/at/all\"") ==
             "FILE:2: database.url_file: /nowhere/at/all: cannot be read: No such file or directory");
  BOOST_TEST(complaint(head + "database.url_file = 3") ==
             "FILE:2: database.url_file: found 3, expected the path of a file");
}

BOOST_AUTO_TEST_CASE(no_complaint_repeats_a_secret) {
  const TemporaryFile secret("hunter2");
  const std::string head = "public_url = \"https://x\"\n";
  for (const std::string& text : std::initializer_list<std::string>{
           "database.url = \"hunter2\"", "database.url = [\"hunter2\"]", "database.url = hunter2",
           "database.url = \"hunter2", "database.url = 'host=x' hunter2", "database.url = {a='hunter2'}",
           "database.url_file = \"" + secret.path() + "\"", "database.url = \"\\uhunter2\""}) {
    const std::string what = complaint(head + text);
    BOOST_TEST(what != "accepted");
    BOOST_TEST(what.find("unter2") == std::string::npos, what);
  }
  BOOST_TEST(complaint(head, {{"QL_DATABASE_URL", "hunter2"}}).find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(broken_toml_is_refused_with_its_line) {
  BOOST_TEST(complaint("a = 1\nb = x y\n") ==
             "FILE:2: Error while parsing value: could not determine value type (text needs quotes)");
  BOOST_TEST(complaint("[log]\n[log]\n").starts_with("FILE:2: "));
  BOOST_TEST(complaint("a = \"\xff\"").starts_with("FILE:1: "));
  BOOST_TEST(complaint("a = 'x").starts_with("FILE:1: "));
  BOOST_TEST(complaint("[[[log]]]") == "FILE: not valid TOML; is there a table header with too many brackets?");
  BOOST_TEST(complaint(std::string(100'000, '[')) != "accepted");
  BOOST_TEST(complaint("a = " + std::string(100'000, '[')).starts_with("FILE:1: "));
  BOOST_TEST(complaint(std::string((1 << 20) + 1, '\n')).starts_with("FILE: is larger than 1048576 bytes"));
}

BOOST_AUTO_TEST_CASE(characters_beyond_ascii_belong_in_quotes_and_comments) {
  const std::string folder = "server.run_dir = \"/\u00fc\\\"b\" # \u00fc \"\n";
  BOOST_TEST(loaded("\ufeff" + kMinimal + "# \u00fc\n" + folder).server.run_dir == "/\u00fc\"b");
  BOOST_TEST(loaded(kMinimal + "server.run_dir = '/\u00fc\\' # '\n").server.run_dir == "/\u00fc\\");
  BOOST_TEST(complaint("a = 1\nb = \u00fc") == "FILE:2: a character beyond ASCII (text needs quotes)");
  BOOST_TEST(complaint("a = 'x' \u00a0") == "FILE:1: a character beyond ASCII (text needs quotes)");
  BOOST_TEST(complaint("a = \"\"\"\nx\"\"\"\n") == "FILE:1: text of several lines; write it in one");
}

BOOST_AUTO_TEST_CASE(a_missing_file_says_where_to_get_one) {
  BOOST_CHECK_EXCEPTION(base::load_config("/nowhere/quietleaks.toml", {}), base::ConfigError, [](const auto& error) {
    return std::string(error.what()) ==
           "/nowhere/quietleaks.toml: cannot be read: No such file or directory (--print-config prints a file to start "
           "from)";
  });
}

BOOST_AUTO_TEST_CASE(the_process_environment_is_read_whole) {
  ::setenv("QL_UNIT_TEST", "a=b", 1);
  BOOST_TEST(base::environment().at("QL_UNIT_TEST") == "a=b");
  ::unsetenv("QL_UNIT_TEST");
}

BOOST_AUTO_TEST_SUITE_END()
