#include "app/ingest/backlog_watch.hpp"

#include <algorithm>
#include <utility>

#include <sys/statvfs.h>

#include "app/base/log.hpp"

namespace ingest {
namespace {

constexpr std::int64_t kLateMs = 30'000;
constexpr std::uint64_t kLeastFreePercent = 5;

}  // namespace

void BacklogWatch::look(JournalTail& tail, const std::string& state_dir, db::UnixSeconds time) {
  const auto backlog = tail.backlog(time * 1'000'000);
  const std::int64_t lag_ms =
      backlog.oldest_us == 0 ? 0 : std::max<std::int64_t>(time * 1000 - backlog.oldest_us / 1000, 0);
  board_.unflushed_clicks = backlog.clicks;
  board_.journal_bytes = backlog.bytes;
  board_.journal_segments = static_cast<std::int64_t>(tail.segments());
  board_.lag_ms = lag_ms;
  if (board_.positions_unknown == 0) watch_lag(lag_ms, backlog.clicks);
  watch_room(state_dir);
  if (cramped_) tail.give_back_counted();
}

void BacklogWatch::watch_lag(std::int64_t lag_ms, std::int64_t clicks) {
  const bool late = lag_ms > kLateMs;
  if (late == std::exchange(late_, late)) return;
  if (late)
    base::log::warning("clicks_late", {{"oldest_s", lag_ms / 1000}, {"clicks", clicks}});
  else
    base::log::info("clicks_on_time");
}

void BacklogWatch::watch_room(const std::string& state_dir) {
  struct statvfs room {};
  if (statvfs(state_dir.c_str(), &room) != 0 || room.f_blocks == 0) return;
  const bool cramped = room.f_bavail * 100 < room.f_blocks * kLeastFreePercent;
  if (cramped == std::exchange(cramped_, cramped)) return;
  const auto free_mib = static_cast<std::int64_t>(room.f_bavail * room.f_frsize >> 20);
  if (cramped)
    base::log::error("state_dir_nearly_full",
                     {{"state_dir", state_dir},
                      {"free_mib", free_mib},
                      {"hint", "make room: when it is full, clicks are held in memory and then lost"}});
  else
    base::log::info("state_dir_has_room", {{"free_mib", free_mib}});
}

}  // namespace ingest
