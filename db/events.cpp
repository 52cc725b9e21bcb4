// The primary key's order serves all pages; the indexes by type and by link serve those alone. A fixed plan would have
// to serve all of them, so each is planned by what it asks for: there is no condition that is sometimes none.
#include "db/events.hpp"

#include <array>
#include <limits>

#include "db/session.hpp"

#define QL_EVENT_COLUMNS                                                                                 \
  "event.id, event.seq, event.created_at, event.type, event.link_id, event.actor_type, event.actor_id, " \
  "event.actor_name, event.request_id, event.subject::text, event.changes::text"

// The head row, in the shape of an event, before the page: the newest number of the same snapshot.
#define QL_EVENT_HEAD                                                                                               \
  "(select null::uuid, events_seq, null::timestamptz, null::text, null::uuid, null::text, null::uuid, null::text, " \
  "null::text, null::text, null::text from account_counters where account_id = $1::uuid) union all "                \
  "(select " QL_EVENT_COLUMNS                                                                                       \
  " from events as event where event.account_id = $1::uuid and event.seq > $2::bigint and event.seq < $3::bigint "

#define QL_OF_TYPE "and event.type = $5::text "
#define QL_OF_LINK "and event.link_id = $6::uuid "
#define QL_ANY_TYPE "and $5::text is null "
#define QL_ANY_LINK "and $6::uuid is null "
#define QL_NEWEST_FIRST "order by event.seq desc limit $4::bigint)"
#define QL_OLDEST_FIRST "order by event.seq limit $4::bigint)"

namespace db {
namespace {

enum EventColumn {
  kId,
  kSeq,
  kCreatedAt,
  kType,
  kLinkId,
  kActorType,
  kActorId,
  kActorName,
  kRequestId,
  kSubject,
  kChanges
};

// By [oldest first][of one type][of one link].
const Statement kPages[2][2][2] = {
    {{{"ql_events", "list events", QL_EVENT_HEAD QL_ANY_TYPE QL_ANY_LINK QL_NEWEST_FIRST},
      {"ql_events_link", "list events", QL_EVENT_HEAD QL_ANY_TYPE QL_OF_LINK QL_NEWEST_FIRST}},
     {{"ql_events_type", "list events", QL_EVENT_HEAD QL_OF_TYPE QL_ANY_LINK QL_NEWEST_FIRST},
      {"ql_events_type_link", "list events", QL_EVENT_HEAD QL_OF_TYPE QL_OF_LINK QL_NEWEST_FIRST}}},
    {{{"ql_events_up", "list events", QL_EVENT_HEAD QL_ANY_TYPE QL_ANY_LINK QL_OLDEST_FIRST},
      {"ql_events_link_up", "list events", QL_EVENT_HEAD QL_ANY_TYPE QL_OF_LINK QL_OLDEST_FIRST}},
     {{"ql_events_type_up", "list events", QL_EVENT_HEAD QL_OF_TYPE QL_ANY_LINK QL_OLDEST_FIRST},
      {"ql_events_type_link_up", "list events", QL_EVENT_HEAD QL_OF_TYPE QL_OF_LINK QL_OLDEST_FIRST}}}};

const Statement kLastSeq = {"ql_last_seq", "look for new events",
                            "select events_seq from account_counters where account_id = $1::uuid"};

Event parse_event(const Result& result, int row) {
  return {.id = result.uuid(row, kId),
          .seq = result.integer(row, kSeq),
          .created_at = result.time(row, kCreatedAt),
          .type = result.text(row, kType),
          .link_id = result.optional_uuid(row, kLinkId),
          .actor_type = result.text(row, kActorType),
          .actor_id = result.optional_uuid(row, kActorId),
          .actor_name = result.optional_text(row, kActorName),
          .request_id = result.optional_text(row, kRequestId),
          .subject = result.text(row, kSubject),
          .changes = result.text(row, kChanges)};
}

Parameters parameters_of(const EventQuery& query) {
  Parameters parameters;
  parameters.uuid(query.account_id)
      .integer(query.after.value_or(0))
      .integer(query.before.value_or(std::numeric_limits<std::int64_t>::max()))
      .integer(query.limit + 1);  // one more tells whether the page is the last
  query.type ? parameters.text(*query.type) : parameters.null();
  return parameters.uuid(query.link_id);
}

}  // namespace

EventPage Events::page(const EventQuery& query) {
  const auto& statement = kPages[query.oldest_first ? 1 : 0][query.type ? 1 : 0][query.link_id ? 1 : 0];
  const Result result = session_.query(statement, parameters_of(query));
  EventPage page;
  for (int row = 0; row < result.rows(); ++row)
    if (result.null(row, kId))
      page.last_seq = result.integer(row, kSeq);
    else
      page.events.push_back(parse_event(result, row));
  page.more = page.events.size() > static_cast<std::size_t>(query.limit);
  if (page.more) page.events.pop_back();
  return page;
}

std::int64_t Events::last_seq(const Uuid& account_id) {
  const Result result = session_.query(kLastSeq, Parameters().uuid(account_id));
  return result.rows() == 0 ? 0 : result.integer(0, 0);
}

}  // namespace db
