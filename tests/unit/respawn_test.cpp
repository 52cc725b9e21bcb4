#include "app/server/respawn.hpp"

#include "tests/support/boost_test.hpp"

namespace {

constexpr base::Micros kMillisecond = 1'000;

BOOST_AUTO_TEST_SUITE(respawn)

BOOST_AUTO_TEST_CASE(a_worker_that_lived_is_replaced_at_once) {
  server::Respawn respawn;
  for (base::Micros died = 10'000'000; died < 100'000'000; died += 2'000'000)
    BOOST_TEST(respawn.next_start(died - 2'000'000, died) == died);
  BOOST_TEST(!respawn.slowed());
}

BOOST_AUTO_TEST_CASE(a_crash_loop_is_slowed_to_a_fork_a_second_after_ten_fast_deaths) {
  server::Respawn respawn;
  base::Micros now = 5'000'000;
  int forks = 0;
  for (; now < 5'000'000 + 20'000'000; ++forks) now = respawn.next_start(now, now + 5 * kMillisecond);
  BOOST_TEST(respawn.slowed());
  BOOST_TEST(forks >= 29);  // ten at once, then one in each of the twenty seconds
  BOOST_TEST(forks <= 31);
}

BOOST_AUTO_TEST_CASE(one_longer_life_ends_the_loop) {
  server::Respawn respawn;
  for (int i = 0; i < 50; ++i) respawn.next_start(0, kMillisecond);
  BOOST_TEST(respawn.slowed());
  BOOST_TEST(respawn.next_start(0, 1'500 * kMillisecond) == 1'500 * kMillisecond);
  BOOST_TEST(!respawn.slowed());
  BOOST_TEST(respawn.next_start(0, kMillisecond) == kMillisecond);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
