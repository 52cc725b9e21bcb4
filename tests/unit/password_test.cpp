#include "app/base/password.hpp"

#include <ctime>

#include "tests/support/boost_test.hpp"

namespace {

double processor_seconds(const std::optional<std::string>& hash) {
  const auto start = std::clock();
  BOOST_TEST(!base::verify_password(hash, "not the right one"));
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double least_processor_seconds(const std::optional<std::string>& hash) {
  double least = processor_seconds(hash);
  for (int i = 0; i < 4; ++i) least = std::min(least, processor_seconds(hash));
  return least;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(password_suite)

BOOST_AUTO_TEST_CASE(a_password_is_known_again_and_nothing_else) {
  const auto hash = base::hash_password("correct horse battery");
  BOOST_TEST(hash.starts_with("$argon2id$v=19$m=65536,t=2,p=1$"));
  BOOST_TEST(hash != base::hash_password("correct horse battery"));
  BOOST_TEST(base::verify_password(hash, "correct horse battery"));
  for (const char* wrong : {"", "correct horse batter", "correct horse battery ", "Correct horse battery"})
    BOOST_TEST(!base::verify_password(hash, wrong), wrong);
  BOOST_TEST(!base::verify_password("no hash at all", "correct horse battery"));
}

BOOST_AUTO_TEST_CASE(nobody_costs_as_much_as_somebody) {
  const double somebody = least_processor_seconds(base::hash_password("correct horse battery"));
  const double nobody = least_processor_seconds(std::nullopt);
  BOOST_TEST(nobody > somebody * 0.7);
  BOOST_TEST(nobody < somebody * 1.4);
  BOOST_TEST_MESSAGE("a wrong password takes " << somebody * 1000 << " ms, an unknown email " << nobody * 1000
                                               << " ms");
}

BOOST_AUTO_TEST_CASE(a_new_password_has_10_to_200_characters_whatever_their_bytes) {
  using base::password_fault;
  BOOST_TEST(!password_fault("0123456789"));
  BOOST_TEST(password_fault("012345678").value() == "has fewer than 10 characters");
  BOOST_TEST(password_fault("").value() == "has fewer than 10 characters");
  BOOST_TEST(password_fault("ééééé").value() == "has fewer than 10 characters");  // 10 bytes
  std::string longest;
  for (int i = 0; i < 200; ++i) longest += "é";
  BOOST_TEST(!password_fault(longest));
  BOOST_TEST(base::verify_password(base::hash_password(longest), longest));
  BOOST_TEST(password_fault(longest + "x").value() == "has more than 200 characters");
  BOOST_TEST(password_fault("0123456789\xff").value() == "is not valid UTF-8");
}

BOOST_AUTO_TEST_SUITE_END()
