// Each case of tests/cases/*.case as a test of its own.
#include <algorithm>
#include <filesystem>
#include <regex>

#include "app/base/api_key.hpp"
#include "app/base/token.hpp"
#include "tests/e2e/invariants.hpp"
#include "tests/e2e/shared_stack.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/case_file.hpp"
#include "tests/support/json_match.hpp"
#include "tests/support/raw_connection.hpp"

namespace e2e {
namespace {

using support::Case;
using support::Exchange;
using support::ExpectedHeader;
using support::Reply;
using support::Stack;
using support::Variables;

std::string with_wrong_checksum(std::string key) {
  key.back() = key.back() == '0' ? '1' : '0';
  return key;
}

std::string revoked_key() {
  const auto key = stack().new_key();
  stack().revoke(Stack::kDemoAccount, key);
  return key.secret;
}

// An account of a case's own, without links, for cases that write: ${write_key}, ${other_write_key}
// and ${read_key} are its keys.
std::string new_account() {
  static int made = 0;
  const auto name = "Case " + std::to_string(++made);
  stack().cli({"account", "add", name, "--plan", "agency"});
  return name;
}

// The cookie of somebody of the case's own account.
std::string new_session(const std::string& account) {
  static int made = 0;
  return stack().new_session(
      stack().new_user("case" + std::to_string(++made) + "@x.example", "unused password", account));
}

// ${key}, ${free_key} and ${other_key} are new in each case, so that its rate headers are its own.
std::string look_up(const std::string& name, Variables& variables) {
  if (name == "account") return new_account();
  if (name == "write_key") return stack().new_key(variables.value("account"), 0, db::Scope::write).secret;
  if (name == "other_write_key") return stack().new_key(variables.value("account"), 0, db::Scope::write).secret;
  if (name == "read_key") return stack().new_key(variables.value("account")).secret;
  if (name == "session") return new_session(variables.value("account"));
  if (name == "unknown_session") return base::generate_token();
  if (name == "key") return stack().new_key().secret;
  if (name == "other_key") return stack().new_key(Stack::kOtherAccount).secret;
  if (name == "free_key") return stack().new_key(Stack::kFreeAccount).secret;
  if (name == "unknown_key") return base::generate_api_key();
  if (name == "mistyped_key") return with_wrong_checksum(base::generate_api_key());
  if (name == "revoked_key") return revoked_key();
  if (name == "expired_key") return stack().new_key(Stack::kDemoAccount, 1767225600).secret;  // 2026-01-01
  if (name == "base") return stack().base_url();
  if (name == "authority") return stack().base_url().substr(std::string("https://").size());
  if (name == "example_id") return example_link_id();
  if (name == "other_id") return other_link_id();
  throw std::runtime_error("no such variable: ${" + name + "}");
}

// Sends one exchange and judges the reply.
class Examination {
 public:
  Examination(const Case& one, const Exchange& exchange, Variables& variables)
      : case_(one), exchange_(exchange), variables_(variables), call_(variables.fill(exchange.call)) {}

  void run() {
    reply_ = exchange_.is_raw ? send_raw() : (exchange_.plain ? plain_client() : client()).send(call_);
    if (reply_.status != exchange_.status) fail("status " + std::to_string(reply_.status) + " " + reply_.error);
    for (const auto& header : exchange_.headers) check_header(header);
    check_problem();
    check_body();
    for (const auto& breach : breaches(call_, reply_, stack().base_url(), !exchange_.plain)) fail(breach);
  }

 private:
  void fail(const std::string& what) {
    BOOST_ERROR(case_.file << ":" << exchange_.line << " (" << call_.method << ' ' << call_.target.substr(0, 100)
                           << "): " << what << "; expected status " << exchange_.status
                           << "; body: " << reply_.body.substr(0, 400));
  }

  Reply send_raw() {
    support::RawConnection connection(stack().base_url(), stack().ca_file());
    connection.send(variables_.fill(exchange_.raw));
    auto reply = connection.read_reply(call_.method == "HEAD");
    if (!connection.unread().empty()) fail("bytes behind the reply: " + connection.unread().substr(0, 100));
    return reply.value_or(Reply());
  }

  void check_header(const ExpectedHeader& expected) {
    const auto values = reply_.all(expected.name);
    if (expected.kind == ExpectedHeader::Kind::absent) {
      if (!values.empty()) fail(expected.name + " is there: " + values[0]);
      return;
    }
    if (values.size() != 1) return fail(std::to_string(values.size()) + " of header " + expected.name);
    const std::string wanted = variables_.fill(expected.value);
    std::smatch match;
    if (expected.kind == ExpectedHeader::Kind::regex) {
      if (!std::regex_match(values[0], match, std::regex(wanted)))
        return fail(expected.name + ": " + values[0] + "\n  is not like " + wanted);
    } else if (values[0] != wanted) {
      return fail(expected.name + ": " + values[0] + "\n  is not " + wanted);
    }
    if (!expected.keep_as.empty()) variables_.keep(expected.keep_as, match.size() > 1 ? match[1].str() : values[0]);
  }

  void check_problem() {
    if (exchange_.problem_code.empty()) return;
    if (reply_.body.find("\"code\":\"" + exchange_.problem_code + '"') == std::string::npos)
      fail("not the problem " + exchange_.problem_code);
    if (!exchange_.problem_parameter.empty() &&
        reply_.body.find("\"parameter\":\"" + exchange_.problem_parameter + '"') == std::string::npos)
      fail("does not name the parameter " + exchange_.problem_parameter);
  }

  void check_body() {
    if (exchange_.body_empty && !reply_.body.empty()) fail("a body");
    if (!exchange_.body_same_as.empty() && reply_.body != variables_.value(exchange_.body_same_as))
      fail("not the same bytes as ${" + exchange_.body_same_as + "}");
    if (!exchange_.keep_body_as.empty()) variables_.keep(exchange_.keep_body_as, reply_.body);
    if (exchange_.json.empty()) return;
    const auto difference = support::json_difference(variables_.fill(exchange_.json), reply_.body);
    if (!difference.empty()) fail(difference);
  }

  const Case& case_;
  const Exchange& exchange_;
  Variables& variables_;
  support::Call call_;
  Reply reply_;
};

void examine(const Case& one) {
  Variables variables([&](const std::string& name) { return look_up(name, variables); });
  for (const auto& exchange : one.exchanges)
    for (int i = 0; i < exchange.repeat; ++i) Examination(one, exchange, variables).run();
}

void add_test(const std::string& name, const std::function<void()>& body) {
  boost::unit_test::framework::current_auto_test_suite().add(
      boost::unit_test::make_test_case(body, name, __FILE__, __LINE__));
}

// A file that cannot be read is a test that fails.
void add_file(const std::filesystem::path& path) {
  try {
    for (const auto& one : support::read_case_file(path.string()))
      add_test(path.stem().string() + ": " + one.title, [one] { examine(one); });
  } catch (const std::exception& error) {
    add_test(path.stem().string(), [what = std::string(error.what())] { BOOST_ERROR(what); });
  }
}

struct AddAll {
  AddAll() {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator("tests/cases"))
      if (entry.path().extension() == ".case") paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) add_file(path);
  }
};

BOOST_AUTO_TEST_SUITE(cases)
const AddAll add_all;
BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
