// Filtered, sorted and searched lists against a model in C++: random links that change, random filters, every page.
#include "db/link_search.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <thread>

#include "app/base/clock.hpp"
#include "tests/integration/fixture.hpp"

using db::Link, db::LinkFilter, db::LinkSort, db::LinkStatus;

namespace {

constexpr db::UnixSeconds kEpoch = 1'700'000'000;

// ASCII letters and the few others that the tests use.
std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  for (const auto& [upper, small] : {std::pair{"Ö", "ö"}, {"Ü", "ü"}, {"Ж", "ж"}, {"É", "é"}})
    for (std::size_t at; (at = text.find(upper)) != std::string::npos;)
      text.replace(at, std::string(upper).size(), small);
  return text;
}

struct SearchFixture : integration::Fixture {
  const db::DayNumber today = base::day_number(base::unix_seconds());
  std::mt19937 random{7};
  std::map<db::Uuid, Link> model;
  int made = 0;

  template <typename T>
  const T& any(const std::vector<T>& choices) {
    return choices[random() % choices.size()];
  }
  bool chance(unsigned percent) { return random() % 100 < percent; }

  std::string random_label() {
    static const std::vector<std::string> words = {"Best", "USB", "microphone", "Größe",  "ÜBER", "Жук",
                                                   "50%",  "a_b", "x\\y",       "日本語", "Café", "o'clock"};
    std::string label = any(words);
    for (auto more = random() % 3; more > 0; --more) label += ' ' + any(words);
    return label;
  }
  std::vector<std::string> random_tags() {
    std::vector<std::string> tags;
    for (const char* tag : {"review", "Review", "summer sale", "ü"})
      if (chance(25)) tags.emplace_back(tag);
    return tags;
  }
  std::optional<std::string> random_program() {
    static const std::vector<std::optional<std::string>> programs = {"Awin", "AWIN", "Impact", "Ökonom", std::nullopt};
    return any(programs);
  }

  void add(int count) {
    std::vector<db::NewLink> rows;
    for (int i = 0; i < count; ++i)
      rows.push_back({.label = random_label(),
                      .url = "https://shop.example/" + std::to_string(random() % 1000) + "?Q=%2F~",
                      .program = random_program(),
                      .slug = "S" + std::to_string(made++) + "_x",
                      .tags = random_tags(),
                      .created_at = kEpoch + static_cast<int>(random() % 50)});
    for (const auto& one : web.links().insert(account, rows))
      model[*one.id] = *web.links().find(account, *one.id, today);
  }

  void change(const db::Uuid& id, const std::string& assignments) {
    database.sql("update links set " + assignments + " where id = '" + base::format_uuid(id) + "'");
    model[id] = *web.links().find(account, id, today);
  }

  std::string text_array(const std::vector<std::string>& values) {
    std::string array;
    for (const auto& value : values) array += (array.empty() ? "'" : ", '") + value + "'";
    return "array[" + array + "]::text[]";
  }

  void change_something() {
    auto link = std::next(model.begin(), static_cast<long>(random() % model.size()));
    const auto id = link->first;
    switch (random() % 8) {
      case 0:
        database.sql("delete from links where id = '" + base::format_uuid(id) + "'");
        model.erase(id);
        break;
      case 1:
        return change(id, "tags = " + text_array(random_tags()));
      case 2:
        return change(id, "clicks_30d = " + std::to_string(random() % 5));
      case 3:
        return change(
            id, "last_checked_at = " +
                    (chance(20) ? "null"
                                : "to_timestamp(" + std::to_string(kEpoch + static_cast<int>(random() % 30)) + ")"));
      case 4: {
        const auto program = random_program();
        return change(id, "program = " + (program ? "'" + *program + "'" : "null"));
      }
      case 5:
        return change(id, "label = '" + std::string(any(std::vector<std::string>{"renamed", "Größe", "Zebra"})) +
                              "', clicks_30d = 3, status = 'slow'");
      case 6:
        return change(id,
                      "created_at = to_timestamp(" + std::to_string(kEpoch + static_cast<int>(random() % 50)) + ")");
      default:
        return change(id, std::string("status = '") +
                              any(std::vector<const char*>{"pending", "healthy", "broken", "redirected", "slow"}) +
                              "'");
    }
  }

  LinkFilter random_filter() {
    LinkFilter filter;
    if (chance(40))
      for (const auto status : {LinkStatus::pending, LinkStatus::healthy, LinkStatus::broken, LinkStatus::slow})
        if (chance(35)) filter.statuses.push_back(status);
    if (chance(30)) filter.program = any(std::vector<std::string>{"awin", "IMPACT", "öKONOM", "", "unknown"});
    if (chance(30)) filter.tag = any(std::vector<std::string>{"review", "summer sale", "ü", "none of these"});
    if (chance(40))
      filter.text = any(std::vector<std::string>{"usb", "MICRO", "größe", "ÜBER",   "Жук",      "%",      "_",
                                                 "\\",  "x\\y",  "本",    "日本語", "q=%2f",    "~",      "s1",
                                                 "é",   "'",     "zzz",   "/1",     "best usb", "ample/7"});
    if (chance(20)) filter.created_after = kEpoch + static_cast<int>(random() % 50);
    if (chance(20)) filter.created_before = kEpoch + static_cast<int>(random() % 50);
    if (chance(20)) filter.checked_before = kEpoch + static_cast<int>(random() % 30);
    filter.sort = static_cast<LinkSort>(random() % 4);
    filter.descending = chance(50);
    return filter;
  }

  static bool matches(const LinkFilter& filter, const Link& link) {
    const auto has = [](const auto& all, const auto& one) {
      return std::find(all.begin(), all.end(), one) != all.end();
    };
    if (!filter.statuses.empty() && !has(filter.statuses, link.status)) return false;
    if (filter.program && lower(*filter.program) != lower(link.program.value_or(""))) return false;
    if (filter.tag && !has(link.tags, *filter.tag)) return false;
    if (filter.created_after && link.created_at <= *filter.created_after) return false;
    if (filter.created_before && link.created_at >= *filter.created_before) return false;
    if (filter.checked_before && link.last_checked_at && *link.last_checked_at >= *filter.checked_before) return false;
    if (!filter.text) return true;
    for (const auto* text : {&link.label, &link.url, &link.slug})
      if (lower(*text).find(lower(*filter.text)) != std::string::npos) return true;
    return false;
  }

  // What a link is sorted by.
  static std::tuple<std::int64_t, std::string, db::Uuid> key(LinkSort sort, const Link& link) {
    switch (sort) {
      case LinkSort::created_at:
        return {link.created_at, "", link.id};
      case LinkSort::clicks_30d:
        return {link.clicks_30d, "", link.id};
      case LinkSort::label:
        return {0, lower(link.label), link.id};
      default:
        return {link.last_checked_at.value_or(INT64_MIN), "", link.id};
    }
  }

  std::vector<db::Uuid> expected(const LinkFilter& filter) const {
    std::vector<const Link*> found;
    for (const auto& [id, link] : model)
      if (matches(filter, link)) found.push_back(&link);
    std::sort(found.begin(), found.end(), [&](const Link* a, const Link* b) {
      return filter.descending ? key(filter.sort, *a) > key(filter.sort, *b)
                               : key(filter.sort, *a) < key(filter.sort, *b);
    });
    std::vector<db::Uuid> ids;
    for (const auto* link : found) ids.push_back(link->id);
    return ids;
  }

  db::FoundLinks page(const LinkFilter& filter, int limit, std::int64_t offset, std::optional<db::Uuid> after = {}) {
    auto found = web.link_search().page({.account_id = account,
                                         .filter = filter,
                                         .limit = limit,
                                         .offset = offset,
                                         .starting_after = after,
                                         .today = today});
    BOOST_REQUIRE(found.has_value());
    return *std::move(found);
  }

  static std::vector<db::Uuid> ids(const std::vector<Link>& links) {
    std::vector<db::Uuid> all;
    for (const auto& link : links) all.push_back(link.id);
    return all;
  }

  static std::vector<db::Uuid> part(const std::vector<db::Uuid>& all, std::size_t begin, int limit) {
    const auto from = std::min(begin, all.size()), to = std::min(begin + static_cast<std::size_t>(limit), all.size());
    return {all.begin() + static_cast<long>(from), all.begin() + static_cast<long>(to)};
  }

  static std::string told(const LinkFilter& filter) {
    const auto number = [](const auto& value) { return value ? std::to_string(*value) : std::string("-"); };
    return std::to_string(filter.statuses.size()) + " statuses, program " + filter.program.value_or("-") + ", tag " +
           filter.tag.value_or("-") + ", q " + filter.text.value_or("-") + ", created " + number(filter.created_after) +
           ".." + number(filter.created_before) + ", checked " + number(filter.checked_before) + ", sort " +
           std::to_string(static_cast<int>(filter.sort)) + (filter.descending ? " desc" : " asc");
  }

  // Every page by offset, by starting_after and by next() is what the model says.
  void check(const LinkFilter& filter, int limit) {
    const auto all = expected(filter);
    std::optional<db::Uuid> after;
    std::optional<db::LinkCursor> cursor;
    for (std::size_t begin = 0; begin <= all.size(); begin += static_cast<std::size_t>(limit)) {
      const auto want = part(all, begin, limit);
      const auto found = page(filter, limit, static_cast<std::int64_t>(begin));
      BOOST_REQUIRE_MESSAGE(ids(found.page.links) == want, told(filter)
                                                               << " at " << begin << ": " << found.page.links.size()
                                                               << " links, not " << want.size());
      BOOST_REQUIRE(found.page.more == (begin + want.size() < all.size()));
      BOOST_REQUIRE(found.page.total <= static_cast<std::int64_t>(all.size()));
      if (found.total_exact) BOOST_REQUIRE(found.page.total == static_cast<std::int64_t>(all.size()));
      exact += found.total_exact ? 1 : 0;
      ++pages;
      if (begin == 0 || after) BOOST_REQUIRE(ids(page(filter, limit, 0, after).page.links) == want);
      BOOST_REQUIRE(ids(web.link_search().next(account, filter, today, cursor, limit)) == want);
      if (!want.empty()) after = want.back();
    }
  }

  int pages = 0, exact = 0;
};

// Everything that is kept beside `links` is what a recount says. Nothing: all is well.
constexpr const char* kWrongLists = R"sql(
select (select count(*) from (
  (select account_id, status, clicks, link_id, program, tags from link_clicks_order except all select account_id, status, clicks_30d, id, coalesce(lower(program), ''), tags from links)
  union all (select account_id, status, clicks_30d, id, coalesce(lower(program), ''), tags from links except all select account_id, status, clicks, link_id, program, tags from link_clicks_order)) as a)
 + (select count(*) from (
  (select account_id, status, checked_at, link_id, program, tags from link_checks_order except all select account_id, status, coalesce(last_checked_at, '-infinity'), id, coalesce(lower(program), ''), tags from links)
  union all (select account_id, status, coalesce(last_checked_at, '-infinity'), id, coalesce(lower(program), ''), tags from links except all select account_id, status, checked_at, link_id, program, tags from link_checks_order)) as b)
 + (select count(*) from (
  (select account_id, tag, created_at, link_id from link_tags except all select account_id, unnest(tags), created_at, id from links)
  union all (select account_id, unnest(tags), created_at, id from links except all select account_id, tag, created_at, link_id from link_tags)) as c)
 + (select count(*) from (
  select account_id, kind, value, sum(n) from (
    select account_id, kind, value, links as n from link_facets
    union all select account_id, 'status', status, -1 from links
    union all select account_id, 'program', coalesce(lower(program), ''), -1 from links
    union all select account_id, 'tag', tag, -1 from links, unnest(tags) as tag) as d
   group by 1, 2, 3 having sum(n) <> 0) as e))sql";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(link_search, SearchFixture)

BOOST_AUTO_TEST_CASE(equals_a_model_while_links_change) {
  add(250);
  for (int round = 0; round < 12; ++round) {
    for (int i = 0; i < 40; ++i) change_something();
    add(10);
    if (round == 6) database.sql("analyze");
    if (round == 8) database.sql("select gin_clean_pending_list('links_grams')");
    for (int i = 0; i < 25; ++i) {
      const auto filter = random_filter();
      check(filter, any(std::vector<int>{1, 7, 50, 500}) < 2 ? 20 : 60);
    }
    BOOST_REQUIRE(database.sql(kWrongLists) == "0");
  }
  BOOST_TEST_MESSAGE(pages << " pages in three ways, " << exact << " with an exact total");
  BOOST_TEST(pages > 300);
}

BOOST_AUTO_TEST_CASE(one_condition_alone_has_an_exact_total) {
  add(300);
  for (int i = 0; i < 100; ++i) change_something();
  for (auto filter : {LinkFilter{.statuses = {LinkStatus::pending, LinkStatus::slow}}, LinkFilter{.program = "awin"},
                      LinkFilter{.program = ""}, LinkFilter{.tag = "ü"}, LinkFilter{}})
    for (const auto sort : {LinkSort::created_at, LinkSort::clicks_30d, LinkSort::label, LinkSort::last_checked_at}) {
      filter.sort = sort;
      const auto found = page(filter, 1, 0);
      BOOST_TEST(found.total_exact);
      BOOST_TEST(found.page.total == static_cast<std::int64_t>(expected(filter).size()));
    }
}

BOOST_AUTO_TEST_CASE(words_come_the_most_used_first_and_as_they_were_written_last) {
  const auto add_one = [&](int age, const std::string& slug, const std::string& program, const std::string& tags) {
    database.sql("insert into links (account_id, label, url, slug, program, tags, created_at) values ('" +
                 account_text() + "', 'x', 'https://shop.example/', '" + slug + "', " + program + ", '" + tags +
                 "', now() - interval '" + std::to_string(age) + " days')");
  };
  BOOST_TEST(web.link_search().words(account, 10).programs.empty());
  add_one(3, "w1", "'AWIN'", "{desk,b}");
  add_one(2, "w2", "'awin'", "{desk}");
  add_one(1, "w3", "'Awin'", "{}");
  add_one(1, "w4", "'Amazon Associates'", "{a}");
  add_one(1, "w5", "null", "{}");
  const auto words = web.link_search().words(account, 2);
  BOOST_TEST(words.programs == (std::vector<std::string>{"Awin", "Amazon Associates"}),
             boost::test_tools::per_element());
  BOOST_TEST(words.tags == (std::vector<std::string>{"desk", "a"}), boost::test_tools::per_element());
}

// Enough links that texts which many have are found by walking, and rare ones in the index.
BOOST_AUTO_TEST_CASE(texts_of_any_length_are_found_among_many_links) {
  database.sql("insert into links (account_id, label, url, slug, created_at) select '" + account_text() +
               "', 'Common thing ' || i, 'https://shop.example/' || i, 'm' || i, to_timestamp(1700000000 + i) from "
               "generate_series(1, 6000) as i");
  database.sql("update links set label = 'ªrare Æ§' where slug = 'm17'");
  const auto slugs = [&](const std::string& text) {
    std::string all;
    for (const auto& link : page(LinkFilter{.text = text}, 3, 0).page.links) all += link.slug + ' ';
    return all;
  };
  BOOST_TEST(database.sql("select lower(label) from links where slug = 'm17'") == "ªrare æ§");
  for (const bool indexed : {false, true}) {
    if (indexed) database.sql("select gin_clean_pending_list('links_grams')");
    BOOST_TEST(slugs("COMMON") == "m6000 m5999 m5998 ");
    BOOST_TEST(slugs("§") == "m17 ");
    BOOST_TEST(slugs("æ§") == "m17 ");
    BOOST_TEST(slugs("rare æ") == "m17 ");
    BOOST_TEST(slugs("m599") == "m5999 m5998 m5997 ");
    BOOST_TEST(slugs("e/599") == "m5999 m5998 m5997 ");
    BOOST_TEST(slugs("g 5999").starts_with("m5999 "));
    BOOST_TEST(slugs("zq") == "");
    BOOST_TEST(slugs("z") == "");
    BOOST_TEST(slugs("'&|!()<>:*") == "");
    BOOST_TEST(slugs("\\") == "");
  }
  const auto found = page(LinkFilter{.text = "§"}, 3, 0);
  BOOST_TEST(found.total_exact);
  BOOST_TEST(found.page.total == 1);
}

// The first 64 ids, which are the sample, lack a text that 5,500 others have: too many to gather, as is seen on the
// way.
BOOST_AUTO_TEST_CASE(a_text_that_only_seemed_rare_is_found_in_order) {
  database.sql(
      "insert into links (account_id, id, label, url, slug, created_at) "
      "select id, (lpad(to_hex(n), 8, '0') || '-0000-4000-8000-000000000000')::uuid, "
      "case when n <= 64 then 'Other' else 'Seldom' end, 'https://x', 's' || n, to_timestamp(n) "
      "from accounts, generate_series(1, 5564) as n");
  LinkFilter filter{.text = "seldom"};
  const auto slugs = [&](std::int64_t offset) {
    std::string all;
    const auto found = page(filter, 3, offset);
    BOOST_TEST(!found.total_exact);
    BOOST_TEST(found.page.total >= offset + 3);
    for (const auto& link : found.page.links) all += link.slug + ' ';
    return all;
  };
  BOOST_TEST(slugs(0) == "s5564 s5563 s5562 ");
  BOOST_TEST(slugs(5001) == "s563 s562 s561 ");
  filter.sort = LinkSort::label, filter.descending = false;
  BOOST_TEST(slugs(0) == "s65 s66 s67 ");
  filter.created_before = 700;
  const auto found = page(filter, 3, 632);
  BOOST_TEST(found.page.total == 635);
  BOOST_TEST(found.page.links.back().slug == "s699");
}

BOOST_AUTO_TEST_CASE(a_cursor_must_be_a_link_of_the_account_but_need_not_match) {
  add(20);
  const auto other = owner.accounts().add("Other Agency", "agency").id;
  const auto foreign = *web.links().insert(other, integration::new_links(1, "foreign"))[0].id;
  const auto with_cursor = [&](const db::Uuid& id) {
    return web.link_search().page({.account_id = account,
                                   .filter = {.tag = "review"},
                                   .limit = 5,
                                   .offset = 0,
                                   .starting_after = id,
                                   .today = today});
  };
  BOOST_TEST(!with_cursor(foreign).has_value());
  BOOST_TEST(!with_cursor(base::random_uuid()).has_value());
  for (const auto& [id, link] : model) BOOST_TEST(with_cursor(id).has_value());
  BOOST_TEST(page(LinkFilter{.text = "foreign"}, 5, 0).page.links.empty());
}

BOOST_AUTO_TEST_CASE(a_walk_goes_on_though_its_link_is_gone) {
  add(60);
  LinkFilter filter{.sort = LinkSort::label, .descending = false};
  const auto all = expected(filter);
  std::optional<db::LinkCursor> cursor;
  BOOST_REQUIRE(web.link_search().next(account, filter, today, cursor, 20).size() == 20u);
  database.sql("delete from links where id = '" + base::format_uuid(cursor->id) + "'");
  BOOST_TEST((ids(web.link_search().next(account, filter, today, cursor, 40)) == part(all, 20, 40)));
  BOOST_TEST(web.link_search().next(account, filter, today, cursor, 40).empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_account_has_no_links) {
  const auto found = web.link_search().page({.account_id = base::random_uuid(),
                                             .filter = {.tag = "x"},
                                             .limit = 5,
                                             .offset = 0,
                                             .starting_after = {},
                                             .today = today});
  BOOST_TEST(found->page.links.empty());
  BOOST_TEST(found->page.total == 0);
}

// Links of one account and of many, by writers who meet: the lists stay true, and nobody waits in a circle.
BOOST_AUTO_TEST_CASE(parallel_writers_neither_deadlock_nor_miscount) {
  database.sql("insert into accounts (name) select 'account ' || i from generate_series(1, 10) i");
  std::atomic<int> failures = 0;
  std::vector<std::thread> writers;
  for (unsigned seed = 0; seed < 6; ++seed)
    writers.emplace_back([&, seed] {
      std::mt19937 dice(seed);
      support::PlainSession session(database.url());
      for (int i = 0; i < 100; ++i) try {
          const std::string one_account = " and account_id = (select min(id::text)::uuid from accounts)";
          const std::string mine = "slug like 'w" + std::to_string(seed) + "\\_%' and random() < 0.3";
          switch (dice() % 5) {
            case 0:
            case 1:
              session.sql(
                  "insert into links (account_id, label, url, slug, program, tags) select id, 'l', 'https://x', 'w" +
                  std::to_string(seed) +
                  "_' || n, 'P' || n % 3, array['t' || n % 4, 'u'] from accounts, generate_series(1, 5) n where "
                  "random() < 0.7 order by random()");
              break;
            case 2:
              session.sql(
                  "update links set status = (array['healthy', 'broken', 'slow'])[1 + floor(random() * 3)], "
                  "last_checked_at = now(), clicks_30d = clicks_30d + 1 where " +
                  mine);
              break;
            case 3:
              session.sql("begin; update links set tags = array['t' || floor(random() * 4)], program = null where " +
                          mine + one_account + "; update links set tags = '{v}' where " + mine + one_account +
                          "; commit");
              break;
            default:
              session.sql("delete from links where " + mine);
          }
        } catch (const std::exception& error) {
          ++failures;
          BOOST_TEST_MESSAGE(error.what());
          session.sql("rollback");
        }
    });
  for (auto& writer : writers) writer.join();
  BOOST_TEST(failures == 0);
  BOOST_TEST(database.sql(kWrongLists) == "0");
  database.sql("delete from accounts");
  BOOST_TEST(
      database.sql("select (select count(*) from link_clicks_order) + (select count(*) from link_checks_order) + "
                   "(select count(*) from link_tags) + (select count(*) from link_facets)") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
