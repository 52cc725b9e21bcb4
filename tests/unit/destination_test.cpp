// Which URLs may be destinations, in tables: what browsers take and what they do not, what is not public, and what each
// refusal says; and the ranges of addresses that a fetcher has to keep off as well.
#include "app/links/destination.hpp"

#include <string>
#include <vector>

#include "app/http/address.hpp"
#include "tests/support/boost_test.hpp"

namespace {

constexpr const char* kOwn = "https://ql.example";

std::string repeated(const std::string& text, int times) {
  std::string result;
  while (times-- > 0) result += text;
  return result;
}

std::string fault_of(const std::string& url, const std::string& own = kOwn) {
  return links::destination_fault(url, own).value_or("");
}

struct Case {
  std::string url;
  std::string part;  // of what is said of it
};

void expect_faults(const std::vector<Case>& cases, const std::string& own = kOwn) {
  for (const auto& [url, part] : cases) {
    const std::string fault = fault_of(url, own);
    BOOST_TEST((!fault.empty() && fault.find(part) != std::string::npos), url.substr(0, 60) << " -> " << fault);
    BOOST_TEST(fault.size() < 250U);
  }
  BOOST_TEST_MESSAGE(cases.size() << " URLs refused, each with its reason");
}

void expect_good(const std::vector<std::string>& urls, const std::string& own = kOwn) {
  for (const auto& url : urls) BOOST_TEST(fault_of(url, own) == "", url.substr(0, 80) << " -> " << fault_of(url, own));
  BOOST_TEST_MESSAGE(urls.size() << " URLs taken");
}

// Hosts that lead to `part`; each with a path, and with a port.
void expect_hosts(const std::vector<std::string>& hosts, const std::string& part) {
  std::vector<Case> cases;
  for (const auto& host : hosts)
    for (const std::string rest : {"", "/x", "?x", "#x", ":8443/", "/a@b"})
      cases.push_back({"https://" + host + rest, part});
  expect_faults(cases);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(destinations)

BOOST_AUTO_TEST_CASE(what_every_browser_opens) {
  expect_good({"https://a.example",
               "http://a.example",
               "HTTPS://A.Example/",
               "hTtP://a.example/",
               "https://a.example.:443/",
               "https://a.example:08443/",
               "https://a.example?x=https://b.example/@c",
               "https://a.example#:x@y",
               "https://a.example/{id}|x^`[y]",
               "https://a.example/%zz%",
               "https://a.example/a;b,c=(d)!*'~$&+",
               "https://a_b.example/",
               "https://_a.a-b.example/",
               "https://xn--mnchen-3ya.example/",
               "https://a--b.example/",
               "https://1a.example/",
               "https://1.2.3.4.example/",
               "https://0x7f.example/",
               "https://a.0xg/",
               "https://8.8.8.8/",
               "https://8.8.8.8.:8443/",
               "https://134744072/",
               "https://[2606:4700:4700::1111]/",
               "https://[2606:4700:4700::1111]:8443/x",
               "https://[2A00:1450::]/",
               "https://internal.example/",
               "https://localhost.example/",
               "https://mylocal.com/",
               "https://onion.com/",
               "https://atest.com/",
               "https://merchant.example/?irclickid=0gcDRWQiSp1n79sCgvfdx5&irgwc=1",
               "https://a.example/" + repeated("x", 2048 - 18),
               "https://" + repeated("a", 63) + ".example/",
               "https://" + repeated(repeated("a", 60) + ".", 4) + "examples/"});
}

BOOST_AUTO_TEST_CASE(what_is_no_whole_url) {
  expect_faults({{"", "is empty"},
                 {"shareasale.com/r", "is not absolute"},
                 {"www.a.example", "as in https://shop.example/item"},
                 {"//a.example/", "write https: before"},
                 {"/path", "is not absolute"},
                 {"https:/a.example", "write two slashes behind https:"},
                 {"http:a.example", "write two slashes behind http:"},
                 {"HTTPS:", "write two slashes"},
                 {"httpss://a.example", "is not absolute"},
                 {"ftp://a.example/", "is not absolute"},
                 {"javascript:alert(1)", "is not absolute"},
                 {"javascript://a.example/%0Aalert(1)", "is not absolute"},
                 {"data:text/html,x", "is not absolute"},
                 {"view-source:https://a.example/", "is not absolute"},
                 {"://a.example", "is not absolute"},
                 {"https://", "has no host"},
                 {"https:///path", "has no host"},
                 {"https://:80/", "has no host"},
                 {"https://?x", "has no host"},
                 {"https://#x", "has no host"},
                 {"https://a.example/" + repeated("x", 2049 - 18), "longer than 2,048"}});
}

BOOST_AUTO_TEST_CASE(characters_and_how_to_write_them) {
  expect_faults({{"https://a.example/ b", "%20"},
                 {" https://a.example/", "%20, or take it out"},
                 {"https://a.example/\r\nSet-Cookie:x", "control character"},
                 {"https://a.exa\tmple/", "control character"},
                 {std::string("https://a.example/\0", 19), "control character"},
                 {"https://a.example/\x7F", "control character"},
                 {"https://a.example/\"x", "write %22"},
                 {"https://a.example/<x", "write %3c"},
                 {"https://a.example/>x", "write %3e"},
                 {"https://a.example\\@b.example/", "or / if a slash was meant"},
                 {"https:\\\\a.example/", "character \\"},
                 {"https://münchen.example/", "xn--"},
                 {"https://a.example/ü", "percent-encode it"},
                 {"https://１２７.0.0.1/", "outside ASCII"},
                 {"https://127。0。0。1/", "outside ASCII"},
                 {"https://ⓛocalhost/", "outside ASCII"},
                 {"https://a.example/\xFF", "outside ASCII"}});
}

BOOST_AUTO_TEST_CASE(credentials_and_ports) {
  expect_faults({{"https://user@a.example/", "user name"},
                 {"https://user:secret@a.example/", "user name"},
                 {"https://@a.example/", "user name"},
                 {"https://a.example:443@b.example/", "user name"},
                 {"https://a.example%40b.example/", "character %"},
                 {"https://a.example:/", "bad port"},
                 {"https://a.example:0/", "bad port"},
                 {"https://a.example:65536/", "bad port"},
                 {"https://a.example:99999999999999999999/", "bad port"},
                 {"https://a.example:8x/", "bad port"},
                 {"https://a.example:-1/", "bad port"},
                 {"https://a.example:+80/", "bad port"},
                 {"https://a.example:80:80/", "bad host"},
                 {"https://a.example:22/", "port 22, which browsers do not open"},
                 {"https://a.example:025/", "port 25, which"},
                 {"https://a.example:6667/", "browsers do not open"},
                 {"https://a.example:10080/", "browsers do not open"}});
  expect_good(
      {"https://a.example:1024/", "https://a.example:65535/", "https://a.example:6670/", "http://a.example:8080"});
}

BOOST_AUTO_TEST_CASE(hosts_that_are_none) {
  expect_hosts({"a..example",
                ".a.example",
                "a.example..",
                ".",
                "..",
                "-a.example",
                "a-.example",
                "a.-example",
                repeated("a", 64) + ".example",
                repeated("abcdefg.", 32) + "example",
                "a!b.example",
                "a*.example",
                "%61.example",
                "a.ex%61mple",
                "a,b.example",
                "a.example%00",
                "[]",
                "[::1",
                "[1:2:3]",
                "[::12345]",
                "[::1%25eth0]",
                "[1::2::3]",
                "[::1.2.3]",
                "[8.8.8.8]",
                "[example]",
                "::1]",
                "1.2.3.4.5",
                "256.1.1.1",
                "1.2.3.256",
                "1.2.65536",
                "1.16777216",
                "4294967296",
                "0x100000000",
                "1..2",
                "09",
                "1.2.3.08",
                "0xg.1",
                "a.1",
                "a.example.0x",
                "1.2.3.4.0x5",
                "%31%32%37.0.0.1",
                "127%2E0%2E0%2E1"},
               "has a bad host");
}

BOOST_AUTO_TEST_CASE(private_addresses_in_every_spelling) {
  expect_hosts({"127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "127.255.255.254", "0x7f.1", "0X7F.0.0.1", "0x7f000001",
                "0x7f.0x0.0x0.0x1", "017700000001", "0177.1", "0177.0.0.01", "00000177.1", "2130706433", "2130706433.",
                "0x00000000007f000001", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000::0001]"},
               "set aside for the computer itself");
  expect_hosts(
      {"10.0.0.1", "10.1", "0xa.1", "012.1", "167772161", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.168.257",
       "0300.0250.1.1", "0xC0A80101", "3232235777", "[fc00::1]", "[fd12:3456::1]", "[FD00:EC2::254]", "[fec0::1]"},
      "set aside for a private network");
  expect_hosts({"169.254.169.254", "169.254.43518", "0xA9FEA9FE", "2852039166", "[fe80::1]", "[febf::1]"},
               "set aside for a local network");
  expect_hosts(
      {"[::ffff:127.0.0.1]", "[::FFFF:7f00:1]", "[::ffff:8.8.8.8]", "[::127.0.0.1]", "[::7f00:1]", "[::]",
       "[64:ff9b::10.0.0.1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:0:4136:e378::]", "[::ffff:0:127.0.0.1]"},
      "set aside for an IPv4 address in another form");
  expect_hosts({"0", "0.0.0.0", "00", "0x0", "0x", "0.1.2.3"}, "\"this\" network");
  expect_hosts({"168.63.129.16", "0xA83F8110"}, "a cloud's inner services");
  expect_hosts({"192.0.2.1", "198.51.100.7", "203.0.113.255", "[2001:db8::1]", "[3fff::1]"}, "documentation");
  expect_hosts({"224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "4294967295", "[ff02::1]"},
               "multicast");
}

BOOST_AUTO_TEST_CASE(names_that_are_not_public) {
  expect_hosts({"localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.LocalHost."}, "visitor's own computer");
  expect_hosts({"printer.local", "db.internal", "metadata.google.internal", "router.lan", "nas.home.arpa", "x.corp",
                "x.home", "x.intranet", "localhost.localdomain", "x.private"},
               "within one network only");
  expect_hosts({"intranet", "shop", "a_b", "com"}, "known within one network only");
  expect_hosts({"shopx"}, "as in \"shopx.com\"");
  expect_hosts({"a.test"}, "is for tests");
  expect_hosts({"a.invalid"}, "on purpose");
  expect_hosts({"abcdefghij234567.onion"}, "Tor browser");
  expect_hosts({"x.alt"}, "not a name of the internet");
  expect_hosts({"1.0.0.127.in-addr.arpa"}, "names no web server");
}

BOOST_AUTO_TEST_CASE(our_own_proxy_links_lead_in_a_circle) {
  const std::string circle = "is a proxy link of this installation";
  expect_faults({{"https://ql.example/go/abc", circle},
                 {"HTTPS://QL.Example/go/abc?x#y", circle},
                 {"https://ql.example:443/go/abc", circle},
                 {"https://ql.example.:0443/go/abc", circle},
                 {"http://ql.example/go/abc", circle},
                 {"http://ql.example:80/go/abc", circle},
                 {"https://ql.example//go//abc", circle},
                 {"https://ql.example/./go/abc", circle},
                 {"https://ql.example/x/../go/abc", circle},
                 {"https://ql.example/x/%2e%2E/%67o/abc", circle},
                 {"https://ql.example/go%2Fabc", circle},
                 {"https://ql.example/../../go/abc/", circle}});
  expect_good({"https://ql.example/", "https://ql.example/go", "https://ql.example/go/", "https://ql.example/gone/x",
               "https://ql.example/GO/abc", "https://ql.example/x/go/abc", "https://ql.example?/go/abc",
               "https://ql.example/go/../x", "https://ql.example:8443/go/abc", "https://www.ql.example/go/abc",
               "https://ql.example.com/go/abc"});
  expect_faults({{"https://ql.example:8443/go/abc", circle}, {"http://QL.example/go/abc", circle}},
                "https://QL.Example:8443");
  expect_faults({{"https://localhost:8443/go/abc", circle}}, "https://localhost:8443");
  expect_faults({{"https://8.8.8.8/go/abc", circle},
                 {"https://8.8.2056/go/abc", circle},
                 {"https://0x08080808./go/abc", circle},
                 {"https://134744072:443/go/abc", circle}},
                "https://8.8.8.8");
  expect_faults({{"https://[2606:4700::1]/go/abc", circle},
                 {"https://[2606:4700:0:0::0001]/go/abc", circle},
                 {"https://[2606:4700::0.0.0.1]/go/abc", circle}},
                "https://[2606:4700::1]");
  expect_good({"https://8.8.8.9/go/abc", "https://8.8.8.8.example/go/abc"}, "https://8.8.8.8");
  expect_good({"https://[2606:4700::2]/go/abc", "https://8.8.8.8/go/abc"}, "https://[2606:4700::1]");
  expect_good({"https://ql.example/go/abc"}, "https://ql.example:8443");
  expect_good({"https://ql.example/go/abc"}, "");
}

BOOST_AUTO_TEST_CASE(the_host_of_a_destination) {
  BOOST_TEST(links::host_of("HTTPS://WWW.Shop.Example.:8443/x") == "www.shop.example");
  BOOST_TEST(links::host_of("http://a.example?x") == "a.example");
  BOOST_TEST(links::host_of("nonsense") == "");
}

// Each range by its edges: the first and last address in it, and its neighbours outside.
BOOST_AUTO_TEST_CASE(ranges_begin_and_end_where_their_registries_say) {
  const struct {
    std::string before, first, last, behind;
  } ranges[] = {{"", "0.0.0.0", "0.255.255.255", "1.0.0.0"},
                {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
                {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
                {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
                {"168.63.129.15", "168.63.129.16", "168.63.129.16", "168.63.129.17"},
                {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
                {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
                {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
                {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
                {"192.31.195.255", "192.31.196.0", "192.31.196.255", "192.31.197.0"},
                {"192.52.192.255", "192.52.193.0", "192.52.193.255", "192.52.194.0"},
                {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
                {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
                {"192.175.47.255", "192.175.48.0", "192.175.48.255", "192.175.49.0"},
                {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
                {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
                {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"},
                {"223.255.255.255", "224.0.0.0", "255.255.255.255", ""},
                {"", "[::]", "[::ffff:ffff]", "[::1:0:0]"},
                {"[::fffe:ffff:ffff]", "[::ffff:0:0]", "[::ffff:ffff:ffff]", "[::1:0:0:0]"},
                {"[64:ff9a:ffff::]", "[64:ff9b::]", "[64:ff9b::ffff:ffff]", "[64:ff9b::1:0:0]"},
                {"[64:ff9b:0:ffff::]", "[64:ff9b:1::]", "[64:ff9b:1:ffff:ffff:ffff:ffff:ffff]", "[64:ff9b:2::]"},
                {"[ff:ffff::]", "[100::]", "[100::1:ffff:ffff:ffff:ffff]", "[100:0:0:2::]"},
                {"[2000:ffff::]", "[2001::]", "[2001:1ff:ffff::]", "[2001:200::]"},
                {"[2001:db7:ffff::]", "[2001:db8::]", "[2001:db8:ffff::]", "[2001:db9::]"},
                {"[2001:ffff::]", "[2002::]", "[2002:ffff::]", "[2003::]"},
                {"[2620:4f:7fff::]", "[2620:4f:8000::]", "[2620:4f:8000:ffff::]", "[2620:4f:8001::]"},
                {"[3ffe:ffff::]", "[3fff::]", "[3fff:fff:ffff::]", "[3fff:1000::]"},
                {"[5eff:ffff::]", "[5f00::]", "[5f00:ffff::]", "[5f01::]"},
                {"[fbff:ffff::]", "[fc00::]", "[fdff:ffff::]", "[fe00::]"},
                {"[fe7f:ffff::]", "[fe80::]", "[feff:ffff::]", ""},
                {"", "[ff00::]", "[ffff:ffff::]", ""}};
  for (const auto& range : ranges) {
    for (const auto& inside : {range.first, range.last})
      BOOST_TEST(fault_of("https://" + inside + "/").find("set aside") != std::string::npos, inside << " is public");
    for (const auto& outside : {range.before, range.behind})
      if (!outside.empty()) BOOST_TEST(fault_of("https://" + outside + "/") == "", outside << " is not public");
  }
  BOOST_TEST_MESSAGE(std::size(ranges) << " ranges, by their edges");
}

BOOST_AUTO_TEST_CASE(numbers_that_are_addresses) {
  const struct {
    std::string host;
    std::optional<http::Ipv4> address;
  } cases[] = {{"1.2.3.4", 0x01020304},
               {"1.2.772", 0x01020304},
               {"1.131844", 0x01020304},
               {"16909060", 0x01020304},
               {"0x1.2.3.4", 0x01020304},
               {"01.02.03.04", 0x01020304},
               {"0", 0},
               {"0x.0x.0x", 0},
               {"1.2.3.4.", 0x01020304},
               {"1.2.3.4..", std::nullopt},
               {"", std::nullopt},
               {".", std::nullopt},
               {"1.2.3.4.5", std::nullopt},
               {"1.2.3.a", std::nullopt},
               {"0x1g", std::nullopt},
               {"08", std::nullopt},
               {"256.0", std::nullopt},
               {"0.16777216", std::nullopt}};
  for (const auto& c : cases) BOOST_TEST((http::parse_ipv4(c.host) == c.address), c.host);
  for (const auto* host : {"1", "a.1", "a.1.", "09", "a.0x", "a.0Xf", "1.2.3.4.5"})
    BOOST_TEST(http::ends_in_number(host));
  for (const auto* host : {"", "a", "1.a", "1a", "a.0xg", "a..", "1.2.."}) BOOST_TEST(!http::ends_in_number(host));
}

BOOST_AUTO_TEST_SUITE_END()
