#include "app/clicks/countries.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <unistd.h>

#include "tests/support/boost_test.hpp"
#include "tests/support/country_file.hpp"

namespace {

using support::country_file;

// A file for the length of a test.
class File {
 public:
  File() {
    char name[] = "/tmp/quietleaks-countries-XXXXXX";
    const int fd = ::mkstemp(name);
    if (fd < 0) throw std::runtime_error("cannot make a file under /tmp");
    ::close(fd);
    path_ = name;
  }
  explicit File(const std::string& bytes) : File() { write(bytes); }
  ~File() { ::unlink(path_.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  void write(const std::string& bytes) const { std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string of(const clicks::Countries& countries, const std::string& address) {
  const auto code = countries.of(address);
  return code[0] == '\0' && code[1] == '\0' ? "none" : std::string(code.begin(), code.end());
}

const std::vector<support::CountryNetwork> kNetworks = {
    {"192.0.2.0/24", "DE"},   {"192.0.2.128/25", "FR"},  {"192.0.2.129/32", "AT"},  {"198.51.100.0/24", "US"},
    {"2001:db8::/32", "NL"},  {"2001:db8:1::/48", "BE"}, {"203.0.113.0/26", "usa"}, {"203.0.113.64/26", "us"},
    {"203.0.113.128/26", ""}, {"203.0.113.192/26", "U1"}};

}  // namespace

BOOST_AUTO_TEST_SUITE(countries_suite)

BOOST_AUTO_TEST_CASE(the_smallest_network_tells_the_country) {
  const File file(country_file(kNetworks));
  const clicks::Countries countries(file.path());
  BOOST_TEST(of(countries, "192.0.2.0") == "DE");
  BOOST_TEST(of(countries, "192.0.2.127") == "DE");
  BOOST_TEST(of(countries, "192.0.2.128") == "FR");
  BOOST_TEST(of(countries, "192.0.2.129") == "AT");
  BOOST_TEST(of(countries, "192.0.2.255") == "FR");
  BOOST_TEST(of(countries, "198.51.100.7") == "US");
  BOOST_TEST(of(countries, "2001:db8::1") == "NL");
  BOOST_TEST(of(countries, "2001:DB8:1:ffff::") == "BE");
  BOOST_TEST(of(countries, "2001:db8:2::") == "NL");
}

BOOST_AUTO_TEST_CASE(what_is_in_no_network_has_no_country) {
  const File file(country_file(kNetworks));
  const clicks::Countries countries(file.path());
  for (const char* address : {"192.0.3.0", "192.0.1.255", "0.0.0.0", "255.255.255.255", "127.0.0.1",
                              "2001:db9::", "2001:db7:ffff::", "::1", "fe80::1"})
    BOOST_TEST(of(countries, address) == "none", address);
}

// nginx tells an IPv4 visitor so where it listens on [::] for both.
BOOST_AUTO_TEST_CASE(an_ipv4_address_inside_ipv6_is_that_address) {
  for (const int ip_version : {4, 6}) {
    const File file(country_file({{"192.0.2.0/24", "DE"}}, ip_version));
    const clicks::Countries countries(file.path());
    BOOST_TEST(of(countries, "192.0.2.1") == "DE");
    BOOST_TEST(of(countries, "::ffff:192.0.2.1") == "DE");
    BOOST_TEST(of(countries, "::FFFF:C000:0201") == "DE");
    BOOST_TEST(of(countries, "::ffff:192.0.3.1") == "none");
  }
}

BOOST_AUTO_TEST_CASE(a_file_of_ipv4_knows_no_ipv6) {
  const File file(country_file({{"192.0.2.0/24", "DE"}, {"32.0.0.0/8", "US"}}, 4));
  const clicks::Countries countries(file.path());
  BOOST_TEST(of(countries, "32.1.13.184") == "US");
  BOOST_TEST(of(countries, "2001:db8::1") == "none");  // begins with the same bytes
}

BOOST_AUTO_TEST_CASE(what_is_no_address_has_no_country) {
  const File file(country_file({{"0.0.0.0/1", "DE"}, {"128.0.0.0/1", "DE"}, {"8000::/1", "NL"}}));
  const clicks::Countries countries(file.path());
  BOOST_TEST(of(countries, "1.2.3.4") == "DE");
  for (const std::string address :
       {"", "unix:", "1.2.3", "1.2.3.4 ", "1.2.3.256", "localhost", "[8000::1]", "8000::1%lo"})
    BOOST_TEST(of(countries, address) == "none", address);
  BOOST_TEST(of(countries, std::string(100000, '1')) == "none");
  BOOST_TEST(of(countries, std::string("x\0y", 3)) == "none");
}

BOOST_AUTO_TEST_CASE(a_code_that_is_none_is_no_country) {
  const File file(country_file(kNetworks));
  const clicks::Countries countries(file.path());
  for (const char* address : {"203.0.113.1", "203.0.113.65", "203.0.113.129", "203.0.113.193"})
    BOOST_TEST(of(countries, address) == "none", address);
}

BOOST_AUTO_TEST_CASE(without_a_file_there_are_no_countries) {
  const clicks::Countries countries("");
  BOOST_TEST(of(countries, "192.0.2.1") == "none");
}

BOOST_AUTO_TEST_CASE(it_can_be_moved) {
  const File file(country_file(kNetworks));
  clicks::Countries first(file.path());
  const clicks::Countries second(std::move(first));
  BOOST_TEST(of(second, "192.0.2.1") == "DE");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_read_is_said_by_its_name) {
  const std::string whole = country_file(kNetworks);
  const File file;
  for (const std::string& bytes : {std::string(), std::string("country,network\n"), std::string(100000, '\0'),
                                   whole.substr(0, whole.size() / 2), whole.substr(0, whole.size() - 200)}) {
    file.write(bytes);
    BOOST_CHECK_EXCEPTION(clicks::Countries countries(file.path()), std::runtime_error, [&](const auto& error) {
      return std::string(error.what()).find(file.path()) != std::string::npos;
    });
  }
  BOOST_CHECK_THROW(clicks::Countries("/nonexistent/countries.mmdb"), std::runtime_error);
  BOOST_CHECK_THROW(clicks::Countries("/tmp"), std::runtime_error);
}

// Whatever is damaged: it is said at the start, or a visitor has a country of two letters, or none.
BOOST_AUTO_TEST_CASE(a_damaged_byte_crashes_nothing) {
  const std::string whole = country_file(kNetworks);
  const File file;
  int refused = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
    file.write(damaged);
    try {
      const clicks::Countries countries(file.path());
      for (const char* address : {"192.0.2.129", "2001:db8:1::1", "203.0.113.1"}) {
        const std::string country = of(countries, address);
        BOOST_REQUIRE((country == "none" || country.size() == 2u));
      }
    } catch (const std::runtime_error&) {
      ++refused;
    }
  }
  BOOST_TEST_MESSAGE(whole.size() << " files with a byte damaged: " << refused << " refused");
  BOOST_TEST(refused > 0);
}

BOOST_AUTO_TEST_SUITE_END()
