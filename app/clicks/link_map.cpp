#include "app/clicks/link_map.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/stat.h>

#include "app/base/clock.hpp"
#include "app/base/log.hpp"
#include "app/clicks/link_map_file.hpp"

namespace clicks {
namespace {

constexpr base::Micros kRetryAfter = 1'000'000;

// The map and a read transaction that is kept: to renew it costs a tenth of beginning one, and takes no lock. Between
// lookups it is reset, so that it holds no old pages.
class View {
 public:
  explicit View(const std::string& path) : file_(path, MapFile::Use::read) {
    MDB_txn* started = nullptr;
    require(mdb_txn_begin(file_.environment(), nullptr, MDB_RDONLY, &started), "read the link map");
    transaction_.reset(started);
    complete_ = file_.state(started).complete;
    mdb_txn_reset(started);
  }

  const std::string& path() const { return file_.path(); }
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
  Transaction transaction_;
  bool complete_ = false;
};

}  // namespace

struct LinkMap::Parts {
  std::string state_dir;
  std::optional<View> view;
  std::uint64_t generation = 0;  // that `view` was opened for
  base::Micros next_try = 0;
  bool said = false;  // that there is no map
  std::array<char, kMaxUrlBytes> url{};
  struct {
    db::DayNumber day = 0;
    std::optional<Salt> salt;
  } last_salt;

  bool due(std::uint64_t now_generation) const;
  void reopen(std::uint64_t now_generation);
  void open_current();
  void failed(const MapError& error);
};

bool LinkMap::Parts::due(std::uint64_t now_generation) const {
  if (view && generation == now_generation) return false;
  return generation != now_generation || base::monotonic_micros() >= next_try;
}

void LinkMap::Parts::open_current() {
  for (int attempts_left = 3;; --attempts_left) {
    const auto path = current_map(state_dir);
    if (!path) throw MapError("there is no link map", ENOENT);
    if (view && view->path() == *path) return;  // never open a file twice
    try {
      View opened(*path);
      view.emplace(std::move(opened));
      return;
    } catch (const MapError& error) {
      if (error.code() != ENOENT || attempts_left == 0) throw;  // else it was swapped and removed under us
    }
  }
}

// A map that is already open stays so when the new one cannot be opened: an old answer is better than none.
void LinkMap::Parts::reopen(std::uint64_t now_generation) {
  try {
    open_current();
    generation = now_generation;
    last_salt.salt.reset();
    said = false;
  } catch (const MapError& error) {
    next_try = base::monotonic_micros() + kRetryAfter;
    if (!view) generation = now_generation;  // not at once again
    if (!said) base::log::warning("link_map_unusable", {{"reason", error.what()}});
    said = true;
  }
}

void LinkMap::Parts::failed(const MapError& error) {
  base::log::error("link_map_failed", {{"reason", error.what()}});
  said = true;
  view.reset();
  next_try = base::monotonic_micros() + kRetryAfter;
}

LinkMap::LinkMap(const std::string& state_dir) : parts_(std::make_unique<Parts>()) {
  parts_->state_dir = state_dir;
}
LinkMap::~LinkMap() = default;

bool LinkMap::open(std::uint64_t generation) {
  if (parts_->due(generation)) parts_->reopen(generation);
  return parts_->view.has_value();
}

std::optional<Target> LinkMap::find(std::string_view slug) {
  if (!parts_->view || slug.empty() || slug.size() > kMaxSlugBytes || slug.front() == '.') return std::nullopt;
  Target target;
  bool sound = false;
  const auto take = [&](std::string_view value) {
    if (value.size() <= kMapValueHead || value.size() > kMapValueHead + kMaxUrlBytes) return;
    std::memcpy(target.account_id.data(), value.data(), target.account_id.size());
    std::memcpy(target.link_id.data(), value.data() + target.account_id.size(), target.link_id.size());
    value.remove_prefix(kMapValueHead);
    std::memcpy(parts_->url.data(), value.data(), value.size());
    target.url = {parts_->url.data(), value.size()};
    sound = true;
  };
  try {
    if (!parts_->view->with(slug, take)) return std::nullopt;
    if (!sound) throw MapError("the link map holds a value of a wrong size", MDB_CORRUPTED);
    return target;
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
