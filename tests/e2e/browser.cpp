#include "tests/e2e/browser.hpp"

#include <regex>

#include "app/base/token.hpp"
#include "tests/e2e/invariants.hpp"
#include "tests/support/boost_test.hpp"

namespace e2e {
namespace {

std::vector<std::string>& all_secrets() {
  static std::vector<std::string> secrets;
  return secrets;
}

}  // namespace

support::Reply Browser::send(const std::string& method, const std::string& path, const std::string& json) {
  support::Call call{.method = method, .target = "/api" + path, .headers = {}, .body = json};
  call.headers.emplace_back("Origin", client_.base_url());
  call.headers.emplace_back("Sec-Fetch-Site", "same-origin");
  if (!json.empty()) call.headers.emplace_back("Content-Type", "application/json");
  if (!cookie_.empty()) call.headers.emplace_back("Cookie", "__Host-ql_session=" + cookie_);
  auto reply = client_.send(call);
  for (const auto& breach : breaches(call, reply, client_.base_url()))
    BOOST_ERROR(method << ' ' << path << " -> " << reply.status << ": " << breach);
  const auto line = reply.header("set-cookie");
  std::smatch match;
  if (std::regex_search(line, match, std::regex("__Host-ql_session=([^;]*);"))) cookie_ = match[1];
  if (!cookie_.empty()) keep_secret(cookie_);
  return reply;
}

support::Reply Browser::sign_in(const std::string& email, const std::string& password) {
  return send("POST", "/app/session", R"({"email":")" + email + R"(","password":")" + password + "\"}");
}

std::string keep_secret(const std::string& secret) {
  if (all_secrets().empty() || all_secrets().back() != secret) all_secrets().push_back(secret);
  return secret;
}

const std::vector<std::string>& secrets() {
  return all_secrets();
}

Person::Person(const std::string& plan) {
  static int made = 0;
  const auto number = std::to_string(++made);
  name = "People " + number;
  email = "person" + number + "@people.example";
  password = keep_secret(base::generate_token());
  stack().cli({"account", "add", name, "--plan", plan});
  stack().new_user(email, password, name);
}

std::string member(const std::string& json, const std::string& name) {
  std::smatch match;
  return std::regex_search(json, match, std::regex("\"" + name + "\":\"([^\"]*)\"")) ? match[1].str() : "";
}

std::string code_of(const support::Reply& reply) {
  return member(reply.body, "code");
}

}  // namespace e2e
