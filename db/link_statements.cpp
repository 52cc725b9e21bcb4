// Measured with force_generic_plan on 1,000,000 links of one account beside 100,000 of others, in µs of the server's
// CPU for a page of 100: the smallest of 7 rounds, on a 2-core machine that was busy with other work. Expect the ratios
// to hold, not the figures: the same page at offset 0 took 79 in one run and 104 in the next.
//   all pages vacuumed   offset 0    500    2,000    9,900   100,000     500,000   999,900
//     kShallowPage          104    522    2,956   13,548   220,193   1,070,470
//     kDeepPage             389    436      723    1,645     8,478      36,395       295
//   46 % of the pages vacuumed
//     kShallowPage           79    242    2,943   11,706   210,092   1,084,406
//     kDeepPage             267    405    2,249    7,806    97,021     458,288       298
//     kPageAfter, behind 900,000: 110
// So deep pages rely on index-only scans, hence on VACUUM: without it the middle costs some 13 times as much.
// Total and version by a lateral join instead of the union: 84 where the union takes 80 and a bare select 74.
#include "db/link_statements.hpp"

// The columns of LinkColumn, from links as `link`. clicks_30d: the counter where it holds today, else the sum of the
// days; right at every moment, and cheap where the counter is kept.
#define QL_LINK_COLUMNS                                                                                              \
  "link.id, link.created_at, link.last_checked_at,"                                                                  \
  "case when $2::date between link.clicks_day and coalesce(link.clicks_until, link.clicks_day) then link.clicks_30d" \
  "     else (select coalesce(sum(daily.humans), 0)::bigint from link_clicks_daily daily"                            \
  "            where daily.account_id = link.account_id and daily.link_id = link.id"                                 \
  "              and daily.day between $2::date - 29 and $2::date) end,"                                             \
  "link.status, link.label, link.url, link.slug, link.program, link.tags, link.fallback_url, link.failure_mode"

#define QL_COUNTER                 \
  "with counter as materialized (" \
  "  select links_total, links_version from account_counters where account_id = $1::uuid)"

// The head row, in the shape of a link, before whatever follows.
#define QL_HEAD                                                                                              \
  "(select links_version, null::timestamptz, null::timestamptz, links_total, null, null, null, null, null, " \
  "null::text[],"                                                                                            \
  " null, null from "

namespace db {

const char* const kLinkColumns = QL_LINK_COLUMNS;

const Statement kShallowPage = {"ql_shallow_page", "list links",
                                QL_COUNTER QL_HEAD "counter) union all (select " QL_LINK_COLUMNS R"sql(
  from links link
 where link.account_id = $1::uuid
 order by link.created_at desc, link.id desc
 limit $3::bigint offset $4::bigint)
)sql"};

// First the places of the page's links, from the index alone: from the front, or past the middle from the back. The
// total of the same snapshot says where in the backward order the page lies.
const Statement kDeepPage = {"ql_deep_page", "list links",
                             QL_COUNTER QL_HEAD "counter) union all (select " QL_LINK_COLUMNS R"sql(
  from ((select created_at, id from links
          where account_id = $1::uuid
            and (select $4::bigint <= links_total / 2 from counter)
          order by created_at desc, id desc
          limit $3::bigint offset $4::bigint)
        union all
        (select created_at, id from links
          where account_id = $1::uuid
            and (select $4::bigint > links_total / 2 from counter)
          order by created_at, id
          limit (select greatest(least($3::bigint, links_total - $4::bigint), 0) from counter)
         offset (select greatest(links_total - $4::bigint - $3::bigint, 0) from counter))) place
  join links link on link.account_id = $1::uuid and link.id = place.id
 order by place.created_at desc, place.id desc)
)sql"};

const Statement kPageAfter = {"ql_page_after", "list links", QL_COUNTER R"sql(,
cursor as materialized (select created_at, id from links where account_id = $1::uuid and id = $4::uuid)
)sql" QL_HEAD "counter, cursor) union all (select " QL_LINK_COLUMNS R"sql(
  from links link
 where link.account_id = $1::uuid
   and (link.created_at, link.id) < ((select created_at from cursor), $4::uuid)
 order by link.created_at desc, link.id desc
 limit $3::bigint)
)sql"};

const Statement kLinksVersion = {"ql_links_version", "look for changes of links",
                                 "select links_version from account_counters where account_id = $1::uuid"};

const Statement kOneLink = {"ql_one_link", "read a link", "select " QL_LINK_COLUMNS R"sql(
  from links link
 where link.account_id = $1::uuid and link.id = $3::uuid
)sql"};

const Statement kTarget = {"ql_target", "look up a slug",
                           "select account_id, link_id, url from redirects where slug = $1::text"};

const Statement kTakenSlugs = {"ql_taken_slugs", "look which slugs are taken",
                               "select slug from slugs where slug = any ($1::text[])"};

const Statement kLinksRoom = {"ql_links_room", "read how many links the plan allows", "select links_room($1::uuid)"};

LinkStatus parse_status(std::string_view word) {
  for (const auto status : {LinkStatus::healthy, LinkStatus::broken, LinkStatus::redirected, LinkStatus::slow})
    if (word == status_name(status)) return status;
  return LinkStatus::pending;
}

Link parse_link(const Result& result, int row) {
  return {.id = result.uuid(row, kId),
          .label = result.text(row, kLabel),
          .url = result.text(row, kUrl),
          .slug = result.text(row, kSlug),
          .program = result.optional_text(row, kProgram),
          .status = parse_status(result.view(row, kStatus)),
          .last_checked_at = result.optional_time(row, kLastCheckedAt),
          .clicks_30d = result.integer(row, kClicks),
          .created_at = result.time(row, kCreatedAt),
          .tags = result.texts(row, kTags),
          .fallback_url = result.optional_text(row, kFallbackUrl),
          .failure_mode = result.optional_text(row, kFailureMode)};
}

}  // namespace db
