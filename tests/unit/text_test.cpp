#include "app/base/text.hpp"

#include <fstream>
#include <limits>
#include <random>
#include <stdexcept>

#include <stdlib.h>
#include <unistd.h>

#include "tests/support/boost_test.hpp"

namespace {

// UTF-8 by its definition: decode the bits, then refuse what is overlong, a surrogate or too large.
std::size_t utf8_by_definition(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const std::size_t length = byte(0) >> 5 == 6 ? 2 : byte(0) >> 4 == 14 ? 3 : byte(0) >> 3 == 30 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  unsigned code_point = byte(0) & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (byte(i) >> 6 != 2) return 0;
    code_point = code_point << 6 | (byte(i) & 0x3fU);
  }
  const unsigned smallest = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  return code_point < smallest || surrogate || code_point > 0x10FFFF ? 0 : length;
}

bool valid_by_definition(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_by_definition(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(text_suite)

BOOST_AUTO_TEST_CASE(every_utf8_sequence_of_up_to_three_bytes_is_judged_as_defined) {
  std::size_t valid = 0;
  for (unsigned bits = 0; bits < 0x1000000; ++bits) {
    const char bytes[] = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
    const std::string_view text(bytes, 3);
    const std::size_t length = base::utf8_sequence(text);
    if (length != utf8_by_definition(text)) BOOST_FAIL("3-byte sequence " << bits);
    valid += length == 3;
  }
  BOOST_TEST(valid == 0x10000U - 0x800U - 0x800U);  // the plane without its surrogates and what fits in two bytes
  BOOST_TEST_MESSAGE("all 16777216 three-byte texts judged as the definition does");
}

BOOST_AUTO_TEST_CASE(every_four_byte_sequence_of_interest_is_judged_as_defined) {
  std::size_t valid = 0;
  for (unsigned bits = 0; bits < 0x1000000; bits += 7) {
    const char bytes[] = {static_cast<char>(0xF0 | bits >> 20), static_cast<char>(bits >> 12),
                          static_cast<char>(0x80 | (bits >> 6 & 0x7f)), static_cast<char>(0x80 | (bits & 0x3f))};
    const std::string_view text(bytes, 4);
    const std::size_t length = base::utf8_sequence(text);
    if (length != utf8_by_definition(text)) BOOST_FAIL("4-byte sequence " << bits);
    valid += length == 4;
  }
  BOOST_TEST(valid > 0U);
}

BOOST_AUTO_TEST_CASE(long_texts_are_valid_only_if_every_byte_is) {
  std::mt19937 random(2);
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 40, 'x');
    for (char& c : text) c = static_cast<char>('a' + random() % 26);
    if (!text.empty() && i % 2) text[random() % text.size()] = static_cast<char>(random());
    if (i % 3 == 0) text.insert(random() % (text.size() + 1), "\u20ac");
    BOOST_REQUIRE_EQUAL(base::valid_utf8(text), valid_by_definition(text));
    const std::string clean = base::replace_bad_utf8(text);
    BOOST_REQUIRE(base::valid_utf8(clean));
    if (valid_by_definition(text)) BOOST_REQUIRE_EQUAL(clean, text);
  }
}

BOOST_AUTO_TEST_CASE(bad_bytes_become_replacement_characters) {
  BOOST_TEST(base::replace_bad_utf8("a\xff"
                                    "b") ==
             "a\ufffd"
             "b");
  BOOST_TEST(base::replace_bad_utf8("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");  // a surrogate
  BOOST_TEST(base::replace_bad_utf8("\xe2\x82") == "\ufffd\ufffd");            // cut short
  BOOST_TEST(base::replace_bad_utf8("") == "");
}

BOOST_AUTO_TEST_CASE(integers_are_read_strictly) {
  using Limits = std::numeric_limits<std::int64_t>;
  const std::pair<const char*, std::int64_t> good[] = {{"0", 0},
                                                       {"-0", 0},
                                                       {"+7", 7},
                                                       {"007", 7},
                                                       {"-42", -42},
                                                       {"9223372036854775807", Limits::max()},
                                                       {"-9223372036854775808", Limits::min()}};
  for (const auto& [text, value] : good) BOOST_TEST(base::parse_int(text).value() == value);
  for (const char* text : {"", "+", "-", "+-1", "-+1", "--1", "++1", " 1", "1 ", "1.0", "1e3", "0x10",
                           "9223372036854775808", "-9223372036854775809", "\xd9\xa1", "1\n"})
    BOOST_TEST(!base::parse_int(text), text);
  BOOST_TEST(!base::parse_int(std::string_view("1\0", 2)));
}

BOOST_AUTO_TEST_CASE(trim_takes_spaces_and_tabs_only) {
  BOOST_TEST(base::trim(" \t a b \t") == "a b");
  BOOST_TEST(base::trim("\na\r") == "\na\r");
  BOOST_TEST(base::trim(" \t ") == "");
  BOOST_TEST(base::trim("") == "");
}

BOOST_AUTO_TEST_CASE(hex_is_lower_case) {
  BOOST_TEST(base::hex(std::string_view("\0\x9f\xff", 3)) == "009fff");
}

BOOST_AUTO_TEST_CASE(shortened_text_never_ends_within_a_character) {
  BOOST_TEST(base::shorten("abc", 3) == "abc");
  BOOST_TEST(base::shorten("abcd", 3) == "abc\u2026");
  BOOST_TEST(base::shorten("ab\u20ac", 3) == "ab\u2026");
  BOOST_TEST(base::shorten("ab\u20ac", 4) == "ab\u2026");
  BOOST_TEST(base::shorten("ab\u20ac", 5) == "ab\u20ac");
}

BOOST_AUTO_TEST_CASE(files_are_read_whole_or_not_at_all) {
  char path[] = "/tmp/quietleaks-text-XXXXXX";
  ::close(::mkstemp(path));
  std::ofstream(path) << "12345";
  BOOST_TEST(base::read_file(path, 5) == "12345");
  const auto names_the_file = [&](const std::runtime_error& error) {
    return std::string(error.what()).starts_with(path);
  };
  BOOST_CHECK_EXCEPTION(base::read_file(path, 4), std::runtime_error, names_the_file);
  ::unlink(path);
  BOOST_CHECK_EXCEPTION(base::read_file(path, 4), std::runtime_error, names_the_file);
  BOOST_CHECK_THROW(base::read_file("/", 4), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(words_are_what_stands_between_blanks) {
  const auto words = base::split_words("  one\ttwo  three ");
  BOOST_TEST((words == std::vector<std::string_view>{"one", "two", "three"}));
  BOOST_TEST(base::split_words("").empty());
  BOOST_TEST(base::split_words(" \t ").empty());
  BOOST_TEST(base::split_words("x").at(0) == "x");
}

BOOST_AUTO_TEST_SUITE_END()
