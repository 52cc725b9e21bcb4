#include "app/base/crypto.hpp"

#include <array>
#include <set>

#include "app/base/text.hpp"
#include "tests/support/boost_test.hpp"

namespace {

std::string sha256_hex(std::string_view data) {
  const db::Digest digest = base::sha256(data);
  return base::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(crypto_suite)

BOOST_AUTO_TEST_CASE(sha256_agrees_with_fips_180_4) {
  BOOST_TEST(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  BOOST_TEST(sha256_hex(std::string(1'000'000, 'a')) ==
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

BOOST_AUTO_TEST_CASE(crc32_agrees_with_its_check_value) {
  BOOST_TEST(base::crc32("123456789") == 0xcbf43926U);
  BOOST_TEST(base::crc32("") == 0U);
}

BOOST_AUTO_TEST_CASE(digests_are_equal_only_if_every_bit_is) {
  const db::Digest digest = base::sha256("a");
  BOOST_TEST(base::equal_constant_time(digest, base::sha256("a")));
  for (std::size_t bit = 0; bit < digest.size() * 8; ++bit) {
    db::Digest other = digest;
    other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ (1U << bit % 8));
    BOOST_TEST(!base::equal_constant_time(digest, other));
  }
}

BOOST_AUTO_TEST_CASE(random_numbers_stay_below_the_bound_and_reach_everything) {
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 2'000; ++i) seen.insert(base::random_below(10));
  BOOST_TEST(seen.size() == 10U);
  BOOST_TEST(*seen.rbegin() == 9U);
  BOOST_TEST(base::random_below(1) == 0U);
}

BOOST_AUTO_TEST_CASE(random_bytes_do_not_repeat) {
  std::set<std::array<std::uint8_t, 16>> seen;
  for (int i = 0; i < 1'000; ++i) {
    std::array<std::uint8_t, 16> bytes{};
    base::random_bytes(bytes);
    seen.insert(bytes);
  }
  BOOST_TEST(seen.size() == 1'000U);
}

BOOST_AUTO_TEST_CASE(a_wiped_secret_is_gone_from_its_memory) {
  std::string secret = "ql_this_is_long_enough_to_live_on_the_heap";
  const char* const memory = secret.data();
  const std::size_t size = secret.size();
  base::wipe(secret);
  BOOST_TEST(secret.empty());
  BOOST_TEST(secret.data() == memory);  // still ours to look at
  secret.resize(size, '.');
  BOOST_TEST(secret == std::string(size, '.'));
}

BOOST_AUTO_TEST_SUITE_END()
