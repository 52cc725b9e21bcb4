// Clients that send and fetch files of links with the program curl, whose exit code says how a transfer ended.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/shared_stack.hpp"
#include "tests/support/command.hpp"

namespace e2e {

// Makes an account that may use the API; returns its name.
const char* with_account(const char* name);

// A client of one account, with a folder that goes with the test.
struct Client {
  explicit Client(std::string account_name);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  std::string account() const { return "(SELECT id FROM accounts WHERE name = '" + name + "')"; }
  int links() const { return std::stoi(stack().sql("SELECT count(*) FROM links WHERE account_id = " + account())); }

  // What the program curl makes of it; the output ends with " STATUS".
  support::CommandResult curl(const std::string& target, std::vector<std::string> more) const;
  support::CommandResult import(const std::string& csv, const std::string& query = "") const;
  support::CommandResult export_to(const std::string& file, std::vector<std::string> more = {}) const;

  std::string name;
  std::string key;
  std::string folder;
};

// An account with nothing in it that goes with the test.
struct Agency : Client {
  Agency() : Client(with_account("CSV Agency")) {}
  ~Agency();
};

// An account whose export takes half a second. It stays, because making it takes longer.
inline constexpr int kManyLinks = 80'000;
const char* full_account();
struct Full : Client {
  Full() : Client(full_account()) {}
};

// Rows with slugs, each of its own.
std::string rows(int count, const std::string& prefix);
std::string slurp(const std::string& path);

int transfers();          // imports and exports under way
bool come_to(int count);  // there are so many, some time soon

// An import's head, for clients that do not bring all that it announces.
std::string upload_head(const std::string& key, std::size_t length);

}  // namespace e2e
