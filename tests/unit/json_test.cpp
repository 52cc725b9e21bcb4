#include "app/http/json.hpp"

#include <chrono>
#include <functional>
#include <limits>
#include <random>
#include <stdexcept>

#include "app/base/text.hpp"
#include "app/http/json_library.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using http::JsonWriter;
using Limits = std::numeric_limits<std::int64_t>;

std::string written(const std::function<void(JsonWriter&)>& write) {
  JsonWriter json;
  write(json);
  return json.take();
}

// A page as the list endpoint writes it: 100 links, 30 KB.
std::string page_of_links() {
  JsonWriter json(32 * 1024);
  json.begin_object().key("links").begin_array();
  for (int i = 0; i < 100; ++i) {
    json.begin_object();
    json.key("id").string("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    json.key("label").string("Best USB Microphone 2026");
    json.key("url").string("https://shareasale.com/r/product/1234");
    json.key("proxy_url").string("https://quietleaks.com/go/abc123");
    json.key("program").string("ShareASale");
    json.key("status").string("healthy");
    json.key("last_checked_at").string("2026-04-27T08:00:00Z");
    json.key("clicks_30d").integer(847);
    json.key("created_at").string("2026-01-15T10:00:00Z");
    json.end_object();
  }
  json.end_array().key("total").integer(142).key("limit").integer(100).key("offset").integer(0);
  json.key("has_more").boolean(true).end_object();
  return json.take();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_suite)

BOOST_AUTO_TEST_CASE(every_kind_of_value) {
  BOOST_TEST(written([](auto& json) { json.begin_object().end_object(); }) == "{}");
  BOOST_TEST(written([](auto& json) { json.begin_array().end_array(); }) == "[]");
  BOOST_TEST(written([](auto& json) { json.null(); }) == "null");
  BOOST_TEST(written([](auto& json) {
               json.begin_object().key("a").string("x").key("b").integer(-7).key("c").boolean(false);
               json.key("d").null().key("e").number(0.5).key("f").begin_array().integer(1).integer(2).end_array();
               json.key("g").begin_object().end_object().end_object();
             }) == R"({"a":"x","b":-7,"c":false,"d":null,"e":0.5,"f":[1,2],"g":{}})");
  BOOST_TEST(written([](auto& json) { json.integer(Limits::min()); }) == "-9223372036854775808");
  BOOST_TEST(written([](auto& json) { json.integer(Limits::max()); }) == "9223372036854775807");
}

BOOST_AUTO_TEST_CASE(text_is_escaped_where_json_wants_it_and_kept_elsewhere) {
  BOOST_TEST(written([](auto& json) { json.string("a\"b\\c/d\n\x01\x1f\u00e4\u20ac\U0001F600"); }) ==
             "\"a\\\"b\\\\c/d\\n\\u0001\\u001F\u00e4\u20ac\U0001F600\"");
  BOOST_TEST(written([](auto& json) { json.string(std::string_view("\0", 1)); }) == R"("\u0000")");
  BOOST_TEST(written([](auto& json) { json.string(std::string_view()); }) == "\"\"");
  BOOST_TEST(written([](auto& json) { json.begin_object().key("").string("").end_object(); }) == R"({"":""})");
}

BOOST_AUTO_TEST_CASE(misuse_throws_and_nothing_half_written_leaves) {
  const std::vector<std::function<void(JsonWriter&)>> misuses = {
      [](auto&) {},
      [](auto& json) { json.begin_object(); },
      [](auto& json) { json.begin_array(); },
      [](auto& json) { json.end_object(); },
      [](auto& json) { json.end_array(); },
      [](auto& json) { json.key("a"); },
      [](auto& json) { json.null().null(); },
      [](auto& json) { json.begin_object().end_array(); },
      [](auto& json) { json.begin_array().end_object(); },
      [](auto& json) { json.begin_object().string("a").string("b").end_object(); },
      [](auto& json) { json.begin_object().integer(1).end_object(); },
      [](auto& json) { json.begin_object().key("a").end_object(); },
      [](auto& json) { json.begin_object().key("a").key("b").end_object(); },
      [](auto& json) { json.begin_array().key("a").end_array(); },
      [](auto& json) { json.begin_object().end_object().begin_object(); },
      [](auto& json) { json.begin_object().begin_object(); },
      [](auto& json) { json.number(std::numeric_limits<double>::quiet_NaN()); },
      [](auto& json) { json.number(std::numeric_limits<double>::infinity()); },
      [](auto& json) { json.string("\xff"); },
      [](auto& json) { json.string("\xed\xa0\x80"); },
      [](auto& json) { json.begin_object().key("\xc0\xaf").null().end_object(); },
  };
  for (std::size_t i = 0; i < misuses.size(); ++i) {
    JsonWriter json;
    BOOST_CHECK_THROW((misuses[i](json), json.take()), std::logic_error);
    BOOST_CHECK_THROW(json.take(), std::logic_error);
    BOOST_TEST_INFO("misuse " << i);
  }
}

BOOST_AUTO_TEST_CASE(a_failure_that_was_caught_still_spoils_the_document) {
  JsonWriter json;
  json.begin_object().key("a");
  BOOST_CHECK_THROW(json.string("\xff"), std::logic_error);
  json.string("b").end_object();
  BOOST_CHECK_THROW(json.take(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_writer_may_be_used_again_after_take) {
  JsonWriter json;
  BOOST_TEST(json.begin_array().integer(1).end_array().take() == "[1]");
  BOOST_TEST(json.begin_object().end_object().take() == "{}");
  BOOST_CHECK_THROW(json.take(), std::logic_error);
}

BOOST_AUTO_TEST_CASE(any_text_comes_back_from_a_parser) {
  std::mt19937 random(4);
  for (int i = 0; i < 10'000; ++i) {
    std::string bytes(random() % 60, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % (i % 2 ? 256 : 128));
    const std::string text = base::replace_bad_utf8(bytes);
    const std::string json = written([&](auto& writer) { writer.begin_array().string(text).end_array(); });
    rapidjson::Document document;
    document.Parse<rapidjson::kParseValidateEncodingFlag>(json.data(), json.size());
    BOOST_REQUIRE(!document.HasParseError());
    BOOST_REQUIRE((std::string_view(document[0].GetString(), document[0].GetStringLength()) == text));
  }
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_only_a_matter_of_memory) {
  JsonWriter json;
  for (int i = 0; i < 10'000; ++i) json.begin_array();
  for (int i = 0; i < 10'000; ++i) json.end_array();
  BOOST_TEST(json.take() == std::string(10'000, '[') + std::string(10'000, ']'));
}

BOOST_AUTO_TEST_CASE(a_page_of_100_links_takes_microseconds) {
  using Clock = std::chrono::steady_clock;
  auto best = Clock::duration::max();
  std::size_t size = 0;
  for (int i = 0; i < 500; ++i) {
    const auto start = Clock::now();
    size = page_of_links().size();
    best = std::min(best, Clock::now() - start);
  }
  const auto nanoseconds = std::chrono::nanoseconds(best).count();
  BOOST_TEST_MESSAGE("a page of 100 links, " << size << " bytes: written in " << nanoseconds / 1000 << " microseconds");
  BOOST_TEST(nanoseconds < 2'000'000);  // sanitizers slow it down; the figure itself belongs to make bench
}

BOOST_AUTO_TEST_SUITE_END()
