#include "tests/e2e/link_csv_client.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "tests/support/boost_test.hpp"
#include "tests/support/wait_until.hpp"

namespace e2e {

namespace fs = std::filesystem;
using support::CommandResult;

Client::Client(std::string account_name) : name(std::move(account_name)), key(write_key(name)) {
  char path[] = "/tmp/quietleaks-csv-XXXXXX";
  folder = mkdtemp(path);
}

Client::~Client() {
  fs::remove_all(folder);
}

CommandResult Client::curl(const std::string& target, std::vector<std::string> more) const {
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

CommandResult Client::import(const std::string& csv, const std::string& query) const {
  const auto file = folder + "/in-" + std::to_string(std::hash<std::string>()(csv + query)) + ".csv";
  std::ofstream(file) << csv;
  return curl("/api/v1/links/import" + query, {"-H", "Content-Type: text/csv", "--data-binary", "@" + file});
}

CommandResult Client::export_to(const std::string& file, std::vector<std::string> more) const {
  more.insert(more.end(), {"-o", file});
  return curl("/api/v1/links/export", more);
}

const char* with_account(const char* name) {
  stack().cli({"account", "add", name, "--plan", "agency"});
  return name;
}

// The import of a client that has left may still be at its last batch: then one of the two is a deadlock's victim.
Agency::~Agency() {
  const std::string all =
      "DELETE FROM links WHERE account_id = " + account() + "; DELETE FROM accounts WHERE name = '" + name + "'";
  for (int attempt = 1;; ++attempt) try {
      stack().sql(all);
      return;
    } catch (const std::runtime_error& error) {
      const bool deadlock = std::string_view(error.what()).find("deadlock detected") != std::string_view::npos;
      BOOST_REQUIRE_MESSAGE(deadlock && attempt < 5, error.what());
    }
}

const char* full_account() {
  static const char* const name = [] {
    const char* const made = with_account("CSV Full");
    const std::string id = stack().sql("SELECT id FROM accounts WHERE name = 'CSV Full'");
    stack().sql(
        "WITH taken AS (INSERT INTO slugs (slug, account_id, link_id) SELECT 'full' || n, '" + id +
        "', gen_random_uuid() FROM generate_series(1, " + std::to_string(kManyLinks) +
        ") n RETURNING *) INSERT INTO links (account_id, id, label, url, slug) SELECT account_id, link_id, 'x', "
        "'https://a.example/' || slug, slug FROM taken");
    return made;
  }();
  return name;
}

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

int transfers() {
  return std::stoi(
      stack().sql("SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"));
}
bool come_to(int count) {
  return support::wait_until([&] { return transfers() == count; }, 20);
}

std::string upload_head(const std::string& key, std::size_t length) {
  const auto authority = stack().base_url().substr(std::string("https://").size());
  return "POST /api/v1/links/import HTTP/1.1\r\nHost: " + authority + "\r\nAuthorization: Bearer " + key +
         "\r\nContent-Type: text/csv\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n";
}

}  // namespace e2e
