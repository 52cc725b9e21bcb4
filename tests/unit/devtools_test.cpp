// DevTools' messages: cut apart, bounded, written and looked into.
#include "app/check/devtools.hpp"

#include "tests/support/boost_test.hpp"

using check::DevtoolsCommand, check::DevtoolsReader;

BOOST_AUTO_TEST_SUITE(devtools)

BOOST_AUTO_TEST_CASE(messages_are_cut_apart_however_they_come) {
  const std::string all("one\0two\0\0three", 14);
  for (std::size_t piece = 1; piece <= all.size(); ++piece) {
    DevtoolsReader reader;
    std::string read;
    for (std::size_t at = 0; at < all.size(); at += piece) {
      reader.add(std::string_view(all).substr(at, piece));
      while (const auto message = reader.next()) read += '<' + *message + '>';
    }
    BOOST_TEST(read == "<one><two><>");
    BOOST_TEST(!reader.too_much());
  }
}

BOOST_AUTO_TEST_CASE(a_message_without_end_is_too_much) {
  DevtoolsReader reader;
  const std::string piece(1 << 20, 'x');
  for (std::size_t size = 0; size < DevtoolsReader::kMaxMessage; size += piece.size()) {
    BOOST_TEST(!reader.too_much());
    reader.add(piece);
    BOOST_TEST(!reader.next().has_value());
  }
  BOOST_TEST(!reader.too_much());
  reader.add(std::string_view("x\0", 2));
  BOOST_TEST(reader.too_much());
  BOOST_TEST(!reader.next().has_value());
}

BOOST_AUTO_TEST_CASE(messages_without_end_are_too_much) {
  DevtoolsReader many;
  int read = 0;
  for (int i = 0; i < 2 * DevtoolsReader::kMaxMessages; ++i) {
    many.add(std::string_view("{}\0", 3));
    while (many.next()) ++read;
  }
  BOOST_TEST(read == DevtoolsReader::kMaxMessages + 1);
  BOOST_TEST(many.too_much());
  DevtoolsReader large;
  const std::string megabyte = std::string(1 << 20, 'x') + '\0';
  std::size_t bytes = 0;
  for (; bytes < 2 * DevtoolsReader::kMaxBytes && !large.too_much(); bytes += megabyte.size()) {
    large.add(megabyte);
    while (large.next()) continue;
  }
  BOOST_TEST(bytes <= DevtoolsReader::kMaxBytes + megabyte.size());
}

BOOST_AUTO_TEST_CASE(a_command_is_one_json_object_with_a_nul) {
  DevtoolsCommand plain(1, "Page.enable");
  BOOST_TEST(plain.finish() == std::string(R"({"id":1,"method":"Page.enable","params":{}})") + '\0');
  DevtoolsCommand full(2, "A.b", "S");
  full.text("t", "a\"\xff").flag("f", true).number("n", -3);
  BOOST_TEST(full.finish() == std::string(R"({"id":2,"method":"A.b","sessionId":"S","params":{"t":"a\")") +
                                  "\xef\xbf\xbd" + R"(","f":true,"n":-3}})" + '\0');
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_something_else_is_nothing) {
  const auto value = http::parse_json(R"({"a":{"b":{"c":"text","n":1}},"d":[{"e":"x"}]})");
  BOOST_TEST(check::text_at(value, "a.b.c") == "text");
  for (const char* path : {"a.b.n", "a.b", "a.x.c", "a.b.c.d", "d.e", "d.0.e", "x", "a..b"})
    BOOST_TEST(check::text_at(value, path) == "", path);
  BOOST_TEST(check::value_at(value, "a.b.n")->as<std::int64_t>() != nullptr);
  BOOST_TEST(check::value_at(value, "a.q") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
