// Links to click on, and a recount by hand: the sums that counters are held against.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/base/clock.hpp"
#include "app/base/ids.hpp"
#include "db/clicks.hpp"
#include "db/links.hpp"
#include "tests/integration/fixture.hpp"

namespace integration {

constexpr std::int64_t kDayMicros = 86400LL * 1000000;

struct ClicksFixture : Fixture {
  db::Database counter{database.options("quietleaks_clicks")};
  db::Clicks& clicks = counter.clicks();
  const db::Uuid journal = base::random_uuid();
  const db::Uuid segment = base::random_uuid();
  const db::DayNumber today = base::day_number(base::unix_seconds());
  std::int64_t position = 0;  // of `segment`

  std::vector<db::Uuid> add_links(int count, const std::string& prefix = "s") {
    std::vector<db::Uuid> ids;
    for (const auto& row : owner.links().insert(account, new_links(count, prefix))) ids.push_back(*row.id);
    return ids;
  }

  db::Click click(const db::Uuid& link, db::DayNumber day, std::uint64_t visitor = 0, bool bot = false) const {
    return {.id = base::random_uuid(),
            .account_id = account,
            .link_id = link,
            .time_us = day * kDayMicros + 12345678,
            .visitor = visitor,
            .bot = bot,
            .device = db::ClickDevice::mobile,
            .country = {'D', 'E'},
            .referrer_host = "blog.example"};
  }

  // As the next records of the one segment.
  db::FlushResult flush(const std::vector<db::Click>& batch, db::DayNumber day) {
    const auto size = static_cast<std::int64_t>(batch.size());
    const db::SegmentProgress progress{segment, position, position + size};
    const auto result = clicks.flush(journal, batch, {&progress, 1}, day);
    if (result.counted) position += size;
    return result;
  }

  std::int64_t clicks_30d(const db::Uuid& link, db::DayNumber day) {
    return web.links().find(account, link, day)->clicks_30d;
  }

  std::string all_days() const {
    return database.sql("select concat_ws(' ', sum(humans), sum(bots), sum(uniques)) from link_clicks_daily");
  }

  // Miscounts of the whole account, by the code that is under test elsewhere.
  std::vector<db::Miscount> miscounts(db::DayNumber day, bool fix = false) {
    return owner.clicks().recount(account, {}, 100000, day, fix).miscounts;
  }
};

}  // namespace integration
