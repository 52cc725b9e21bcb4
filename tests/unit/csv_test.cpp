// The CSV reader: RFC 4180 in tables, every way in which a file can be cut into chunks, and random tables there and
// back.
#include "app/links/csv.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/boost_test.hpp"

namespace {

using Table = std::vector<std::vector<std::string>>;

struct Parsed {
  Table records;
  std::vector<std::int64_t> lines;
  std::vector<links::CsvFault> faults;
};

// A source that hands out `first` bytes, and then `rest` at a time.
links::CsvReader::Source chunks(std::string_view text, std::size_t first, std::size_t rest) {
  return [text, size = first, rest](char* into, std::size_t room) mutable {
    const std::size_t count = std::min({size, room, text.size()});
    std::memcpy(into, text.data(), count);
    text.remove_prefix(count);
    size = rest;
    return count;
  };
}

Parsed parse(std::string_view text, std::size_t first = 1 << 20, std::size_t rest = 1 << 20) {
  links::CsvReader reader(chunks(text, first, rest));
  Parsed parsed;
  for (;;) {
    const auto result = reader.next();
    if (result == links::CsvReader::Result::end) return parsed;
    if (result == links::CsvReader::Result::fault) {
      parsed.faults.push_back(reader.fault());
    } else {
      parsed.records.push_back(reader.fields());
      parsed.lines.push_back(reader.record_line());
    }
  }
}

std::string write(const Table& table, std::mt19937& random) {
  std::string text;
  for (const auto& record : table) {
    for (std::size_t i = 0; i < record.size(); ++i) {
      if (i > 0) text += ',';
      const bool needs_quotes = record[i].find_first_of("\",;\t\r\n") != std::string::npos || record.size() == 1;
      if (!needs_quotes && random() % 2 == 0) {
        text += record[i];
        continue;
      }
      text += '"';
      for (const char c : record[i]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
      text += '"';
    }
    text += random() % 2 == 0 ? "\n" : "\r\n";
  }
  return text;
}

Table random_table(std::mt19937& random) {
  static const std::vector<std::string> kPieces{"a",  "Z", " ", ",",  "\"", "\n", "\r\n",
                                                "\r", ";", "é", "中", "😀",  "\t"};
  Table table(1 + random() % 6);
  for (auto& record : table) {
    record.resize(1 + random() % 5);
    for (auto& field : record)
      for (auto count = random() % 8; count > 0; --count) field += kPieces[random() % kPieces.size()];
  }
  return table;
}

struct Case {
  const char* what;
  std::string text;
  Table records;
};

const std::vector<Case> kGood{
    {"plain", "a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
    {"no line end at the end", "a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
    {"CRLF", "a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
    {"CR at the very end", "a,b\r", {{"a", "b"}}},
    {"byte order mark",
     "\xEF\xBB\xBF"
     "a,b\n",
     {{"a", "b"}}},
    {"byte order mark before a quote",
     "\xEF\xBB\xBF"
     "\"a\",b\n",
     {{"a", "b"}}},
    {"quotes", "\"a,b\",\"c\"\"d\"\n", {{"a,b", "c\"d"}}},
    {"line feeds in quotes", "\"a\nb\r\nc\",d\n", {{"a\nb\r\nc", "d"}}},
    {"empty fields", ",\n\"\",x,\n", {{"", ""}, {"", "x", ""}}},
    {"a field that is two quotes", "\"\"\"\"\"\"\n", {{"\"\""}}},
    {"blank lines", "\n\r\na\n\n\r\nb\n\n", {{"a"}, {"b"}}},
    {"an empty quoted field is no blank line", "\"\"\n", {{""}}},
    {"spaces stay", " a , b \n", {{" a ", " b "}}},
    {"nothing", "", {}},
    {"only a byte order mark", "\xEF\xBB\xBF", {}},
    {"only blank lines", "\n\r\n\r", {}},
    {"quoted at the end", "a,\"b\"", {{"a", "b"}}},
};

struct Fault {
  const char* what;
  std::string text;
  std::int64_t line;
  std::size_t field;
  std::string says;     // a part of the reason
  std::size_t records;  // that are read all the same
};

const std::vector<Fault> kBad{
    {"quote within a plain field", "x\na,b\"c\"\ny\n", 2, 2, "middle of a field", 2},
    {"text behind a closing quote", "x\n\"a\"b,c\ny\n", 2, 1, "behind a closing quote", 2},
    {"CR alone", "x\na\rb\ny\n", 2, 1, "carriage return", 2},
    {"quote never closed", "x\n\"a,b\ny\n", 2, 1, "never closed", 1},
    {"NUL", std::string("x\na,b\0c\ny\n", 10), 2, 2, "NUL", 2},
    {"NUL in quotes, with a line feed behind it", std::string("x\n\"b\0\nc\"\ny\n", 11), 2, 1, "NUL", 2},
    {"broken UTF-8", "x\na,\xC3(\ny\n", 2, 2, "UTF-8", 2},
    {"UTF-16 surrogate", "\xED\xA0\x80\ny\n", 1, 1, "UTF-8", 1},
    {"Latin-1", "x\ncaf\xE9,b\ny\n", 2, 1, "UTF-8", 2},
    {"long field", "x\na," + std::string(links::kCsvMaxField + 1, 'b') + "\ny\n", 2, 2, "16,384", 2},
    {"long record", "x\n" + std::string(links::kCsvMaxRecord, ',') + "\ny\n", 2, links::kCsvMaxRecord + 1, "65,536", 2},
    {"runaway quote", "x\n\"" + std::string(links::kCsvMaxRecord, '\n') + "y\n", 2, 1, "quote left open", 0},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(the_first_record_tells_what_separates) {
  const Table expected{{"url", "label"}, {"https://shop.example/?a=1,2", "Desk; oak"}};
  for (const std::string separator : {",", ";", "\t"}) {
    const auto parsed = parse("\xEF\xBB\xBFurl" + separator + "label\r\n\"https://shop.example/?a=1,2\"" + separator +
                              "\"Desk; oak\"\r\n");
    BOOST_TEST((parsed.records == expected), separator);
    BOOST_TEST(parsed.faults.empty());
  }
  BOOST_TEST(
      (parse("url\nhttps://shop.example/;a\tb,c\n").records == Table{{"url"}, {"https://shop.example/;a\tb", "c"}}));
  BOOST_TEST((parse("\"url\";label,x\n").records == Table{{"url", "label,x"}}));
}

BOOST_AUTO_TEST_CASE(reads_rfc_4180) {
  for (const Case& good : kGood) {
    BOOST_TEST_CONTEXT(good.what) {
      const Parsed parsed = parse(good.text);
      BOOST_TEST((parsed.records == good.records));
      BOOST_TEST(parsed.faults.empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(reports_what_breaks_the_form_and_goes_on) {
  for (const Fault& bad : kBad) {
    BOOST_TEST_CONTEXT(bad.what) {
      const Parsed parsed = parse(bad.text);
      BOOST_REQUIRE(!parsed.faults.empty());
      BOOST_TEST(parsed.faults[0].line == bad.line);
      BOOST_TEST(parsed.faults[0].reason.find(bad.says) != std::string::npos, parsed.faults[0].reason);
      if (bad.records == 0) continue;  // what remains of a runaway quote is anyone's guess, but it ends
      BOOST_TEST(parsed.faults[0].field == bad.field);
      BOOST_TEST(parsed.faults.size() == 1U);
      BOOST_TEST(parsed.records.size() == bad.records);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_field_and_a_record_may_be_as_long_as_the_limit) {
  const std::string field(links::kCsvMaxField, 'x');
  BOOST_TEST((parse(field + "\n").records == Table{{field}}));
  const std::string commas(links::kCsvMaxRecord - 1, ',');
  BOOST_TEST(parse(commas + "\n").faults.empty());
}

BOOST_AUTO_TEST_CASE(counts_lines_as_an_editor_does) {
  const Parsed parsed = parse("a\r\n\n\"b\nb\nb\"\nc\n");
  BOOST_TEST((parsed.lines == std::vector<std::int64_t>{1, 3, 6}));
  const Parsed broken = parse("a\n\"b\nb\"x\nc\n");
  BOOST_REQUIRE(broken.faults.size() == 1U);
  BOOST_TEST(broken.faults[0].line == 2);
  BOOST_TEST(broken.faults[0].reason.find("lines 2 to 3 are left out") != std::string::npos, broken.faults[0].reason);
}

BOOST_AUTO_TEST_CASE(chunks_may_end_at_any_byte) {
  std::vector<std::string> texts;
  for (const Case& good : kGood) texts.push_back(good.text);
  for (const Fault& bad : kBad)
    if (bad.text.size() < 1000) texts.push_back(bad.text);
  std::size_t cuts = 0;
  for (const std::string& text : texts) {
    const Parsed whole = parse(text);
    for (std::size_t first = 1; first <= text.size(); ++first) {
      for (const std::size_t rest : {std::size_t{1}, std::size_t{3}, text.size()}) {
        const Parsed cut = parse(text, first, rest);
        BOOST_TEST_REQUIRE((cut.records == whole.records));
        BOOST_TEST_REQUIRE((cut.lines == whole.lines));
        BOOST_TEST_REQUIRE(cut.faults.size() == whole.faults.size());
        ++cuts;
      }
    }
  }
  BOOST_TEST_MESSAGE("the same records and faults from " << cuts << " ways to cut the input into chunks");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
  std::mt19937 random(4180);
  constexpr int kTables = 3000;
  for (int i = 0; i < kTables; ++i) {
    const Table table = random_table(random);
    const std::string text = write(table, random);
    const Parsed parsed = parse(text, 1 + random() % 9, 1 + random() % 9);
    BOOST_TEST_REQUIRE((parsed.records == table), text);
    BOOST_TEST_REQUIRE(parsed.faults.empty());
  }
  BOOST_TEST_MESSAGE(kTables << " random tables came back as they were written");
}

BOOST_AUTO_TEST_CASE(random_bytes_do_no_harm) {
  std::mt19937 random(1);
  static constexpr std::string_view kBytes = "ab,,\"\"\n\n\r\xC3\xA9\0";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto count = random() % 40; count > 0; --count) text += kBytes[random() % kBytes.size()];
    const Parsed parsed = parse(text, 1 + random() % 5, 1 + random() % 5);
    for (const auto& record : parsed.records) BOOST_TEST_REQUIRE(!record.empty());
    for (const auto& fault : parsed.faults) BOOST_TEST_REQUIRE(fault.line >= 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()
