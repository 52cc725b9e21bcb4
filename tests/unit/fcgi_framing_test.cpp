#include "app/server/fcgi_framing.hpp"

#include <random>
#include <string>

#include "tests/support/boost_test.hpp"

namespace {

using server::check_framing;
using server::Framing;

std::string record(int type, const std::string& content, int request = 1, std::size_t padding = 0) {
  std::string bytes{1, static_cast<char>(type), static_cast<char>(request >> 8), static_cast<char>(request)};
  bytes.push_back(static_cast<char>(content.size() >> 8));
  bytes.push_back(static_cast<char>(content.size()));
  bytes.push_back(static_cast<char>(padding));
  return bytes.append(1, '\0').append(content).append(padding, 'p');
}

const std::string begin = record(1, std::string("\0\1\1\0\0\0\0\0", 8));

std::string request(const std::string& parameters) {
  return begin + record(4, parameters) + record(4, "") + record(5, "");
}

std::string long_length(unsigned length) {
  return {static_cast<char>(0x80 | length >> 24), static_cast<char>(length >> 16), static_cast<char>(length >> 8),
          static_cast<char>(length)};
}

BOOST_AUTO_TEST_SUITE(fcgi_framing)

BOOST_AUTO_TEST_CASE(good_requests) {
  BOOST_TEST((check_framing(request("\1\2ABC")) == Framing::whole));
  BOOST_TEST((check_framing(begin + record(4, "")) == Framing::whole));
  const std::string value(300, 'v');
  BOOST_TEST((check_framing(request("\1" + long_length(300) + "A" + value)) == Framing::whole));
  BOOST_TEST(
      (check_framing(begin + record(4, "\1\2A", 1, 5) + record(4, "BC") + record(4, "", 1, 8)) == Framing::whole));
}

BOOST_AUTO_TEST_CASE(every_cut_before_the_end_of_the_parameters_is_incomplete) {
  const std::string head = begin + record(4, "\1\2ABC", 1, 3) + record(4, "");
  for (std::size_t length = 0; length < head.size(); ++length)
    BOOST_TEST((check_framing(std::string_view(head).substr(0, length)) == Framing::incomplete), "cut at " << length);
  for (std::size_t length = 0; length <= 8; ++length)
    BOOST_TEST((check_framing(head + record(5, "").substr(0, length)) == Framing::whole));
}

BOOST_AUTO_TEST_CASE(lengths_that_lie) {
  for (const unsigned length : {4u, 128u, 65536u, 0x7ffffffeu, 0x7fffffffu}) {
    BOOST_TEST((check_framing(request(long_length(length) + "\1ABC")) == Framing::broken));
    BOOST_TEST((check_framing(request("\1" + long_length(length) + "ABC")) == Framing::broken));
    BOOST_TEST((check_framing(request(long_length(length) + long_length(length) + "ABC")) == Framing::broken));
  }
  for (const std::string& cut : {std::string("\1"), std::string("\1\x80"), std::string("\x80\0\0", 3)})
    BOOST_TEST((check_framing(request(cut)) == Framing::broken));
}

BOOST_AUTO_TEST_CASE(what_is_no_request) {
  BOOST_TEST((check_framing("GET / HTTP/1.1\r\nHost: example\r\n\r\n" + std::string(65536, 'x')) == Framing::broken));
  BOOST_TEST((check_framing(record(9, "\1\1AB", 0)) == Framing::broken));                            // management
  BOOST_TEST((check_framing(record(1, std::string("\0\2\1\0\0\0\0\0", 8))) == Framing::broken));     // authorizer
  BOOST_TEST((check_framing(record(1, std::string("\0\1\1\0\0\0\0\0", 8), 0)) == Framing::broken));  // request 0
  BOOST_TEST((check_framing(begin + record(5, "")) == Framing::broken));
  BOOST_TEST((check_framing(begin + begin) == Framing::broken));
  BOOST_TEST((check_framing(begin + record(4, "\1\1AB", 2)) == Framing::broken));  // multiplexed
  BOOST_TEST((check_framing(begin + record(4, "") + record(9, "\1\1AB", 0)) == Framing::broken));
  BOOST_TEST((check_framing(std::string(server::kMaxHeadBytes, '\1')) == Framing::broken));
}

BOOST_AUTO_TEST_CASE(heads_are_bounded) {
  std::string endless = begin;
  while (endless.size() < server::kMaxHeadBytes) endless += record(4, std::string(1000, '\0'));
  BOOST_TEST((check_framing(endless.substr(0, server::kMaxHeadBytes)) == Framing::broken));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
