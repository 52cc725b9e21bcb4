// Guessing passwords: how often one may, and what it costs us.
//
// Ten failures within 15 minutes, of an email or of an address, and the next attempt is not looked at, not even with
// the right password: otherwise a guesser would go on and know a hit when it comes. So who knows an email can keep its
// owner from signing in for a while; sessions that are open stay open meanwhile, and a one-time link lifts the lock.
#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "tests/e2e/browser.hpp"
#include "tests/support/boost_test.hpp"

namespace e2e {
namespace {

// Private memory, in KiB, of a pool's workers.
long private_kib(const std::string& pool) {
  long sum = 0;
  for (const auto pid : stack().worker_pids(pool)) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string word; status >> word;)
      if (word == "RssAnon:") {
        long kib = 0;
        status >> kib;
        sum += kib;
      }
  }
  return sum;
}

// How much more it became while this looked.
class Growth {
 public:
  explicit Growth(std::string pool) : pool_(std::move(pool)), before_(private_kib(pool_)) {}

  void look() { peak_ = std::max(peak_, private_kib(pool_)); }
  long mib() const { return (peak_ - before_) / 1024; }

 private:
  const std::string pool_;
  const long before_;
  long peak_ = 0;
};

BOOST_AUTO_TEST_SUITE(sign_ins)

BOOST_AUTO_TEST_CASE(an_email_is_locked_after_ten_failures_wherever_they_come_from) {
  const Person ann, bob;
  Browser at_home("127.0.3.1");
  BOOST_TEST(at_home.sign_in(ann.email, ann.password).status == 201);
  for (int i = 0; i < 10; ++i) {
    Browser guesser("127.0.3." + std::to_string(10 + i));
    BOOST_TEST(guesser.sign_in(ann.email, keep_secret("guess number " + std::to_string(i))).status == 401);
  }
  Browser elsewhere("127.0.3.30");
  const auto locked = elsewhere.sign_in(ann.email, ann.password);
  BOOST_TEST(locked.status == 429);
  BOOST_TEST(code_of(locked) == "too_many_sign_ins");
  BOOST_TEST(std::stoi(locked.header("retry-after")) > 800);
  BOOST_TEST(std::stoi(locked.header("retry-after")) <= 900);
  BOOST_TEST(elsewhere.sign_in(bob.email, bob.password).status == 201);
  BOOST_TEST(at_home.get("/app/session").status == 200);
  stack().sql("update sign_in_failures set failed_at = failed_at - interval '15 minutes'");
  BOOST_TEST(elsewhere.sign_in(ann.email, ann.password).status == 201);
  say("ten wrong passwords from ten addresses lock the email for 15 minutes; others and open sessions go on");
}

BOOST_AUTO_TEST_CASE(an_address_is_locked_after_ten_failures_whatever_the_email) {
  const Person ann;
  Browser guesser("127.0.4.1"), elsewhere("127.0.4.2");
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(guesser.sign_in("nobody" + std::to_string(i) + "@people.example", "a wrong password").status == 401);
  BOOST_TEST(guesser.sign_in(ann.email, ann.password).status == 429);
  BOOST_TEST(elsewhere.sign_in(ann.email, ann.password).status == 201);
}

BOOST_AUTO_TEST_CASE(right_passwords_are_no_failures) {
  const Person ann;
  Browser browser("127.0.4.3");
  for (int i = 0; i < 15; ++i) BOOST_TEST(browser.sign_in(ann.email, ann.password).status == 201);
}

BOOST_AUTO_TEST_CASE(guesses_at_the_current_password_count_too) {
  const Person ann;
  Browser browser("127.0.4.4");
  browser.sign_in(ann.email, ann.password);
  const auto guess = [&](const std::string& password) {
    return browser
        .send("POST", "/app/password", R"({"current_password":")" + password + R"(","new_password":"long enough"})")
        .status;
  };
  for (int i = 0; i < 10; ++i) BOOST_TEST(guess("a wrong password") == 422);
  BOOST_TEST(guess(ann.password) == 429);
  const auto link = member(stack().cli({"user", "reset", ann.email, "--json"}), "reset_link");
  const auto token = keep_secret(link.substr(link.find('=') + 1));
  Browser elsewhere("127.0.4.5");
  BOOST_TEST(elsewhere.sign_in(ann.email, ann.password).status == 429);
  const auto chosen = keep_secret("chosen by link");
  const auto body = R"({"token":")" + token + R"(","new_password":")" + chosen + "\"}";
  BOOST_TEST(elsewhere.send("POST", "/app/password/reset", body).status == 204);
  BOOST_TEST(elsewhere.sign_in(ann.email, chosen).status == 201);
}

BOOST_AUTO_TEST_CASE(two_hundred_sign_ins_at_once_exhaust_no_memory_and_hold_up_no_others) {
  constexpr int kPeople = 200;
  Growth passwords("passwords"), bulk("bulk"), api("api");
  std::atomic<bool> over = false;
  std::atomic<int> refused = 0, busy = 0, other = 0;
  std::jthread watch([&] {
    while (!over) {
      for (auto* pool : {&passwords, &bulk, &api}) pool->look();
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  });
  {
    std::vector<std::jthread> people;
    people.reserve(kPeople);
    for (int i = 0; i < kPeople; ++i)
      people.emplace_back([&, i] {
        support::HttpsClient client(stack().base_url(), stack().ca_file(), "127.0.5." + std::to_string(i + 1));
        support::Call call{.method = "POST", .target = "/api/app/session", .headers = {}, .body = {}};
        call.headers = {{"Origin", stack().base_url()}, {"Content-Type", "application/json"}};
        call.body = R"({"email":"crowd)" + std::to_string(i) + R"(@people.example","password":"one of many"})";
        const int status = client.send(call).status;
        ++(status == 401 ? refused : status == 503 || status == 504 ? busy : other);
      });
  }
  over = true;
  watch.join();
  BOOST_TEST(other.load() == 0);
  BOOST_TEST(refused.load() > 20);
  BOOST_TEST(passwords.mib() < 2 * 64 + 32);
  BOOST_TEST(passwords.mib() > 32);  // or the watch saw nothing
  BOOST_TEST(bulk.mib() < 8);
  BOOST_TEST(api.mib() < 8);
  say("200 sign-ins at once: " + std::to_string(refused.load()) + " answered, " + std::to_string(busy.load()) +
      " told to come again; memory grew by " + std::to_string(passwords.mib()) + " MiB");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace e2e
