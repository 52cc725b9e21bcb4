#include "tests/e2e/shared_stack.hpp"

#include <iostream>
#include <memory>

#include "tests/e2e/invariants.hpp"
#include "tests/support/boost_test.hpp"

namespace e2e {
namespace {

// Without a monitor: nothing outside is asked, and no status changes unless a test changes it.
struct Shared {
  support::Stack stack{{.environment = {{"MONITOR", "0"}}}};
  support::HttpsClient tls{stack.base_url(), stack.ca_file()};
  support::HttpsClient plain{stack.http_base_url(), stack.ca_file()};
};

std::unique_ptr<Shared> shared;

// Stops the instance before main returns, where an exception still shows.
struct StopAtEnd {
  ~StopAtEnd() { shared.reset(); }
};
BOOST_TEST_GLOBAL_FIXTURE(StopAtEnd);

Shared& instance() {
  if (!shared) shared = std::make_unique<Shared>();
  return *shared;
}

std::string link_id(const std::string& account, const std::string& condition) {
  return stack().sql("SELECT l.id FROM links l JOIN accounts a ON a.id = l.account_id WHERE a.name = '" + account +
                     "' AND " + condition + " ORDER BY l.id LIMIT 1");
}

}  // namespace

support::Stack& stack() {
  return instance().stack;
}
support::HttpsClient& client() {
  return instance().tls;
}
support::HttpsClient& plain_client() {
  return instance().plain;
}

support::Reply ask(const support::Call& call) {
  support::Reply reply = client().send(call);
  for (const auto& breach : breaches(call, reply, stack().base_url()))
    BOOST_ERROR(call.method << ' ' << call.target << " -> " << reply.status << ": " << breach);
  return reply;
}

std::string example_link_id() {
  return link_id(support::Stack::kDemoAccount, "l.slug = 'abc123'");
}
std::string other_link_id() {
  return link_id(support::Stack::kOtherAccount, "true");
}

std::string write_key(const std::string& account) {
  return stack().new_key(account, 0, db::Scope::write).secret;
}

void say(const std::string& proved) {
  std::cout << "  e2e: " << proved << std::endl;
}

}  // namespace e2e
