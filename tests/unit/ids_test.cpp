#include "app/base/ids.hpp"

#include <set>

#include "app/base/crypto.hpp"
#include "tests/support/boost_test.hpp"

BOOST_AUTO_TEST_SUITE(ids_suite)

BOOST_AUTO_TEST_CASE(uuids_are_written_in_lower_case_and_read_in_either) {
  const db::Uuid id = {0xf8, 0x1d, 0x4f, 0xae, 0x7d, 0xec, 0x11, 0xd0, 0xa7, 0x65, 0x00, 0xa0, 0xc9, 0x1e, 0x6b, 0xf6};
  BOOST_TEST(base::format_uuid(id) == "f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
  BOOST_TEST((base::parse_uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6") == id));
  BOOST_TEST((base::parse_uuid("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6") == id));
}

BOOST_AUTO_TEST_CASE(any_uuid_is_read_back) {
  for (int i = 0; i < 10'000; ++i) {
    db::Uuid id;
    base::random_bytes(id);
    BOOST_REQUIRE((base::parse_uuid(base::format_uuid(id)) == id));
  }
}

BOOST_AUTO_TEST_CASE(any_wrong_byte_is_refused) {
  const std::string good = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
  int misjudged = 0;
  const std::string hex_digits = "0123456789abcdefABCDEF";
  for (std::size_t position = 0; position < good.size(); ++position)
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = good;
      text[position] = static_cast<char>(byte);
      const bool may_pass = good[position] == '-' ? text == good : hex_digits.find(text[position]) != std::string::npos;
      misjudged += base::parse_uuid(text).has_value() != may_pass;
    }
  BOOST_TEST(misjudged == 0);
}

BOOST_AUTO_TEST_CASE(other_spellings_are_refused) {
  for (const char* text : {"", "uuid", "f81d4fae7dec11d0a76500a0c91e6bf6", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}",
                           "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
                           "f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ", "f81d4fae-7dec-11d0-a76500a0c91e6bf6-"})
    BOOST_TEST(!base::parse_uuid(text), text);
}

BOOST_AUTO_TEST_CASE(random_uuids_are_of_version_4_and_all_different) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string text = base::format_uuid(base::random_uuid());
    BOOST_REQUIRE_EQUAL(text[14], '4');
    BOOST_REQUIRE(std::string("89ab").find(text[19]) != std::string::npos);
    seen.insert(text);
  }
  BOOST_TEST(seen.size() == 1'000U);
}

BOOST_AUTO_TEST_CASE(request_ids_are_1_to_128_plain_characters) {
  for (const std::string& id : {std::string("a"), std::string(128, 'Z'), std::string("09AZaz._-")})
    BOOST_TEST(base::valid_request_id(id), id);
  for (const std::string& id : {std::string(), std::string(129, 'a'), std::string("abcdefg h"),
                                std::string("abcdefgh\n"), std::string("abcdefgh\0", 9), std::string("abcdefg\"")})
    BOOST_TEST(!base::valid_request_id(id), id);
}

BOOST_AUTO_TEST_SUITE_END()
