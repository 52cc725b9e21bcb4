#include "db/link_statements.hpp"

// The columns of LinkColumn, from links as `link`.
//
// clicks_30d: the counter where it is today's, else the sum of the days: right at every moment.
#define QL_LINK_COLUMNS                                                                   \
  "link.id, link.created_at, link.last_checked_at,"                                       \
  "case when link.clicks_day = $2::date then link.clicks_30d"                             \
  "     else (select coalesce(sum(daily.humans), 0)::bigint from link_clicks_daily daily" \
  "            where daily.account_id = link.account_id and daily.link_id = link.id"      \
  "              and daily.day between $2::date - 29 and $2::date) end as clicks,"        \
  "link.status, link.label, link.url, link.slug, link.program"

namespace db {

const Statement kShallowPage = {"ql_shallow_page", "list links", R"sql(
select counter.links_total, counter.links_version, page.*
  from account_counters counter
  left join lateral (
       select )sql" QL_LINK_COLUMNS R"sql(
         from links link
        where link.account_id = $1::uuid and counter.links_version is distinct from $3::uuid
        order by link.created_at desc, link.id desc
        limit $4::bigint offset $5::bigint) page on true
 where counter.account_id = $1::uuid
)sql"};

const Statement kDeepPage = {"ql_deep_page", "list links", R"sql(
select counter.links_total, counter.links_version, page.*
  from account_counters counter
  left join lateral (
       select )sql" QL_LINK_COLUMNS R"sql(
         from links link
        where link.account_id = $1::uuid and counter.links_version is distinct from $3::uuid
        order by link.created_at desc, link.id desc
        limit $4::bigint offset $5::bigint) page on true
 where counter.account_id = $1::uuid
)sql"};

const Statement kPageAfter = {"ql_page_after", "list links", R"sql(
select counter.links_total, counter.links_version, page.*
  from account_counters counter
  join links cursor on cursor.account_id = $1::uuid and cursor.id = $5::uuid
  left join lateral (
       select )sql" QL_LINK_COLUMNS R"sql(
         from links link
        where link.account_id = $1::uuid and counter.links_version is distinct from $3::uuid
          and (link.created_at, link.id) < (cursor.created_at, cursor.id)
        order by link.created_at desc, link.id desc
        limit $4::bigint) page on true
 where counter.account_id = $1::uuid
)sql"};

const Statement kOneLink = {"ql_one_link", "read a link", "select " QL_LINK_COLUMNS R"sql(
  from links link
 where link.account_id = $1::uuid and link.id = $3::uuid
)sql"};

}  // namespace db
