#include "app/clicks/link_map.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/stat.h>

#include "app/base/clock.hpp"
#include "app/base/log.hpp"
#include "app/clicks/link_map_file.hpp"

namespace clicks {
namespace {

constexpr base::Micros kLookEvery = 1'000'000;

// The map and a read transaction that is kept: to renew it costs a tenth of beginning one, and takes no lock. Between
// lookups it is reset, so that it holds no old pages.
class View {
 public:
  explicit View(const std::string& path)
      : file_(path, MapFile::Use::read),
        id_(file_.id()),
        transaction_(file_.begin_reading()),
        complete_(file_.state(transaction_.get()).complete) {
    mdb_txn_reset(transaction_.get());
  }

  const FileId& id() const { return id_; }
  bool complete() const { return complete_; }

  // `take` is given the value while it is there; false: there is none. Throws MapError.
  template <typename Take>
  bool with(std::string_view key_text, Take&& take) {
    require(mdb_txn_renew(transaction_.get()), "read the link map");
    MDB_val key = to_value(key_text), value{};
    const int result = mdb_get(transaction_.get(), file_.links(), &key, &value);
    if (result == 0) take(to_text(value));
    mdb_txn_reset(transaction_.get());
    if (result != MDB_NOTFOUND) require(result, "look into the link map");
    return result == 0;
  }

 private:
  MapFile file_;
  FileId id_;
  Transaction transaction_;
  bool complete_ = false;
};

}  // namespace

struct LinkMap::Parts {
  std::string state_dir;
  std::optional<View> view;
  std::optional<std::uint64_t> generation;  // at the last look
  base::Micros next_look = 0;
  bool said = false;          // that there is no map
  bool said_unsound = false;  // that a value is wrong
  std::array<char, kMaxUrlBytes> url{};
  struct {
    db::DayNumber day = 0;
    std::optional<Salt> salt;
  } last_salt;

  void look(base::Micros now);
  void open_current();
  bool take(std::string_view value, Target& target);
  void failed(const MapError& error);
};

void LinkMap::Parts::open_current() {
  if (view && file_at(map_link(state_dir)) == view->id()) return;
  for (int attempts_left = 3;; --attempts_left) {
    const auto path = current_map(state_dir);
    if (!path) throw MapError("there is no link map", ENOENT);
    if (view && file_at(*path) == view->id()) return;  // never open a file twice
    try {
      View opened(*path);
      view.emplace(std::move(opened));
      last_salt.salt.reset();
      return;
    } catch (const MapError& error) {
      if (error.code() != ENOENT || attempts_left == 0) throw;  // else it was swapped and removed under us
    }
  }
}

// A map that is already open stays so when the new one cannot be opened: an old answer is better than none.
void LinkMap::Parts::look(base::Micros now) {
  next_look = now + kLookEvery;
  try {
    open_current();
    said = false;
  } catch (const MapError& error) {
    if (!said) base::log::warning("link_map_unusable", {{"reason", error.what()}});
    said = true;
  }
}

void LinkMap::Parts::failed(const MapError& error) {
  base::log::error("link_map_failed", {{"reason", error.what()}});
  said = true;
  view.reset();
  next_look = base::monotonic_micros() + kLookEvery;
}

// A single wrong value must not cost the others their map.
bool LinkMap::Parts::take(std::string_view value, Target& target) {
  if (value.size() <= kMapValueHead || value.size() > kMapValueHead + kMaxUrlBytes) {
    if (!std::exchange(said_unsound, true))
      base::log::error("link_map_value_unsound", {{"bytes", static_cast<std::int64_t>(value.size())}});
    return false;
  }
  std::memcpy(target.account_id.data(), value.data(), target.account_id.size());
  std::memcpy(target.link_id.data(), value.data() + target.account_id.size(), target.link_id.size());
  value.remove_prefix(kMapValueHead);
  std::memcpy(url.data(), value.data(), value.size());
  target.url = {url.data(), value.size()};
  return true;
}

LinkMap::LinkMap(const std::string& state_dir) : parts_(std::make_unique<Parts>()) {
  parts_->state_dir = state_dir;
}
LinkMap::~LinkMap() = default;

bool LinkMap::open(std::uint64_t generation) {
  const base::Micros now = base::monotonic_micros();
  const bool changed = parts_->generation != generation;
  parts_->generation = generation;
  if (changed || now >= parts_->next_look) parts_->look(now);
  return parts_->view.has_value();
}

std::optional<Target> LinkMap::find(std::string_view slug) {
  if (!parts_->view || slug.empty() || slug.size() > kMaxSlugBytes || slug.front() == '.') return std::nullopt;
  Target target;
  bool sound = false;
  try {
    const bool there = parts_->view->with(slug, [&](std::string_view value) { sound = parts_->take(value, target); });
    return there && sound ? std::optional(target) : std::nullopt;
  } catch (const MapError& error) {
    parts_->failed(error);
    return std::nullopt;
  }
}

std::optional<Salt> LinkMap::salt(db::DayNumber day) {
  auto& last = parts_->last_salt;
  if (last.salt && last.day == day) return last.salt;
  if (!parts_->view) return std::nullopt;
  last.salt.reset();
  try {
    parts_->view->with(salt_key(day), [&](std::string_view value) {
      if (value.size() != sizeof(Salt)) return;
      last.day = day;
      std::memcpy(last.salt.emplace().data(), value.data(), sizeof(Salt));
    });
  } catch (const MapError& error) {
    parts_->failed(error);
  }
  return last.salt;
}

bool LinkMap::complete() const {
  return parts_->view && parts_->view->complete();
}

}  // namespace clicks
