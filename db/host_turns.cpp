#include "db/host_turns.hpp"

#include "db/array.hpp"
#include "db/session.hpp"

namespace db {
namespace {

using Type = BinaryArray::Type;

const Statement kTake = {"ql_take_turns", "take turns at hosts", R"sql(
select host, granted, again_ms
  from take_host_turns($1::text[], $2::integer[], $3::bigint::integer, $4::bigint * interval '1 millisecond',
                       $5::bigint * interval '1 second')
)sql"};

const Statement kGiveBack = {"ql_give_back_turns", "give turns at hosts back", R"sql(
select from give_back_host_turns($1::text[], $2::integer[],
  array(select case when block > 0 then clock_timestamp() + block * interval '1 millisecond' end
          from unnest($3::bigint[]) with ordinality as blocks (block, place) order by place))
)sql"};

const Statement kForget = {"ql_forget_hosts", "forget hosts", R"sql(
delete from host_turns where host in (
  select host from host_turns where next_at < now() - interval '1 day' and running = '{}' limit $1::bigint) returning host
)sql"};

}  // namespace

std::vector<HostGrant> HostTurns::take(std::span<const HostWish> wishes, const HostLimits& limits) {
  if (wishes.empty()) return {};
  BinaryArray hosts(Type::text), counts(Type::integer);
  for (const auto& wish : wishes) {
    hosts.text(wish.host);
    counts.integer(wish.count);
  }
  std::vector<HostGrant> grants;
  session_.write("take turns at hosts", [&](soci::session&) {
    grants.clear();
    Parameters parameters;
    parameters.array(hosts).array(counts).integer(limits.at_once).integer(limits.gap_ms).integer(limits.lasting_s);
    const Result rows = session_.step(kTake, parameters);
    for (int row = 0; row < rows.rows(); ++row)
      grants.push_back({rows.text(row, 0), rows.integer32(row, 1), rows.integer32(row, 2)});
  });
  return grants;
}

void HostTurns::give_back(std::span<const HostReturn> turns) {
  if (turns.empty()) return;
  BinaryArray hosts(Type::text), counts(Type::integer), blocks(Type::bigint);
  for (const auto& turn : turns) {
    hosts.text(turn.host);
    counts.integer(turn.count);
    blocks.bigint(turn.block_ms);
  }
  session_.write("give turns at hosts back", [&](soci::session&) {
    session_.step(kGiveBack, Parameters().array(hosts).array(counts).array(blocks));
  });
}

int HostTurns::forget_old(int most) {
  return session_.query(kForget, Parameters().integer(most)).rows();
}

}  // namespace db
