// Clicks and what is counted from them. The flush is the one writer of clicks, of the counters by day and of the links'
// counters of 30 days: all in one transaction with the positions of the journals, so that a lost COMMIT reply, a crash
// or a second flusher can count nothing twice.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

enum class ClickDevice : std::uint8_t { other, desktop, mobile, tablet };

struct Click {
  Uuid id{};  // the request's: a click is counted once for each
  Uuid account_id{};
  Uuid link_id{};
  std::int64_t time_us = 0;   // unix microseconds
  std::uint64_t visitor = 0;  // 0: not known, never unique
  bool bot = false;
  ClickDevice device = ClickDevice::other;
  std::array<char, 2> country{};   // NULs: not known
  std::string_view referrer_host;  // empty: none; valid during the call
};

// A segment's records [from, to) are in the batch.
struct SegmentProgress {
  Uuid segment{};
  std::int64_t from = 0;
  std::int64_t to = 0;
};

struct FlushResult {
  bool counted = false;         // false: a position was not where `from` says; read positions() and begin there
  std::int64_t clicks = 0;      // new ones
  std::int64_t repeated = 0;    // requests that were counted before
  std::int64_t links_gone = 0;  // of the new ones: their link is no more, so only the click itself was kept
};

struct ClicksOfDay {
  DayNumber day = 0;
  std::int64_t humans = 0;
  std::int64_t bots = 0;
  std::int64_t uniques = 0;  // visitors among the humans; one who comes on two days counts on both
};

// What a recount found: a number of a link that is not what its rows add up to.
struct Miscount {
  Uuid account_id{};
  Uuid link_id{};
  std::string what;  // "clicks_30d", "humans of 2026-11-24", …
  std::int64_t stored = 0;
  std::int64_t counted = 0;
};

class Clicks {
 public:
  explicit Clicks(Session& session) : session_(session) {}

  // --- the flush
  // One transaction. `journal`: whose segments these are, the id of one state directory. `today`: the last day of the
  // window of clicks_30d. Throws Error (invalid) for a click that cannot be stored: nothing of the batch is counted
  // then. May be repeated after any failure.
  FlushResult flush(const Uuid& journal, std::span<const Click> clicks, std::span<const SegmentProgress> progress,
                    DayNumber today);
  // from = to = what is committed: of the journal's segments, and of `held`, whatever journal they were counted under.
  std::vector<SegmentProgress> positions(const Uuid& journal, std::span<const Uuid> held = {});
  void forget_segments(const Uuid& journal, std::span<const Uuid> segments);  // their files are gone for good

  // --- upkeep, each call a short transaction
  // Partitions from yesterday to `days_ahead` days after today, for every plan. Returns how many were made.
  int ensure_partitions(DayNumber today, int days_ahead);
  int drop_old_partitions(DayNumber today, int most);
  // Brings clicks_30d of at most `most` links up to date whose counter ended before `today`. Returns how many there
  // were; fewer than `most`: done for today.
  int roll(DayNumber today, int most);

  // --- reading
  // A row for each day of [from, to], zeros included, oldest first. nullopt: no such link in the account.
  std::optional<std::vector<ClicksOfDay>> by_day(const Uuid& account_id, const Uuid& link_id, DayNumber from,
                                                 DayNumber to);

  // --- the proof
  // Recounts the links of one account, in the order of ids, behind `after`, at most `most`: clicks -> days (as far as
  // clicks are kept) -> clicks_30d; each link in one snapshot. With `fix`, stores what was counted.
  struct Recount {
    std::vector<Miscount> miscounts;
    std::int64_t links = 0;
    std::optional<Uuid> last;  // none: there are no more
  };
  Recount recount(const Uuid& account_id, const std::optional<Uuid>& after, int most, DayNumber today, bool fix);

 private:
  FlushResult try_flush(const Uuid& journal, std::span<const Click> clicks, std::span<const SegmentProgress> progress,
                        DayNumber today);

  Session& session_;
  std::set<std::pair<int, DayNumber>> partitions_;  // days of keeping and day: seen or made
};

}  // namespace db
