#include "app/web/click_details.hpp"

#include <chrono>
#include <set>
#include <string>

#include "app/base/ids.hpp"
#include "tests/support/boost_test.hpp"

namespace {

std::int64_t now_micros() {
  using std::chrono::microseconds;
  return std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(click_details)

BOOST_AUTO_TEST_CASE(a_requests_id_is_the_clicks) {
  const std::string digits = "00112233445566778899aabbccddeeff";
  const db::Uuid id = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
  BOOST_TEST((web::click_id(digits) == id));
  BOOST_TEST((web::click_id("00112233445566778899AABBCCDDEEFF") == id));
  BOOST_TEST((web::click_id(std::string(32, '0')) == db::Uuid{}));
}

BOOST_AUTO_TEST_CASE(without_an_id_a_click_is_one_of_its_own) {
  std::set<db::Uuid> ids;
  const std::string good = "00112233445566778899aabbccddeeff";
  const std::vector<std::string> none = {"",
                                         good.substr(1),
                                         good + "0",
                                         "0011223-445566778899aabbccddeef",
                                         "g0112233445566778899aabbccddeeff",
                                         "00112233-4455-6677-8899-aabbccddeeff",
                                         std::string(32, ' '),
                                         std::string(32, '\0')};
  for (const auto& text : none) {
    ids.insert(web::click_id(text));
    ids.insert(web::click_id(text));
  }
  ids.insert(web::click_id(good));
  BOOST_TEST(ids.size() == 2 * none.size() + 1);
  BOOST_TEST(ids.count(db::Uuid{}) == 0u);
}

BOOST_AUTO_TEST_CASE(the_time_is_nginxs_to_the_millisecond) {
  BOOST_TEST(web::click_time("1764000000.123") == 1'764'000'000'123'000);
  BOOST_TEST(web::click_time("1764000000.000") == 1'764'000'000'000'000);
  BOOST_TEST(web::click_time("1577836800.000") == 1'577'836'800'000'000);  // 2020
  BOOST_TEST(web::click_time("7258118399.999") == 7'258'118'399'999'000);  // the end of 2199
}

BOOST_AUTO_TEST_CASE(without_a_time_it_is_now) {
  for (const std::string text : {"",
                                 ".",
                                 "0.000",
                                 "1764000000",
                                 "1764000000.12",
                                 "1764000000.1234",
                                 "1764000000,123",
                                 "-764000000.123",
                                 "+764000000.123",
                                 "176400000a.123",
                                 "1764000000.12a",
                                 "1764000000.-12",
                                 " 764000000.123",
                                 "1764000000.123 ",
                                 "1577836799.999",
                                 "7258118400.000",
                                 "99999999999.123",
                                 "99999999999999999999.123",
                                 "1764.000000.123",
                                 "x.123"}) {
    const std::int64_t before = now_micros(), time = web::click_time(text), after = now_micros();
    BOOST_TEST((before <= time && time <= after), text << " is " << time);
  }
}

BOOST_AUTO_TEST_CASE(the_host_of_a_referrer) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://blog.example/post?x=1#y", "blog.example"},
      {"http://blog.example", "blog.example"},
      {"https://Blog.Example:8443/", "Blog.Example"},
      {"https://user:secret@blog.example:1/", "blog.example"},
      {"https://a@b@blog.example/", "blog.example"},
      {"https://blog.example?x=http://other.example/", "blog.example"},
      {"https://blog.example#@other.example", "blog.example"},
      {"https://blog.example/@other.example", "blog.example"},
      {"https://blog.example\\@other.example", "blog.example"},
      {"https://[2001:db8::1]:8443/x", "[2001:db8::1]"},
      {"https://[2001:db8::1]/x", "[2001:db8::1]"},
      {"android-app://com.example.reader/", "com.example.reader"},
      {"https://", ""},
      {"https:///x", ""},
      {"https://@/", ""},
      {"https://:80/", ""},
      {"about:blank", ""},
      {"blog.example/x", ""},
      {"", ""},
      {"://x", "x"},
  };
  for (const auto& [url, host] : cases) BOOST_TEST(web::host_of(url) == host, url);
}

BOOST_AUTO_TEST_SUITE_END()
