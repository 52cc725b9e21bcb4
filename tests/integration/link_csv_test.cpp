// CSV both ways on a database: a dry run tells what the import then does, and what was exported comes back as it was.
#include <algorithm>
#include <random>
#include <string>

#include "app/links/exporter.hpp"
#include "app/links/importer.hpp"
#include "tests/integration/fixture.hpp"
#include "tests/support/boost_test.hpp"
#include "tests/support/wait_until.hpp"

namespace {

using integration::Fixture;

struct Csv : Fixture {
  links::ImportSummary import(std::string_view text, bool dry_run) {
    links::CsvReader reader([&](char* into, std::size_t size) {
      const auto count = text.copy(into, size);
      text.remove_prefix(count);
      return count;
    });
    const links::Programs programs(web.programs().all());
    links::Importer importer(web.links(), account, reader, "https://links.example", programs);
    if (dry_run) importer.only_try();
    BOOST_TEST((importer.run([](std::int64_t) { return true; }) == links::Importer::Result::complete));
    return importer.summary();
  }

  std::string exported() {
    links::Exporter exporter(links::found_links(web.link_search(), account, {}, 20'000), "https://links.example");
    std::string text;
    while (exporter.next(text)) {
    }
    return text;
  }

  // Everything that an import could touch.
  std::string state() {
    return database.sql(
        "select concat_ws(' ', (select md5(string_agg(slug, ',' order by slug)) from slugs), (select count(*) from "
        "links), "
        "(select count(*) from events), (select string_agg(c::text, ',') from account_counters c))");
  }
  void allow(const std::string& links) { database.sql("update plans set links_limit = " + links); }
};

std::string told(const links::ImportSummary& summary) {
  std::string text = std::to_string(summary.imported) + " in, " + std::to_string(summary.skipped) + " skipped\n";
  for (const auto& fault : summary.faults)
    text += std::to_string(fault.line) + " " + fault.column + ": " + fault.reason + "\n";
  return text;
}

// Few slugs for many rows, so that they meet within a batch, across batches and with what is there.
std::string random_file(std::mt19937& random, std::size_t rows, std::size_t slugs) {
  std::string csv = "label,url,program,slug\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const bool bad = random() % 50 == 0;
    const std::string slug = random() % 4 == 0 ? "" : "s" + std::to_string(random() % slugs);
    csv += "Link," + std::string(bad ? "nowhere" : "https://shop.example/1") + ",," + slug + "\n";
  }
  return csv;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(link_csv)

BOOST_FIXTURE_TEST_CASE(a_dry_run_tells_what_the_import_then_does, Csv) {
  std::mt19937 random(20260427);  // the same every time
  web.links().insert(account, integration::new_links(50, "s"));
  const auto other = owner.accounts().add("Other Agency", "agency").id;
  std::vector<db::NewLink> theirs = integration::new_links(100, "s");
  web.links().insert(other, std::span(theirs).subspan(50));
  std::int64_t rows = 0, in = 0;
  for (int round = 0; round < 12; ++round) {
    const auto size = static_cast<std::size_t>(random() % 4000);
    const auto file = random_file(random, size, 200 + random() % 20'000);
    allow(round % 3 == 0 ? "null"
                         : "(select links_total + " + std::to_string(random() % (size + 1)) +
                               " from account_counters where account_id = '" + account_text() + "')");
    const auto before = state();
    const auto trial = import(file, true);
    BOOST_TEST(state() == before);
    const auto real = import(file, false);
    BOOST_TEST(told(trial) == told(real), "round " << round);
    BOOST_TEST(real.imported + real.skipped == static_cast<std::int64_t>(size));
    rows += real.imported + real.skipped;
    in += real.imported;
  }
  BOOST_TEST(in > 1000);
  BOOST_TEST(rows > 2 * in);
  BOOST_TEST_MESSAGE("12 random files of " << rows << " rows: " << in << " went in, as the dry runs had said");
}

BOOST_FIXTURE_TEST_CASE(a_slug_beyond_the_plan_stays_free, Csv) {
  allow("1001");  // the second batch has room for one
  std::string csv = "label,url,program,slug\n";
  for (int i = 0; i < 1003; ++i) csv += "L,https://a.example,,n" + std::to_string(i) + "\n";
  csv += "L,https://a.example,,n1002\nL,https://a.example,,n7\n";  // n1002 did not go in, n7 did
  const auto trial = import(csv, true);
  BOOST_TEST(trial.imported == 1001);
  BOOST_TEST(told(trial) == told(import(csv, false)));
}

BOOST_FIXTURE_TEST_CASE(what_was_exported_comes_back_as_it_was, Csv) {
  static const std::vector<std::string> pieces = {
      "=",  "+", "-", "@",   "'",   "''", "\"", ",", ";", "x", "ä", "€ 5", "=HYPERLINK(\"http://x\")",
      "'=", "#", "|", "a b", "\"\""};
  std::mt19937 random(20260427);  // the same every time
  const auto odd = [&](bool semicolons) {
    std::string text;
    for (auto left = 1 + random() % 4; left > 0; --left) {
      const auto& piece = pieces[random() % pieces.size()];
      if (semicolons || piece != ";") text += piece;
    }
    return text.empty() ? "x" : text;
  };
  std::vector<db::NewLink> links = integration::new_links(1700, "s");
  for (auto& link : links) {
    link.label = odd(true);
    link.slug = (random() % 3 == 0 ? "-" : "_") + link.slug;
    link.created_at = 1'700'000'000 + static_cast<std::int64_t>(random() % 500);  // many at the same second
    if (random() % 2 == 0) link.program = odd(true);
    if (random() % 2 == 0) link.fallback_url = "https://fallback.example/?a=1,2";
    for (auto left = random() % 4; left > 0; --left)
      if (const auto tag = odd(false); std::find(link.tags.begin(), link.tags.end(), tag) == link.tags.end())
        link.tags.push_back(tag);
  }
  web.links().insert(account, links);
  const std::string columns =
      "select md5(string_agg(concat_ws('|', label, url, program, slug, tags::text, created_at::text, "
      "fallback_url), E'\\n' order by slug)) from links";
  const auto before = database.sql(columns);
  const auto file = exported();
  BOOST_TEST(std::count(file.begin(), file.end(), '\n') == 1701);
  database.sql("delete from links");
  const auto summary = import(file, false);
  BOOST_TEST(told(summary) == "1700 in, 0 skipped\n");
  BOOST_TEST(database.sql(columns) == before);
}

BOOST_FIXTURE_TEST_CASE(an_export_loses_no_link_and_shows_none_twice_while_others_come_and_go, Csv) {
  web.links().insert(account, integration::new_links(2000, "s"));
  database.sql("update links set created_at = created_at + (random() * 0.9) * interval '1 second'");  // not by us
  auto pages = links::found_links(web.link_search(), account, {}, 20'000);
  std::vector<std::string> seen;
  for (auto page = pages(); !page.empty(); page = pages()) {
    for (const auto& link : page) seen.push_back(link.slug);
    owner.links().insert(account, integration::new_links(10, "new" + std::to_string(seen.size()) + "-"));
    database.sql("delete from links where slug = '" + seen.back() + "'");  // the very place where the walk stands
  }
  std::sort(seen.begin(), seen.end());
  BOOST_TEST((std::adjacent_find(seen.begin(), seen.end()) == seen.end()));
  BOOST_TEST(std::count_if(seen.begin(), seen.end(), [](const auto& slug) { return slug.starts_with("s"); }) == 2000);
}

BOOST_FIXTURE_TEST_CASE(places_for_transfers_are_few_and_go_with_their_session, Csv) {
  const std::vector<db::PlaceGroup> mine = {{"import of A", 1}, {"host", 2}},
                                    theirs = {{"import of B", 1}, {"host", 2}},
                                    third = {{"import of C", 1}, {"host", 2}};
  db::Database second(database.options());
  BOOST_TEST(web.transfers().begin(mine));
  BOOST_TEST(!owner.transfers().begin(mine));
  BOOST_TEST(owner.transfers().begin(theirs));
  BOOST_TEST(!second.transfers().begin(third));
  owner.transfers().end();
  BOOST_TEST(second.transfers().begin(third));
  second.transfers().end();
  {
    db::Database killed(database.options());
    BOOST_TEST(killed.transfers().begin(theirs));
    BOOST_TEST(!second.transfers().begin(theirs));
  }
  BOOST_TEST(support::wait_until([&] { return second.transfers().begin(theirs); }, 10));  // the server needs a moment
}

BOOST_AUTO_TEST_SUITE_END()
