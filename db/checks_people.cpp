// What people ask of checks.
#include <algorithm>

#include "db/array.hpp"
#include "db/check_rows.hpp"
#include "db/checks.hpp"
#include "db/session.hpp"

namespace db {
namespace {

const Statement kWatch = {"ql_watch", "read how a link is checked", R"sql(
select paused, baseline_url, baseline_accepted, expected_host, tag_parameter, suspected_status, suspected_mode,
       suspected_times::integer, due_at
  from link_watch where account_id = $1::uuid and link_id = $2::uuid
)sql"};

const Statement kPaused = {"ql_paused", "read which links are paused", R"sql(
select link_id from link_watch where account_id = $1::uuid and link_id = any($2::uuid[]) and paused
)sql"};

const Statement kRequest = {"ql_request_check", "ask for a check", R"sql(
update link_watch set requested_at = clock_timestamp(), due_at = clock_timestamp(), urgency = 2, lease = null
 where account_id = $1::uuid and link_id = $2::uuid
   and coalesce(requested_at < clock_timestamp() - interval '1 minute', true)
returning link_id
)sql"};

const Statement kRequestWait = {"ql_request_wait", "ask for a check", R"sql(
select ceil(extract(epoch from requested_at + interval '1 minute' - clock_timestamp()))::integer
  from link_watch where account_id = $1::uuid and link_id = $2::uuid and requested_at is not null
)sql"};

// Of $4 to $7 the first says of each pair whether the second is given.
const Statement kChange = {"ql_change_watch", "change how a link is checked", R"sql(
update link_watch
   set paused = coalesce($3::boolean, paused),
       expected_host = case when $4::boolean then $5::text else expected_host end,
       tag_parameter = case when $6::boolean then $7::text else tag_parameter end,
       due_at = case when coalesce($3::boolean, paused) = paused then due_at
                     when $3::boolean then 'infinity' else clock_timestamp() end
 where account_id = $1::uuid and link_id = $2::uuid
returning link_id
)sql"};

const Statement kLastEnd = {"ql_last_end", "accept where a link ends", R"sql(
select final_url from checks
 where account_id = $1::uuid and link_id = $2::uuid and outcome = 'conclusive' and http_status between 200 and 299
 order by checked_at desc, id desc limit 1
)sql"};

const Statement kSetBaseline = {"ql_set_baseline", "change where a link may end", R"sql(
update link_watch
   set baseline_url = $3::text, baseline_accepted = $3::text is not null, suspected_status = null, suspected_mode = null,
       suspected_times = 0, urgency = 2, lease = null, due_at = case when paused then due_at else clock_timestamp() end
 where account_id = $1::uuid and link_id = $2::uuid
returning link_id
)sql"};

// $3 and $4 are where the page begins: the time and the id of a check, or infinity. Older ones than the plan keeps may
// be there still.
const Statement kPage = {"ql_checks", "list checks", R"sql(
select id, checked_at, outcome, status, failure_mode, confirmed, final_url, http_status, duration_ms, hops::text,
       evidence::text
  from checks
 where account_id = $1::uuid and link_id = $2::uuid and (checked_at, id) < ($3::timestamptz, $4::uuid)
   and checked_at > now() - (select checks_kept_days from plans join accounts on plan = plans.name
                              where accounts.id = $1::uuid) * interval '1 day'
 order by checked_at desc, id desc limit $5::bigint
)sql"};

const Statement kPlaceOf = {"ql_check_place", "list checks", R"sql(
select checked_at from checks where account_id = $1::uuid and link_id = $2::uuid and id = $3::uuid
)sql"};

Check parse_check(const Result& rows, int row) {
  return {.id = rows.uuid(row, 0),
          .checked_at = rows.time(row, 1),
          .outcome = rows.text(row, 2),
          .status = rows.null(row, 3) ? std::nullopt : std::optional(parse_status(rows.view(row, 3))),
          .failure_mode = rows.optional_text(row, 4),
          .confirmed = rows.boolean(row, 5),
          .final_url = rows.optional_text(row, 6),
          .http_status = rows.null(row, 7) ? std::nullopt : std::optional(rows.integer32(row, 7)),
          .duration_ms = rows.integer32(row, 8),
          .hops = rows.text(row, 9),
          .evidence = rows.text(row, 10)};
}

}  // namespace

std::optional<LinkWatch> Checks::watch(const Uuid& account_id, const Uuid& link_id) {
  const Result rows = session_.query(kWatch, Parameters().uuid(account_id).uuid(link_id));
  if (rows.rows() == 0) return std::nullopt;
  return parse_watch(rows, 0, 0);
}

std::vector<Uuid> Checks::paused(const Uuid& account_id, std::span<const Uuid> links) {
  BinaryArray ids(BinaryArray::Type::uuid);
  for (const auto& link : links) ids.uuid(link);
  const Result rows = session_.query(kPaused, Parameters().uuid(account_id).array(ids));
  std::vector<Uuid> found;
  for (int row = 0; row < rows.rows(); ++row) found.push_back(rows.uuid(row, 0));
  return found;
}

CheckRequest Checks::request(const Uuid& account_id, const Uuid& link_id, int& wait_s) {
  const auto link = Parameters().uuid(account_id).uuid(link_id);
  if (session_.query(kRequest, link).rows() > 0) return CheckRequest::taken;
  const Result wait = session_.query(kRequestWait, link);
  if (wait.rows() == 0) return CheckRequest::no_such_link;
  wait_s = std::max(wait.integer32(0, 0), 1);
  return CheckRequest::too_soon;
}

bool Checks::change_watch(const Uuid& account_id, const Uuid& link_id, const WatchChanges& changes) {
  Parameters parameters;
  parameters.uuid(account_id).uuid(link_id).boolean(changes.paused);
  for (const auto* text : {&changes.expected_host, &changes.tag_parameter}) {
    parameters.boolean(text->has_value());
    *text&&** text ? parameters.text(***text) : parameters.null();
  }
  return session_.query(kChange, parameters).rows() > 0;
}

Acceptance Checks::accept_baseline(const Uuid& account_id, const Uuid& link_id) {
  if (!watch(account_id, link_id)) return Acceptance::no_such_link;
  const Result end = session_.query(kLastEnd, Parameters().uuid(account_id).uuid(link_id));
  if (end.rows() == 0) return Acceptance::no_check_yet;
  const auto url = end.text(0, 0);
  session_.query(kSetBaseline, Parameters().uuid(account_id).uuid(link_id).text(url));
  return Acceptance::accepted;
}

bool Checks::forget_baseline(const Uuid& account_id, const Uuid& link_id) {
  return session_.query(kSetBaseline, Parameters().uuid(account_id).uuid(link_id).null()).rows() > 0;
}

std::optional<CheckPage> Checks::page(const Uuid& account_id, const Uuid& link_id, const std::optional<Uuid>& behind,
                                      int limit) {
  if (!watch(account_id, link_id)) return std::nullopt;
  std::int64_t time = kAfterAllTimes;
  if (behind) {
    const Result place = session_.query(kPlaceOf, Parameters().uuid(account_id).uuid(link_id).uuid(*behind));
    if (place.rows() == 0) return std::nullopt;
    time = place.micros(0, 0);
  }
  Parameters parameters;
  parameters.uuid(account_id).uuid(link_id).time(time).uuid(behind.value_or(Uuid{})).integer(limit + 1);
  const Result rows = session_.query(kPage, parameters);
  CheckPage page;
  for (int row = 0; row < rows.rows(); ++row) page.checks.push_back(parse_check(rows, row));
  page.more = page.checks.size() > static_cast<std::size_t>(limit);
  if (page.more) page.checks.pop_back();
  return page;
}

}  // namespace db
