#include "app/clicks/record.hpp"

#include <array>
#include <cstring>
#include <string>

#include "tests/support/boost_test.hpp"

namespace {

using clicks::Record;

Record example() {
  Record record;
  for (std::size_t i = 0; i < record.id.size(); ++i) record.id[i] = static_cast<std::uint8_t>(i);
  record.time_us = 1'777'276'800'123'000;
  record.visitor = 0x0123456789abcdef;
  record.kind = clicks::Kind::bot;
  record.device = clicks::Device::tablet;
  record.country = {'D', 'E'};
  record.set_referrer_host("blog.example");
  record.seal();
  return record;
}

BOOST_AUTO_TEST_SUITE(record)

// RFC 3720, appendix B.4.
BOOST_AUTO_TEST_CASE(the_checksum_is_that_of_the_standard) {
  std::array<std::uint8_t, 32> bytes{};
  BOOST_TEST(clicks::crc32c(bytes.data(), bytes.size()) == 0x8a9136aaU);
  bytes.fill(0xff);
  BOOST_TEST(clicks::crc32c(bytes.data(), bytes.size()) == 0x62a8ab43U);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i);
  BOOST_TEST(clicks::crc32c(bytes.data(), bytes.size()) == 0x46dd794eU);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(31 - i);
  BOOST_TEST(clicks::crc32c(bytes.data(), bytes.size()) == 0x113fdb5cU);
  BOOST_TEST(clicks::crc32c("123456789", 9) == 0xe3069283U);
  BOOST_TEST(clicks::crc32c("", 0) == 0U);
}

BOOST_AUTO_TEST_CASE(every_flipped_bit_is_seen) {
  const Record record = example();
  BOOST_TEST(record.valid());
  for (std::size_t bit = 0; bit < 8 * sizeof(Record); ++bit) {
    std::array<unsigned char, sizeof(Record)> bytes;
    std::memcpy(bytes.data(), &record, sizeof(record));
    bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] ^ (1U << bit % 8));
    Record damaged;
    std::memcpy(&damaged, bytes.data(), sizeof(damaged));
    BOOST_REQUIRE(!damaged.valid());
  }
}

BOOST_AUTO_TEST_CASE(a_whole_record_with_a_value_that_is_none_is_not_valid) {
  const auto sealed = [](auto change) {
    Record record = example();
    change(record);
    record.seal();
    return record.valid();
  };
  BOOST_TEST(sealed([](Record&) {}));
  BOOST_TEST(!sealed([](Record& r) { r.version = 2; }));
  BOOST_TEST(!sealed([](Record& r) { r.version = 0; }));
  BOOST_TEST(!sealed([](Record& r) { r.kind = static_cast<clicks::Kind>(2); }));
  BOOST_TEST(!sealed([](Record& r) { r.device = static_cast<clicks::Device>(4); }));
  BOOST_TEST(!sealed([](Record& r) { r.referrer_host_length = clicks::kMaxReferrerHost + 1; }));
}

BOOST_AUTO_TEST_CASE(empty_space_is_no_record) {
  for (const int byte : {0, 0xff}) {
    Record record;
    std::memset(static_cast<void*>(&record), byte, sizeof(record));
    BOOST_TEST(!record.valid());
  }
}

BOOST_AUTO_TEST_CASE(the_referrers_host_is_kept_in_lower_case_by_its_end) {
  Record record;
  record.set_referrer_host("Blog.EXAMPLE");
  BOOST_TEST(record.referrer_host() == "blog.example");
  record.set_referrer_host("");
  BOOST_TEST(record.referrer_host() == "");
  const std::string longest = std::string(44, 'a') + ".example";
  BOOST_REQUIRE(longest.size() == clicks::kMaxReferrerHost);
  record.set_referrer_host(longest);
  BOOST_TEST(record.referrer_host() == longest);
  record.set_referrer_host("cut." + longest);
  BOOST_TEST(record.referrer_host() == longest);
  record.set_referrer_host("a.example");
  BOOST_TEST(record.referrer_host_bytes[9] == '\0');  // nothing of the one before
}

BOOST_AUTO_TEST_CASE(a_referrers_host_with_anything_odd_is_none) {
  using namespace std::string_literals;
  for (const std::string& host : {"a b"s, "a\nb"s, "a\0b"s, "caf\xc3\xa9"s, "\x7f"s, "\x80"s}) {
    Record record;
    record.set_referrer_host("old.example");
    record.set_referrer_host(host);
    BOOST_TEST(record.referrer_host() == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
