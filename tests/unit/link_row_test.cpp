// Which rows become links, and what is said of the others.
#include "app/links/link_row.hpp"

#include <string>
#include <vector>

#include "app/base/clock.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using Row = std::vector<std::string>;

const Row kHeader{"label", "url", "program", "slug", "tags", "created_at", "fallback_url"};
const Row kGoodRow{
    "Best USB Microphone 2026", "https://shareasale.com/r/product/1234", "ShareASale", "abc123", "audio; gifts;audio;",
    "2026-01-15T10:00:00Z",     "https://agency.example/offers"};

const links::Programs kPrograms({});

links::LinkRowParser parser_of(const Row& header) {
  return {header, "https://ql.example", kPrograms};
}

std::string repeated(const std::string& text, int times) {
  std::string result;
  while (times-- > 0) result += text;
  return result;
}

std::string many_tags(int count) {
  std::string tags;
  for (int i = 0; i < count; ++i) tags += "tag" + std::to_string(i) + ";";
  return tags;
}

// The good row with one cell changed.
Row with(std::size_t field, const std::string& cell) {
  Row row = kGoodRow;
  row[field] = cell;
  return row;
}

std::string fault_of(const Row& row) {
  db::NewLink link;
  const auto fault = parser_of(kHeader).parse(row, 7, link);
  if (!fault) return "";
  BOOST_TEST(fault->line == 7);
  return fault->column + ": " + fault->reason;
}

std::string header_fault(const Row& header) {
  try {
    parser_of(header);
    return "";
  } catch (const links::HeaderFault& fault) {
    return fault.what();
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(link_rows)

BOOST_AUTO_TEST_CASE(a_good_row_becomes_a_link) {
  db::NewLink link;
  BOOST_TEST(!parser_of(kHeader).parse(kGoodRow, 2, link).has_value());
  BOOST_TEST(link.label == "Best USB Microphone 2026");
  BOOST_TEST(link.url == "https://shareasale.com/r/product/1234");
  BOOST_TEST(link.program.value() == "ShareASale");
  BOOST_TEST(link.slug == "abc123");
  BOOST_TEST((link.tags == std::vector<std::string>{"audio", "gifts"}));
  BOOST_TEST(link.created_at.value() == 1768471200);
  BOOST_TEST(link.fallback_url.value() == "https://agency.example/offers");
}

BOOST_AUTO_TEST_CASE(columns_come_in_any_order_and_all_but_the_url_may_be_missing) {
  db::NewLink link;
  const links::LinkRowParser parser = parser_of({"URL", " program ", "label"});
  BOOST_TEST(!parser.parse({"http://a.example", "", " Label "}, 2, link).has_value());
  BOOST_TEST(link.label == "Label");
  BOOST_TEST(!link.program.has_value());
  BOOST_TEST(link.slug.empty());
  BOOST_TEST(!link.created_at.has_value());
  BOOST_TEST(!link.fallback_url.has_value());
  BOOST_TEST(parser.heading(1) == "url");
  BOOST_TEST(parser.heading(4).empty());

  db::NewLink bare;
  BOOST_TEST(!parser_of({"url"}).parse({"https://shop.example/desk/?tag=mine"}, 2, bare).has_value());
  BOOST_TEST(bare.label == "shop.example/desk");
}

BOOST_AUTO_TEST_CASE(a_bad_header_is_told) {
  BOOST_TEST(header_fault({"label", "program"}) == "column url is missing");
  BOOST_TEST(contains(header_fault({"label", "url", "program", "url"}), "url comes twice"));
  BOOST_TEST(contains(header_fault({"label", "url", "program", "colour"}), "unknown column \"colour\""));
  BOOST_TEST(header_fault({"Name", "label", "label", "uri"}) ==
             R"(unknown column "name"; label comes twice; unknown column "uri"; column url is missing)");
  BOOST_TEST(contains(header_fault({"label;url;program"}), "unknown column"));
  BOOST_TEST(header_fault(Row(10'000, std::string(200, 'x'))).size() < 600U, "it is bounded");
}

BOOST_AUTO_TEST_CASE(each_cell_has_its_bounds) {
  const struct {
    std::size_t field;
    std::string cell;
    std::string fault;  // empty: good
  } cases[] = {
      {0, "", ""},
      {0, "  \t ", ""},
      {0, repeated("é", 200), ""},
      {0, repeated("é", 201), "longer than 200"},
      {0, "two\nlines", "control character"},
      {0, "\nbelow", "begins or ends with a space"},
      {0, "bidi\u202E", "control character"},
      {0, "bell\a", "control character"},
      {1, "", "url: is empty"},
      {1, "shareasale.com/r", "is not absolute"},
      {1, "javascript:alert(1)", "is not absolute"},
      {2, "", ""},
      {2, repeated("x", 100), ""},
      {2, repeated("x", 101), "longer than 100"},
      {3, "", ""},
      {3, "A-z_09", ""},
      {3, "with space", "may hold only"},
      {3, "slash/", "may hold only"},
      {3, "ü", "may hold only"},
      {3, repeated("s", 64), ""},
      {3, repeated("s", 65), "longer than 64"},
      {4, "", ""},
      {4, ";;", ""},
      {4, many_tags(20), ""},
      {4, many_tags(21), "more than 20 tags"},
      {4, repeated("t", 50), ""},
      {4, "a;" + repeated("t", 51), "tags: \"a;tttt"},
      {4, repeated("t", 51), "holds a tag that is longer than 50 characters"},
      {4, "a;b\a", "holds a tag that holds a control character"},
      {5, "", ""},
      {5, "2026-01-15", ""},
      {5, "2026-02-30T10:00:00Z", "is not a time"},
      {5, "2026-01-15T10:00:00+01:00", "is not a time"},
      {5, "yesterday", "is not a time"},
      {5, "1990-01-01T00:00:00Z", ""},
      {5, "1989-12-31T23:59:59Z", "is before 1990"},
      {5, "0001-01-01T00:00:00Z", "is before 1990"},
      {5, base::format_utc(base::unix_seconds() + 86'400), ""},
      {5, base::format_utc(base::unix_seconds() + 86'400 + 60), "more than a day in the future"},
      {5, "9999-12-31T23:59:59Z", "more than a day in the future"},
      {6, "", ""},
      {6, "agency.example/offers", "fallback_url: \"agency.example/offers\" is not absolute"},
      {6, "https://user@agency.example/", "user name"},
      {1, "https://ql.example/go/abc", "proxy link of this installation"},
      {6, "https://ql.example/go/abc", "proxy link of this installation"},
  };
  for (const auto& c : cases) {
    const std::string fault = fault_of(with(c.field, c.cell));
    BOOST_TEST_CONTEXT(kHeader[c.field] << " = " << c.cell.substr(0, 40)) {
      BOOST_TEST((c.fault.empty() ? fault.empty() : contains(fault, c.fault)), fault);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_row_has_as_many_fields_as_the_header) {
  BOOST_TEST(contains(fault_of({"a", "b"}), "has 2 fields, the first line has 7"));
}

BOOST_AUTO_TEST_CASE(a_long_cell_is_not_repeated_whole) {
  const std::string fault = fault_of(with(1, "ftp://" + repeated("é", 500)));
  BOOST_TEST(fault.size() < 200U);
}

BOOST_AUTO_TEST_SUITE_END()
