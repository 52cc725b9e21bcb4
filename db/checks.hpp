// Checks of links: which are due, what each saw, and what follows from it. Migration 0008 says how they are kept.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/model.hpp"

namespace db {

class Session;

// What a person may say of how a link is checked, and what the monitor remembers of it.
struct LinkWatch {
  bool paused = false;
  std::optional<std::string> baseline_url;  // where its last healthy check ended, or where a person said that it may
  bool baseline_accepted = false;
  std::optional<std::string> expected_host;  // lower case
  std::optional<std::string> tag_parameter;
  std::optional<LinkStatus> suspected_status;
  std::optional<std::string> suspected_mode;
  int suspected_times = 0;
  std::optional<UnixSeconds> due_at;  // none: not until somebody asks
};

// What a person changes of it. A given nullopt takes away what is there.
struct WatchChanges {
  std::optional<bool> paused;
  std::optional<std::optional<std::string>> expected_host;
  std::optional<std::optional<std::string>> tag_parameter;
};

// A link that is due, taken for checking.
struct DueLink {
  Uuid account_id{};
  Uuid link_id{};
  std::string url;
  std::optional<std::string> program;
  LinkStatus status = LinkStatus::pending;
  LinkWatch watch;
  int interval_s = 3600;  // its plan's
  bool first = false;     // it was never checked
  bool asked = false;     // somebody waits for this check
};

struct Check {
  Uuid id{};
  UnixSeconds checked_at = 0;
  std::string outcome;  // conclusive, inconclusive, refused
  std::optional<LinkStatus> status;
  std::optional<std::string> failure_mode = {};
  bool confirmed = false;  // the link has had this status since this check, or had it already
  std::optional<std::string> final_url;
  std::optional<int> http_status;
  int duration_ms = 0;
  std::string hops;      // JSON
  std::string evidence;  // JSON
};

struct CheckResult {
  Uuid account_id{};
  Uuid link_id{};
  Check check;                                   // its time is the database's
  std::optional<std::string> baseline_url = {};  // the new one, unless a person accepted another
  std::optional<LinkStatus> suspected_status = {};
  std::optional<std::string> suspected_mode = {};
  int suspected_times = 0;
  std::int64_t due_in_ms = 0;  // the next check
};

struct CheckPage {
  bool more = false;
  std::vector<Check> checks;
};

enum class CheckRequest : std::uint8_t { taken, too_soon, no_such_link };
enum class Acceptance : std::uint8_t { accepted, no_check_yet, no_such_link };

class Checks {
 public:
  explicit Checks(Session& session) : session_(session) {}

  // --- for the monitor ---
  // Links that are due, the most urgent first; of new and of routine ones no more than `most` / 2 each, so that none
  // waits for all of the others. They are due again `lasting_s` from now unless they are recorded before.
  std::vector<DueLink> take_due(const Uuid& lease, int most, int lasting_s);

  // In one transaction: the checks, the links' states, the events and alerts of those that changed. What was taken
  // under another lease by now is left out. Returns how many were recorded.
  int record(const Uuid& lease, std::span<const CheckResult> results);

  // They were not checked: due in so many ms, those that still are under this lease.
  struct Postponed {
    Uuid account_id{};
    Uuid link_id{};
    std::int64_t due_in_ms = 0;
  };
  void postpone(const Uuid& lease, std::span<const Postponed> links);

  // How far behind the monitors are: links that are due, up to `most` of each urgency, and since when the oldest is.
  struct Backlog {
    std::int64_t links = 0;
    std::int64_t oldest_s = 0;
  };
  Backlog backlog(int most);

  int ensure_partitions(int days_ahead);  // from yesterday on
  int drop_old_partitions(int most);

  // --- for people ---
  std::optional<LinkWatch> watch(const Uuid& account_id, const Uuid& link_id);

  // Those of the links that are, in any order.
  std::vector<Uuid> paused(const Uuid& account_id, std::span<const Uuid> links);

  // At most one a minute for a link: `wait_s` is what is left of it.
  CheckRequest request(const Uuid& account_id, const Uuid& link_id, int& wait_s);

  // Pausing: it is not due any more; going on: it is due at once. False: there is no such link.
  bool change_watch(const Uuid& account_id, const Uuid& link_id, const WatchChanges& changes);

  // Where the last check ended that came to a page is from now on where the link may end. It is due at once.
  Acceptance accept_baseline(const Uuid& account_id, const Uuid& link_id);
  bool forget_baseline(const Uuid& account_id, const Uuid& link_id);  // false: there is no such link

  // Newest first, at most `limit`; behind that check of the link. nullopt: there is no such link, or no such check.
  std::optional<CheckPage> page(const Uuid& account_id, const Uuid& link_id, const std::optional<Uuid>& behind,
                                int limit);

 private:
  Session& session_;
};

}  // namespace db
