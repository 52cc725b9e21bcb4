#include "db/transfers.hpp"

#include "db/session.hpp"

namespace db {
namespace {

// The first place that is free. By a hash of 64 bits: two groups that share one would only be full a little earlier.
const Statement kTakePlace = {"ql_take_place", "take a place for a transfer", R"sql(
select place from generate_series(1, $2::bigint) as place
 where pg_try_advisory_lock(hashtextextended('transfer ' || $1::text, place)) limit 1
)sql"};

// The session has no other locks that outlive a transaction.
const Statement kLeavePlaces = {"ql_leave_places", "end a transfer", "select pg_advisory_unlock_all()"};

}  // namespace

bool Transfers::begin(std::span<const PlaceGroup> groups) {
  for (const auto& group : groups) {
    if (session_.query(kTakePlace, Parameters().text(group.name).integer(group.places)).rows() > 0) continue;
    end();
    return false;
  }
  return true;
}

void Transfers::end() {
  session_.query(kLeavePlaces, {});
}

}  // namespace db
