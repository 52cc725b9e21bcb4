#include "app/web/key_usage.hpp"

#include <cstring>
#include <utility>

namespace web {
namespace {

constexpr db::UnixSeconds kMinute = 60;
constexpr db::UnixSeconds kLongestWait = 10;

}  // namespace

std::size_t KeyUsage::HashUuid::operator()(const db::Uuid& id) const {
  std::size_t hash = 0;
  std::memcpy(&hash, id.data() + id.size() - sizeof hash, sizeof hash);  // the random part of every UUID version
  return hash;
}

void KeyUsage::note(const db::KeyIdentity& identity, db::UnixSeconds now) {
  const auto [entry, is_new] = noted_at_.try_emplace(identity.key_id, now);
  if (!is_new && now - entry->second < kMinute) return;
  entry->second = now;
  pending_.push_back({identity.account_id, identity.key_id, now});
}

void KeyUsage::flush(db::Database& database, bool idle, db::UnixSeconds now) {
  if (pending_.empty() || (!idle && now - pending_.front().used_at < kLongestWait)) return;
  if (noted_at_.size() > most_keys_) noted_at_.clear();
  const auto uses = std::exchange(pending_, {});
  database.keys().touch(uses);
}

}  // namespace web
