// A property: whatever happens in whatever order, the counters are those of a model that keeps every click. Random
// steps from a seed; QL_SEED=N repeats a run.
#include <cstdlib>
#include <random>
#include <set>
#include <tuple>

#include "tests/integration/clicks_fixture.hpp"

namespace {

using integration::ClicksFixture;

constexpr int kSteps = 300;
constexpr int kLooksBack = 60;  // days, of by_day

unsigned seed() {
  const char* given = std::getenv("QL_SEED");
  return given ? static_cast<unsigned>(std::stoul(given)) : std::random_device{}();
}

// What a link's counters should be: from its clicks, in the plainest way.
struct ModelLink {
  struct Day {
    std::int64_t humans = 0;
    std::int64_t bots = 0;
    std::set<std::uint64_t> visitors;
  };
  std::map<db::DayNumber, Day> days;

  void add(const db::Click& click) {
    Day& day = days[static_cast<db::DayNumber>(click.time_us / integration::kDayMicros)];
    ++(click.bot ? day.bots : day.humans);
    if (!click.bot && click.visitor != 0) day.visitors.insert(click.visitor);
  }

  std::int64_t clicks_30d(db::DayNumber today) const {
    std::int64_t sum = 0;
    for (auto day = days.upper_bound(today - 30); day != days.upper_bound(today); ++day) sum += day->second.humans;
    return sum;
  }
};

struct Model : ClicksFixture {
  std::mt19937 random;
  db::DayNumber now = today;
  std::map<db::Uuid, ModelLink> links;
  std::vector<db::Uuid> gone;
  std::vector<db::Click> counted;  // every click so far, each once
  int added = 0;
  std::map<std::string, int> steps;

  int below(int end) { return static_cast<int>(random() % static_cast<unsigned>(end)); }

  void add_some_links() {
    for (const auto& id : add_links(1 + below(3), "m" + std::to_string(added++) + "_")) links[id];
  }

  db::Uuid any_link() {
    if (!gone.empty() && below(12) == 0) return gone[static_cast<std::size_t>(below(static_cast<int>(gone.size())))];
    return std::next(links.begin(), below(static_cast<int>(links.size())))->first;
  }

  // Mostly of today; some late, some of a clock that is ahead.
  db::DayNumber any_day() {
    switch (below(6)) {
      case 0:
        return now - below(45);
      case 1:
        return now - 28 - below(4);
      case 2:
        return now + below(3);
      default:
        return now;
    }
  }

  void flush_clicks() {
    std::vector<db::Click> batch;
    for (int count = 1 + below(40); count > 0; --count)
      batch.push_back(click(any_link(), any_day(), static_cast<std::uint64_t>(below(6)), below(5) == 0));
    const auto fresh = batch.size();
    for (int count = below(8); count > 0 && !counted.empty(); --count)
      batch.push_back(counted[static_cast<std::size_t>(below(static_cast<int>(counted.size())))]);
    for (int count = below(3); count > 0; --count)
      batch.push_back(batch[static_cast<std::size_t>(below(static_cast<int>(fresh)))]);
    std::shuffle(batch.begin() + static_cast<std::ptrdiff_t>(fresh), batch.end(), random);
    const auto result = flush(batch, now);
    BOOST_TEST(result.clicks == static_cast<std::int64_t>(fresh));
    BOOST_TEST(result.repeated == static_cast<std::int64_t>(batch.size() - fresh));
    std::int64_t nobodys = 0;
    for (std::size_t i = 0; i < fresh; ++i) {
      counted.push_back(batch[i]);
      const auto link = links.find(batch[i].link_id);
      link == links.end() ? void(++nobodys) : link->second.add(batch[i]);
    }
    BOOST_TEST(result.links_gone == nobodys);
  }

  // As after a lost reply to COMMIT: the same records again.
  void repeat_positions() {
    if (position == 0) return;
    const db::SegmentProgress progress{segment, 0, position};
    const std::vector<db::Click> batch{click(any_link(), now)};
    BOOST_TEST(!clicks.flush(journal, batch, {&progress, 1}, now).counted);
  }

  void delete_a_link() {
    if (links.size() < 4) return;
    const auto link = std::next(links.begin(), below(static_cast<int>(links.size())));
    database.sql("delete from links where id = '" + base::format_uuid(link->first) + "'");
    gone.push_back(link->first);
    links.erase(link);
  }

  void advance() {
    const int dice = below(10);
    now += dice < 6 ? 1 : dice < 8 ? below(8) : dice < 9 ? 25 + below(10) : -below(4);
  }

  std::string step() {
    const int dice = below(20);
    if (dice < 9) return flush_clicks(), "flush";
    if (dice < 12) return advance(), "advance";
    if (dice < 15) return clicks.roll(now, 1 + below(10)), "roll";
    if (dice < 16) return delete_a_link(), "delete";
    if (dice < 17) return add_some_links(), "add";
    if (dice < 18) return repeat_positions(), "repeat";
    const char* plans[] = {"free", "pro", "agency"};
    owner.accounts().set_plan(account, plans[below(3)]);
    return "plan";
  }

  void expect_equal_pages() {
    db::LinkPageQuery query;
    query.account_id = account;
    query.limit = 500;
    query.today = now;
    const auto page = web.links().page(query);
    BOOST_REQUIRE(page->links.size() == links.size());
    for (const auto& link : page->links) BOOST_REQUIRE(link.clicks_30d == links.at(link.id).clicks_30d(now));
  }

  void expect_equal_days(const db::Uuid& id) {
    static const ModelLink::Day kNone;
    const auto days = clicks.by_day(account, id, now - kLooksBack, now + 3);
    BOOST_REQUIRE(days->size() == static_cast<std::size_t>(kLooksBack + 4));
    for (const auto& day : *days) {
      const auto& model = links.at(id).days;
      const auto& expected = model.contains(day.day) ? model.at(day.day) : kNone;
      BOOST_REQUIRE(std::tie(day.humans, day.bots) == std::tie(expected.humans, expected.bots));
      BOOST_REQUIRE(day.uniques == static_cast<std::int64_t>(expected.visitors.size()));
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(clicks_model, Model)

BOOST_AUTO_TEST_CASE(counters_equal_a_model_after_every_one_of_many_random_steps) {
  const auto used = seed();
  random.seed(used);
  add_some_links();
  add_some_links();
  for (int number = 0; number < kSteps; ++number) {
    const std::string done = step();
    ++steps[done];
    BOOST_TEST_CONTEXT("QL_SEED=" << used << ", step " << number << " (" << done << ") on day " << now - today) {
      expect_equal_pages();
      for (const auto& [id, link] : links) expect_equal_days(id);
      if (number % 10 == 0) BOOST_REQUIRE(miscounts(now).empty());
    }
  }
  BOOST_TEST(miscounts(now).empty());
  BOOST_TEST_MESSAGE("QL_SEED=" << used << ": " << kSteps << " steps, " << counted.size() << " clicks, " << links.size()
                                << " links and " << gone.size() << " that are gone, over " << now - today << " days");
  BOOST_TEST(steps.size() >= 6U);
}

BOOST_AUTO_TEST_SUITE_END()
