#include "app/base/api_key.hpp"

#include <array>
#include <set>

#include "app/base/crypto.hpp"
#include "tests/support/boost_test.hpp"

namespace {

constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace

BOOST_AUTO_TEST_SUITE(api_key_suite)

BOOST_AUTO_TEST_CASE(a_fixed_key_keeps_its_checksum_for_ever) {
  // CRC32 of thirty 'a' is 0x6bc1d3c1 = 1807864769, in base62 1yLcDB.
  BOOST_TEST(base::crc32(std::string(30, 'a')) == 1807864769U);
  BOOST_TEST(base::well_formed_api_key("ql_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1yLcDB"));
}

BOOST_AUTO_TEST_CASE(generated_keys_are_well_formed_and_all_different) {
  std::set<std::string> keys;
  for (int i = 0; i < 2'000; ++i) {
    const std::string key = base::generate_api_key();
    BOOST_REQUIRE_EQUAL(key.size(), base::kApiKeyLength);
    BOOST_REQUIRE(key.starts_with("ql_"));
    BOOST_REQUIRE(key.find_first_not_of(kBase62, 3) == std::string::npos);
    BOOST_REQUIRE(base::well_formed_api_key(key));
    BOOST_REQUIRE_EQUAL(base::last_four(key), key.substr(35));
    keys.insert(key);
  }
  BOOST_TEST(keys.size() == 2'000U);
}

BOOST_AUTO_TEST_CASE(any_single_wrong_character_is_noticed) {
  const std::string key = base::generate_api_key();
  int accepted = 0;
  for (std::size_t position = 0; position < key.size(); ++position)
    for (int byte = 0; byte < 256; ++byte) {
      std::string typo = key;
      typo[position] = static_cast<char>(byte);
      accepted += typo != key && base::well_formed_api_key(typo);
    }
  BOOST_TEST(accepted == 0);
  BOOST_TEST_MESSAGE("all 9945 single-byte changes of a key are refused");
}

BOOST_AUTO_TEST_CASE(swapped_neighbours_are_noticed) {
  const std::string key = base::generate_api_key();
  for (std::size_t i = 3; i + 1 < key.size(); ++i) {
    std::string typo = key;
    std::swap(typo[i], typo[i + 1]);
    if (typo != key) BOOST_TEST(!base::well_formed_api_key(typo), typo);
  }
}

BOOST_AUTO_TEST_CASE(junk_is_refused) {
  const std::string key = base::generate_api_key();
  for (const std::string& junk :
       {std::string(), std::string("ql_"), key.substr(1), key.substr(0, 38), key + "0", ' ' + key, key + '\n',
        std::string(39, 'a'), "QL_" + key.substr(3), std::string(39, '\0')})
    BOOST_TEST(!base::well_formed_api_key(junk));
}

BOOST_AUTO_TEST_CASE(every_character_is_equally_likely) {
  std::array<int, 128> counts{};
  constexpr int kKeys = 4'000;
  for (int i = 0; i < kKeys; ++i)
    for (const char c : base::generate_api_key().substr(3, 30)) ++counts[static_cast<unsigned char>(c)];
  const double expected = kKeys * 30.0 / 62;
  double chi_squared = 0;
  for (const char c : kBase62) {
    const double difference = counts[static_cast<unsigned char>(c)] - expected;
    chi_squared += difference * difference / expected;
  }
  BOOST_TEST_MESSAGE("chi squared of " << kKeys * 30 << " characters: " << chi_squared << " (61 degrees of freedom)");
  BOOST_TEST(chi_squared < 130);  // a fair source passes this once in a million times
}

BOOST_AUTO_TEST_CASE(the_digest_is_of_the_whole_key) {
  const std::string key = base::generate_api_key();
  BOOST_TEST((base::api_key_digest(key) == base::sha256(key)));
}

BOOST_AUTO_TEST_CASE(the_last_four_of_less_are_all_there_is) {
  BOOST_TEST(base::last_four("abc") == "abc");
  BOOST_TEST(base::last_four("") == "");
  BOOST_TEST(base::last_four("abcdef") == "cdef");
}

BOOST_AUTO_TEST_SUITE_END()
