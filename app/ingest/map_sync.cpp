#include "app/ingest/map_sync.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "app/base/log.hpp"
#include "app/clicks/link_map_writer.hpp"
#include "app/ingest/outage.hpp"
#include "db/error.hpp"
#include "db/link_changes.hpp"

namespace ingest {
namespace {

constexpr base::Micros kLookEvery = 250'000;
constexpr base::Micros kTryAgain = 1'000'000;    // after a failure
constexpr base::Micros kSavePoint = 60'000'000;  // in the file, if nothing changed: a start reads on from there
constexpr base::Micros kTidyReaders = 10'000'000;
constexpr base::Micros kPruneEvery = 3'600'000'000;

}  // namespace

struct MapSync::Parts {
  Parts(std::string directory, db::Options options, shm::ClicksBoard& shared)
      : state_dir(std::move(directory)), changes(std::move(options)), board(shared) {}

  enum class Reading { nothing, changes, all };

  const std::string state_dir;
  db::LinkChanges changes;
  shm::ClicksBoard& board;

  std::optional<clicks::LinkMapWriter> map;
  db::SyncPoint synced_to;  // of the map; its file may know an older point, which is as true
  Reading reading = Reading::nothing;
  std::vector<db::SlugTarget> part;
  std::int64_t read = 0;  // slugs of this reading
  base::Micros began = 0;
  base::Micros look_at = 0, save_at = 0, tidy_at = 0, prune_at = 0, open_at = 0;
  db::DayNumber salts_of = 0;
  Outage file_outage{"link_map_cannot_be_written"};
  Outage database_outage{"link_map_not_kept_true"};

  void open_map(base::Micros now);
  void keep_house(base::Micros now, db::UnixSeconds time);
  void begin(base::Micros now);
  void take_part(base::Micros now, db::UnixSeconds time);
  void finish(base::Micros now, db::UnixSeconds time);
  void prune_if_due(base::Micros now);
  void work(base::Micros now, db::UnixSeconds time);
  base::Micros rest(base::Micros now) const;
};

// Readers look at the file again: it may be another than the one that they have open.
void MapSync::Parts::open_map(base::Micros now) {
  if (map || now < open_at) return;
  open_at = now + kTryAgain;
  map.emplace(state_dir);
  synced_to = map->synced_to();
  salts_of = 0;
  reading = Reading::nothing;
  look_at = now;
  board.map_links = map->links();
  board.map_generation.fetch_add(1, std::memory_order_release);
  file_outage.end();
}

void MapSync::Parts::keep_house(base::Micros now, db::UnixSeconds time) {
  if (const auto today = base::day_number(time); today != salts_of) {
    map->keep_salts(today);
    salts_of = today;
  }
  if (now < tidy_at) return;
  tidy_at = now + kTidyReaders;
  if (const int dead = map->clear_readers(); dead > 0)
    base::log::debug("link_map_readers_cleared", {{"readers", std::int64_t{dead}}});
}

void MapSync::Parts::begin(base::Micros now) {
  read = 0;
  began = now;
  if (!synced_to.empty() && changes.begin_changes(synced_to)) {
    reading = Reading::changes;
    return;
  }
  changes.begin_all();
  map->begin_rebuild();
  reading = Reading::all;
  base::log::info("link_map_rebuilding",
                  {{"reason", synced_to.empty() ? "it has not been built yet" : "what changed since cannot be told"}});
}

void MapSync::Parts::take_part(base::Micros now, db::UnixSeconds time) {
  if (!changes.next(part)) return finish(now, time);
  read += static_cast<std::int64_t>(part.size());
  if (reading == Reading::all) {
    map->add(part);
    board.map_rebuilding = read;
  } else {
    map->apply(part, {});
    board.map_links = map->links();
  }
}

void MapSync::Parts::finish(base::Micros now, db::UnixSeconds time) {
  synced_to = changes.point();
  if (std::exchange(reading, Reading::nothing) == Reading::all) {
    map->swap(synced_to);
    board.map_rebuilding = 0;
    board.map_generation.fetch_add(1, std::memory_order_release);
    base::log::info("link_map_rebuilt", {{"links", map->links()}, {"milliseconds", (now - began) / 1000}});
  } else if (read > 0 || now >= save_at) {
    map->apply({}, synced_to);
    save_at = now + kSavePoint;
  }
  board.map_links = map->links();
  board.map_synced_at = board.database_at = time;
  look_at = now + kLookEvery;
  database_outage.end();
}

void MapSync::Parts::prune_if_due(base::Micros now) {
  if (now >= prune_at && changes.prune(synced_to)) prune_at = now + kPruneEvery;
}

void MapSync::Parts::work(base::Micros now, db::UnixSeconds time) {
  open_map(now);
  if (!map) return;
  keep_house(now, time);
  if (reading != Reading::nothing) return take_part(now, time);
  if (changes.drain_hints()) look_at = std::min(look_at, now);
  if (now < look_at) return;
  begin(now);
  take_part(now, time);
  if (reading == Reading::nothing) prune_if_due(now);
}

base::Micros MapSync::Parts::rest(base::Micros now) const {
  if (!map) return std::max<base::Micros>(open_at - now, 0);
  return reading != Reading::nothing ? 0 : std::max<base::Micros>(look_at - now, 0);
}

MapSync::MapSync(std::string state_dir, db::Options options, shm::ClicksBoard& board)
    : parts_(std::make_unique<Parts>(std::move(state_dir), std::move(options), board)) {}

MapSync::~MapSync() = default;

base::Micros MapSync::step(base::Micros now, db::UnixSeconds time) {
  try {
    parts_->work(now, time);
  } catch (const db::Error& error) {
    parts_->database_outage.begin(error.what());
    parts_->reading = Parts::Reading::nothing;
    parts_->board.map_rebuilding = 0;
    parts_->look_at = now + kTryAgain;
  } catch (const std::exception& error) {
    parts_->file_outage.begin(error.what());
    parts_->map.reset();
    parts_->board.map_rebuilding = 0;
    parts_->open_at = now + kTryAgain;
  }
  return parts_->rest(now);
}

int MapSync::socket() const {
  return parts_->changes.socket();
}

}  // namespace ingest
