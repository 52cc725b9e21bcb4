// A browser at the dashboard: it comes from our own pages and keeps the session's cookie. Each reply must keep the
// invariants.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/shared_stack.hpp"

namespace e2e {

class Browser {
 public:
  explicit Browser(const std::string& local_address = "127.0.0.1", const support::Stack& at = stack())
      : client_(at.base_url(), at.ca_file(), local_address) {}

  // `path` below /api; `json` empty: no body.
  support::Reply send(const std::string& method, const std::string& path, const std::string& json = {});
  support::Reply get(const std::string& path) { return send("GET", path); }
  support::Reply sign_in(const std::string& email, const std::string& password);

  const std::string& cookie() const { return cookie_; }  // its value; empty: there is none
  void set_cookie(const std::string& value) { cookie_ = value; }

 private:
  support::HttpsClient client_;
  std::string cookie_;
};

// What no log may hold: every password, token and cookie of these tests. Returns it.
std::string keep_secret(const std::string& secret);
const std::vector<std::string>& secrets();

// A new person of a new account, on an Agency plan or on `plan`.
struct Person {
  explicit Person(const std::string& plan = "agency");

  std::string name, email, password;  // the account's name
};

std::string member(const std::string& json, const std::string& name);  // the first one's text; "" if there is none
std::string code_of(const support::Reply& reply);

}  // namespace e2e
