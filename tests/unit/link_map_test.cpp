// The link map: what its one writer writes, every reader finds.
#include "app/clicks/link_map.hpp"

#include <csignal>
#include <iostream>

#include <grp.h>

#include "app/base/clock.hpp"
#include "app/clicks/link_map_file.hpp"
#include "tests/unit/link_map_fixture.hpp"

namespace {

using clicks::LinkMap;
using clicks::LinkMapWriter;
using unit::entries;
using unit::entry;
using unit::slug;
using unit::url_of;

using Urls = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(link_map, unit::MapFolder)

BOOST_AUTO_TEST_CASE(a_change_is_seen_by_readers_at_once) {
  LinkMap map(path);
  BOOST_TEST(!map.open(0));
  BOOST_TEST(!map.find("a").has_value());
  BOOST_TEST(!map.complete());

  BOOST_TEST(apply({entry("a", "https://a.example/"), entry("b", "https://b.example/")}, "12") == 0);
  BOOST_TEST(map.open(1));
  const auto target = map.find("a");
  BOOST_REQUIRE(target.has_value());
  BOOST_TEST(target->url == "https://a.example/");
  BOOST_TEST((target->account_id == entry("a", "").account_id));
  BOOST_TEST((target->link_id == entry("a", "").link_id));
  BOOST_TEST(!map.complete());  // never held all links

  BOOST_TEST(apply({entry("a", "https://changed.example/"), entry("b", ""), entry("never", "")}, "13") == 0);
  BOOST_TEST(url_of(map, "a") == "https://changed.example/");
  BOOST_TEST(!map.find("b").has_value());
  BOOST_TEST(!map.find("A").has_value());
  BOOST_TEST(change([](LinkMapWriter& writer) {
               if (writer.synced_to() != "13" || writer.links() != 1 || writer.rebuilding()) ::_exit(1);
               writer.apply({}, "");
               if (writer.synced_to() != "13") ::_exit(2);
             }) == 0);
}

BOOST_AUTO_TEST_CASE(keys_and_values_at_their_limits) {
  const std::string longest(clicks::kMaxSlugBytes, 'x'), url(clicks::kMaxUrlBytes, 'u');
  BOOST_TEST(apply({entry(longest, url), entry("s", "u"), entry(longest + "x", "u"), entry(".map", "u"), entry("", "u"),
                    entry("toolong", url + "u")}) == 0);
  LinkMap map(path);
  BOOST_TEST(map.open(0));
  BOOST_TEST(url_of(map, longest) == url);
  BOOST_TEST(url_of(map, "s") == "u");
  for (const auto& none :
       {longest + "x", std::string(".map"), std::string(), std::string("toolong"), std::string(600, 'x')})
    BOOST_TEST(!map.find(none).has_value());
  BOOST_TEST(url_of(map, "s") == "u");
  BOOST_TEST(change([](LinkMapWriter& writer) {
               if (writer.links() != 2) ::_exit(1);
             }) == 0);
}

// Such a value comes from a fault of ours only.
BOOST_AUTO_TEST_CASE(a_value_of_a_wrong_size_costs_its_own_link_only) {
  BOOST_TEST(apply({entry("good", "u")}) == 0);
  BOOST_TEST(
      unit::in_child([&] {
        const clicks::MapFile raw(file(), clicks::MapFile::Use::write);
        auto transaction = raw.begin(2);
        for (const auto& [key_text, size] : {std::pair<const char*, std::size_t>{"short", 32}, {"long", 32 + 2049}}) {
          const std::string content(size, 'x');
          MDB_val key = clicks::to_value(key_text), value = clicks::to_value(content);
          clicks::require(mdb_put(transaction.get(), raw.links(), &key, &value, 0), "put");
        }
        raw.commit(std::move(transaction));
      }) == 0);
  LinkMap map(path);
  BOOST_TEST(map.open(0));
  BOOST_TEST(!map.find("short").has_value());
  BOOST_TEST(!map.find("long").has_value());
  BOOST_TEST(url_of(map, "good") == "u");
}

BOOST_AUTO_TEST_CASE(a_rebuild_swaps_in_whole_when_the_generation_tells) {
  BOOST_TEST(apply(entries(100, "https://old.example/")) == 0);
  LinkMap map(path);
  BOOST_TEST(map.open(7));
  const std::string before = file();
  BOOST_TEST(rebuild(entries(50, "https://new.example/"), "20") == 0);
  BOOST_TEST(file() != before);
  BOOST_TEST((map_files() == Urls{file().substr(path.size() + 1)}));
  BOOST_TEST(url_of(map, slug(99)) == "https://old.example/" + slug(99));  // the old file is still right
  BOOST_TEST(map.open(8));
  BOOST_TEST(url_of(map, slug(49)) == "https://new.example/" + slug(49));
  BOOST_TEST(!map.find(slug(50)).has_value());
  BOOST_TEST(map.complete());
  BOOST_TEST(change([](LinkMapWriter& writer) {
               if (writer.links() != 50 || writer.synced_to() != "20") ::_exit(1);
             }) == 0);
}

// The clicks process was killed between the swap and its word of it, or the count began anew with another master.
BOOST_AUTO_TEST_CASE(a_swap_is_seen_without_a_word_of_it) {
  BOOST_TEST(apply({entry("a", "old")}) == 0);
  LinkMap map(path);
  BOOST_TEST(map.open(0));
  BOOST_TEST(rebuild({entry("a", "new")}) == 0);
  const base::Micros start = base::monotonic_micros();
  while (url_of(map, "a") == "old" && base::monotonic_micros() - start < 20'000'000) {
    map.open(0);
    ::usleep(10'000);
  }
  BOOST_TEST(url_of(map, "a") == "new");
}

BOOST_AUTO_TEST_CASE(another_file_of_the_same_name_is_another_file) {
  BOOST_TEST(apply({entry("a", "old")}) == 0);
  LinkMap map(path);
  BOOST_TEST(map.open(0));
  const std::string name = file();
  for (const auto& found : std::filesystem::directory_iterator(path)) std::filesystem::remove(found);
  BOOST_TEST(map.open(1));  // there is no file: an old answer is better than none
  BOOST_TEST(url_of(map, "a") == "old");
  BOOST_TEST(apply({entry("a", "new")}) == 0);
  BOOST_TEST(file() == name);
  BOOST_TEST(map.open(2));
  BOOST_TEST(url_of(map, "a") == "new");
}

BOOST_AUTO_TEST_CASE(a_rebuild_that_ends_early_leaves_the_old_map_and_no_file) {
  BOOST_TEST(apply({entry("a", "old")}) == 0);
  const auto unfinished = [](LinkMapWriter& writer) {
    writer.begin_rebuild();
    writer.add(entries(2000, "new"));
    if (!writer.rebuilding()) ::_exit(1);
    writer.apply(std::vector{entry("b", "b")}, "2");
  };
  BOOST_TEST(change(unfinished) == 0);
  BOOST_TEST(map_files().size() == 1U);
  BOOST_TEST(change([&](LinkMapWriter& writer) {
               unfinished(writer);
               ::kill(::getpid(), SIGKILL);
             }) == -SIGKILL);
  BOOST_TEST(map_files().size() == 2U);
  LinkMap map(path);
  BOOST_TEST(map.open(0));
  BOOST_TEST(url_of(map, "a") == "old");
  BOOST_TEST(url_of(map, "b") == "b");
  BOOST_TEST(!map.find(slug(1)).has_value());
  BOOST_TEST(change([](LinkMapWriter&) {}) == 0);
  BOOST_TEST(map_files().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_cold_start_needs_the_file_alone) {
  BOOST_TEST(rebuild(entries(1000, "https://x.example/")) == 0);
  std::filesystem::remove(file() + "-lock");
  LinkMap map(path);
  BOOST_TEST(map.open(0));
  BOOST_TEST(map.complete());
  for (int n = 0; n < 1000; ++n) BOOST_REQUIRE(url_of(map, slug(n)) == "https://x.example/" + slug(n));
}

BOOST_AUTO_TEST_CASE(salts_are_for_today_and_tomorrow_and_end) {
  BOOST_TEST(change([](LinkMapWriter& writer) { writer.keep_salts(100); }) == 0);
  LinkMap map(path);
  BOOST_TEST(map.open(0));
  const auto today = map.salt(100), tomorrow = map.salt(101);
  BOOST_REQUIRE(today.has_value());
  BOOST_REQUIRE(tomorrow.has_value());
  BOOST_TEST((*today != *tomorrow));
  BOOST_TEST((*today != clicks::Salt{}));
  BOOST_TEST(!map.salt(99).has_value());
  BOOST_TEST(!map.salt(102).has_value());

  BOOST_TEST(change([](LinkMapWriter& writer) {
               writer.keep_salts(101);
               writer.begin_rebuild();
               writer.keep_salts(101);
               writer.add(std::vector{entry("a", "u")});
               writer.swap("5");
             }) == 0);
  BOOST_TEST(map.open(1));
  BOOST_TEST((map.salt(100) == today));  // for the clicks of a moment before midnight
  BOOST_TEST((map.salt(101) == tomorrow));
  BOOST_TEST(map.salt(102).has_value());
  BOOST_TEST(change([](LinkMapWriter& writer) {
               writer.keep_salts(102);
               if (writer.links() != 1) ::_exit(1);
             }) == 0);
  BOOST_TEST(!map.salt(100).has_value());
  BOOST_TEST((map.salt(101) == tomorrow));
}

BOOST_AUTO_TEST_CASE(a_map_of_another_user_is_made_anew_by_its_heir) {
  if (::getuid() != 0) {
    std::cerr << "SKIPPED a_map_of_another_user_is_made_anew_by_its_heir: needs root\n";
    return;
  }
  BOOST_TEST(apply({entry("a", "root's")}) == 0);
  BOOST_REQUIRE(::chown(path.c_str(), 65534, 65534) == 0);
  const int status = unit::in_child([&] {
    if (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(1);
    {
      LinkMap map(path);
      if (map.open(0)) ::_exit(2);
      if (apply({entry("a", "nobody's")}) != 0) ::_exit(3);
      if (!map.open(1) || url_of(map, "a") != "nobody's") ::_exit(4);
    }
    if (map_files().size() != 1) ::_exit(5);
  });
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(a_lookup_costs_little) {
  constexpr int kLinks = 50'000, kLookups = 200'000;
  BOOST_TEST(rebuild(entries(kLinks, "https://shop.example/product?tag=publisher-21&id=")) == 0);
  LinkMap map(path);
  std::vector<std::string> slugs;
  for (int n = 0; n < kLinks; ++n) slugs.push_back(slug(static_cast<int>(n * 7919LL % kLinks)));
  int found = 0;
  const base::Micros start = base::monotonic_micros();
  for (int n = 0; n < kLookups; ++n) {
    map.open(0);
    found += map.find(slugs[static_cast<std::size_t>(n % kLinks)]).has_value() ? 1 : 0;
  }
  std::cout << "link map: " << 1000 * (base::monotonic_micros() - start) / kLookups << " ns a lookup\n";
  BOOST_TEST(found == kLookups);
}

BOOST_AUTO_TEST_SUITE_END()
