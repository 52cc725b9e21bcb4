// Bulk inserts: a taken slug costs its row, a broken rule the whole batch, ten thousand rows about a second.
#include <thread>

#include "app/base/clock.hpp"
#include "tests/integration/fixture.hpp"

using integration::error_of;
using integration::new_link;
using integration::new_links;

BOOST_FIXTURE_TEST_SUITE(insert, integration::Fixture)

BOOST_AUTO_TEST_CASE(a_taken_slug_costs_only_its_row) {
  const auto first = web.links().insert(account, new_links(3, "a"));
  const auto mixed =
      web.links().insert(account, std::vector{new_link("a1"), new_link("b1"), new_link("b1"), new_link("B1")});
  BOOST_TEST(!mixed[0].id.has_value());
  BOOST_TEST(mixed[1].id.has_value());
  BOOST_TEST(!mixed[2].id.has_value());  // the first of the batch has it
  BOOST_TEST(mixed[3].id.has_value());   // slugs are case-sensitive
  BOOST_TEST(
      database.sql("select count(*) from links join slugs on slugs.link_id = links.id and slugs.slug = links.slug") ==
      "5");
  BOOST_TEST(web.links().insert(account, {}).empty());
  const auto none = web.links().insert(account, new_links(3, "a"));
  BOOST_TEST((!none[0].id && !none[1].id && !none[2].id));
}

BOOST_AUTO_TEST_CASE(a_broken_rule_leaves_nothing_behind) {
  auto links = new_links(3);
  const auto refused = [&](const char* what) {
    const auto error = error_of([&] { web.links().insert(account, links); });
    BOOST_TEST_CONTEXT(what << ": " << error.what()) {
      BOOST_CHECK(error.kind() == db::ErrorKind::invalid);
    }
    links = new_links(3);
    return error;
  };
  links[1].url = "https://x/" + std::string(2048, 'a');
  BOOST_TEST(refused("long url").constraint() == "links_url_check");
  links[1].label = "";
  BOOST_TEST(refused("empty label").constraint() == "links_label_check");
  links[1].label = std::string(201, 'a');
  refused("long label");
  links[1].slug = "a b";
  BOOST_TEST(refused("slug").constraint() == "slugs_slug_check");
  links[1].slug = std::string(65, 'a');
  refused("long slug");
  links[1].label = std::string("a\0b", 3);
  refused("NUL");
  links[1].label = "\xff\xfe";
  refused("broken UTF-8");
  BOOST_TEST(database.sql("select count(*) from links") == "0");
  BOOST_TEST(database.sql("select count(*) from slugs") == "0");
  BOOST_TEST(web.links().insert(account, links).size() == 3u);
}

BOOST_AUTO_TEST_CASE(imports_of_the_same_slugs_at_once_share_them_out) {
  std::vector<std::thread> importers;
  std::atomic<int> added = 0, failed = 0;
  for (int i = 0; i < 4; ++i)
    importers.emplace_back([&, i] {
      db::Database session(database.options());
      for (int round = 0; round < 10; ++round) {
        auto links = new_links(200, "r" + std::to_string(round) + "_");
        if (i % 2) std::reverse(links.begin(), links.end());
        try {
          for (const auto& row : session.links().insert(account, links)) added += row.id.has_value();
        } catch (const db::Error& error) {
          ++failed;
          BOOST_TEST_MESSAGE(error.what());
        }
      }
    });
  for (auto& importer : importers) importer.join();
  BOOST_TEST(failed == 0);
  BOOST_TEST(added == 2000);
  BOOST_TEST(database.sql("select count(*) from links") == "2000");
}

BOOST_AUTO_TEST_CASE(ten_thousand_rows_into_a_new_database) {
  const auto start = base::monotonic_micros();
  for (int i = 0; i < 10; ++i) web.links().insert(account, new_links(1000, "t" + std::to_string(i) + "_"));
  const auto seconds = static_cast<double>(base::monotonic_micros() - start) / 1e6;
  BOOST_TEST_MESSAGE("10,000 links in " << seconds << " s");
  BOOST_TEST(database.sql("select links_total from account_counters") == "10000");
  BOOST_TEST(seconds < 20);  // generous: the machine may be busy; a wrong plan takes minutes
}

BOOST_AUTO_TEST_SUITE_END()
