// The CSV writer: what it writes is read back byte for byte, and no cell begins like a formula.
#include "app/links/csv_writer.hpp"

#include <random>
#include <string>
#include <vector>

#include "app/links/csv.hpp"
#include "app/links/link_row.hpp"
#include "app/links/seen_slugs.hpp"
#include "tests/support/boost_test.hpp"

namespace {

using Table = std::vector<std::vector<std::string>>;

// Of pieces that mean something to a CSV reader, a spreadsheet or the guard.
std::string odd_text(std::mt19937& random) {
  static const std::vector<std::string> pieces = {"=",
                                                  "+",
                                                  "-",
                                                  "@",
                                                  "\t",
                                                  "\r",
                                                  "\n",
                                                  "'",
                                                  "''",
                                                  "\"",
                                                  ",",
                                                  ";",
                                                  "\r\n",
                                                  " ",
                                                  "x",
                                                  "1e5",
                                                  "ä",
                                                  "€",
                                                  "=HYPERLINK(\"x\")",
                                                  "",
                                                  "''=",
                                                  "'x",
                                                  "|",
                                                  "%",
                                                  "'\t'",
                                                  "\"\""};
  std::string text;
  for (auto left = random() % 6; left > 0; --left) text += pieces[random() % pieces.size()];
  return text;
}

std::string write(const Table& table) {
  std::string text;
  links::CsvWriter csv(text);
  for (const auto& record : table) {
    for (const auto& cell : record) csv.cell(cell);
    csv.end_record();
  }
  return text;
}

// The cells as a spreadsheet sees them.
Table read(const std::string& cells) {
  const std::string file = "names,of,columns\n" + cells;  // which tell what separates
  std::string_view text = file;
  links::CsvReader reader([&](char* into, std::size_t size) {
    const auto count = text.copy(into, size);
    text.remove_prefix(count);
    return count;
  });
  Table table;
  for (auto result = reader.next(); result != links::CsvReader::Result::end; result = reader.next()) {
    BOOST_REQUIRE_MESSAGE(result == links::CsvReader::Result::record, reader.fault().reason);
    table.push_back(reader.fields());
  }
  table.erase(table.begin());
  return table;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_writer)

BOOST_AUTO_TEST_CASE(plain_cells_stay_plain_and_others_are_quoted) {
  BOOST_TEST(write({{"a", "", "ä b", "it's"}, {"a,b", "say \"x\"", "two\nlines", "c\rd"}}) ==
             "a,,ä b,it's\r\n\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"c\rd\"\r\n");
}

BOOST_AUTO_TEST_CASE(what_begins_like_a_formula_gets_an_apostrophe) {
  for (const std::string start : {"=", "+", "-", "@", "\t", "\r"}) {
    BOOST_TEST(links::guard_formula(start + "1") == "'" + start + "1");
    BOOST_TEST(links::guard_formula("'" + start + "1") == "''" + start + "1");
    BOOST_TEST(links::unguard_formula("'" + start + "1") == start + "1");
  }
  for (const std::string plain : {"", "'", "''", "x=1", "'x", "''x", " =1", "\n=1"}) {
    BOOST_TEST(links::guard_formula(plain) == plain);
    BOOST_TEST(links::unguard_formula(plain) == plain);
  }
  BOOST_TEST(links::unguard_formula("=1") == "=1");
}

BOOST_AUTO_TEST_CASE(random_cells_come_back_and_none_is_a_formula) {
  std::mt19937 random(20260427);  // the same every time
  std::size_t guarded = 0;
  for (int round = 0; round < 5000; ++round) {
    Table table(1 + random() % 3);
    for (auto& record : table) {
      record.resize(2 + random() % 4);
      for (auto& cell : record) cell = odd_text(random);
    }
    auto back = read(write(table));
    for (auto& record : back)
      for (auto& cell : record) {
        BOOST_REQUIRE(cell.empty() || std::string("=+-@\t\r").find(cell.front()) == std::string::npos);
        const std::string plain(links::unguard_formula(cell));
        guarded += plain == cell ? 0U : 1U;
        cell = plain;
      }
    BOOST_REQUIRE(back == table);
  }
  BOOST_TEST(guarded > 1000U);
  BOOST_TEST_MESSAGE("5,000 random tables came back as they were; " << guarded << " cells were guarded");
}

BOOST_AUTO_TEST_CASE(an_import_takes_the_apostrophe_off_and_passes_over_what_only_an_export_tells) {
  const links::Programs none({});
  const links::LinkRowParser parser({"label", "url", "program", "slug", "tags", "id", "proxy_url", "status",
                                     "failure_mode", "last_checked_at", "clicks_30d"},
                                    "https://ql.example", none);
  db::NewLink link;
  const auto fault =
      parser.parse({"''=1", "https://a.example", "'@home", "'-abc", "'+a;b", "?", "?", "?", "?", "?", "?"}, 2, link);
  BOOST_TEST((fault ? fault->reason : std::string()) == "");
  BOOST_TEST(link.label == "'=1");
  BOOST_TEST(link.program.value_or("") == "@home");
  BOOST_TEST(link.slug == "-abc");
  BOOST_TEST(link.tags == (std::vector<std::string>{"+a", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(seen_slugs_are_known_and_others_are_not) {
  links::SeenSlugs seen;
  for (int i = 0; i < 200'000; ++i) {
    const auto slug = "slug" + std::to_string(i);
    BOOST_REQUIRE(!seen.contains(slug));
    seen.add(slug);
  }
  for (int i = 0; i < 200'000; ++i) BOOST_REQUIRE(seen.contains("slug" + std::to_string(i)));
  BOOST_TEST(!seen.contains("slug"));
}

BOOST_AUTO_TEST_SUITE_END()
