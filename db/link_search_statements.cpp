#include "db/link_search_statements.hpp"

#include <array>
#include <string>
#include <vector>

namespace db {
namespace {

// Whatever way led to a link, everything that was asked for is looked at. As one value, `is true`, because the planner
// must not take a part of it for a way of its own: it cannot know what the parameters will be.
constexpr const char* kMatches = R"sql( and (
    link.status = any ($5::text[])
    and link.created_at > $9::timestamptz and link.created_at < $10::timestamptz
    and ($6::text is null or coalesce(lower(link.program), '') = $6::text)
    and ($11::timestamptz is null or coalesce(link.last_checked_at, '-infinity') < $11::timestamptz)
    and ($7::text is null or $7::text = any (link.tags))
    and ($8::text is null or position($8::text in link_text(link.label, link.url, link.slug)) > 0)) is true)sql";

// The same of an entry of link_clicks_order or link_checks_order, before its link is read.
constexpr const char* kEntryMatches = R"sql( and (
    entry.status = any ($5::text[]) and ($6::text is null or entry.program = $6::text)
    and ($7::text is null or $7::text = any (entry.tags))) is true)sql";

constexpr const char* kOfAccount = " from links as link where link.account_id = $1::uuid";
constexpr const char* kCreated = " and link.created_at > $9::timestamptz and link.created_at < $10::timestamptz";

struct Key {
  const char* expression;  // of links as `link`
  const char* type;
};

Key key_of(LinkSort sort) {
  switch (sort) {
    case LinkSort::clicks_30d:
      return {"link.clicks_30d", "bigint"};
    case LinkSort::label:
      return {"lower(link.label) collate \"C\"", "text collate \"C\""};
    case LinkSort::last_checked_at:
      return {"coalesce(link.last_checked_at, '-infinity')", "timestamptz"};
    default:
      return {"link.created_at", "timestamptz"};
  }
}

// A table in the order of the sort, each entry with its link. The planner, who sees an average account, would like to
// begin with all of the links: `offset 0` does not let it.
std::string joined(const std::string& table, const std::string& condition) {
  return " from " + table + " as entry, lateral (select one.* from links as one where one.account_id = $1::uuid" +
         " and one.id = entry.link_id offset 0) as link where entry.account_id = $1::uuid" + condition;
}

// Likewise: each status by itself, because of several together it does not see the index.
constexpr const char* kOfStatuses =
    " from unnest($5::text[]) as chosen (status), lateral (select one.* from links as one where one.account_id = "
    "$1::uuid and one.status = chosen.status offset 0) as link where true";

struct Order {
  const char* direction;
  const char* behind;  // the cursor
  bool cursor;

  std::string by(const std::string& key, const std::string& id) const {
    return " order by " + key + ' ' + direction + ", " + id + ' ' + direction;
  }
  std::string condition(const std::string& key, const std::string& id, const char* type) const {
    if (!cursor) return {};
    return " and (" + key + ", " + id + ") " + behind + " ($13::" + type + ", $12::uuid)";
  }
};

// The links of one stream in the list's order; `status` is a condition on the stream itself.
std::string stream(LinkSort sort, const Order& order, const std::string& status, const char* limit) {
  std::string from, key = key_of(sort).expression, id = "link.id";
  const char* type = key_of(sort).type;
  if (sort == LinkSort::clicks_30d || sort == LinkSort::last_checked_at) {
    const bool clicks = sort == LinkSort::clicks_30d;
    key = clicks ? "entry.clicks" : "entry.checked_at";
    id = "entry.link_id";
    from = joined(clicks ? "link_clicks_order" : "link_checks_order",
                  (status.empty() ? "" : " and entry.status = " + status) + kEntryMatches +
                      (clicks ? "" : " and entry.checked_at < coalesce($11::timestamptz, 'infinity')"));
  } else {
    from = kOfAccount + (status.empty() ? "" : " and link.status = " + status) +
           (sort == LinkSort::created_at ? kCreated : "");
  }
  return std::string("select ") + kLinkColumns + ", " + key + " as key" + from + kMatches +
         order.condition(key, id, type) + order.by(key, id) + limit;
}

std::string by_created_at(const std::string& from, const std::string& key, const std::string& id, const Order& order) {
  return std::string("select ") + kLinkColumns + ", " + key + " as key" + from + kMatches +
         order.condition(key, id, "timestamptz") + order.by(key, id) + " limit $3::bigint offset $4::bigint";
}

std::string in_order(LinkWay way, LinkSort sort, const Order& order) {
  constexpr const char* kPage = " limit $3::bigint offset $4::bigint";
  switch (way) {
    case LinkWay::in_order_status:  // each status's first links, of which the first are the page
      return "select page.* from unnest($5::text[]) as chosen (status), lateral (" +
             stream(sort, order, "chosen.status", " limit $3::bigint + $4::bigint") + ") as page" +
             order.by("page.key", "page.id") + kPage;
    case LinkWay::in_order_program:
      return by_created_at(std::string(kOfAccount) + " and coalesce(lower(link.program), '') = $6::text" + kCreated,
                           "link.created_at", "link.id", order);
    case LinkWay::in_order_tag:
      return by_created_at(joined("link_tags",
                                  " and entry.tag = $7::text and entry.created_at > $9::timestamptz and "
                                  "entry.created_at < $10::timestamptz"),
                           "entry.created_at", "entry.link_id", order);
    default:
      return stream(sort, order, {}, kPage);
  }
}

std::string gathered_from(LinkWay way) {
  switch (way) {
    case LinkWay::gather_status:
      return kOfStatuses;
    case LinkWay::gather_program:
      return std::string(kOfAccount) + " and coalesce(lower(link.program), '') = $6::text";
    case LinkWay::gather_tag:
      return joined("link_tags", " and entry.tag = $7::text");
    case LinkWay::gather_checked:
      return joined("link_checks_order", std::string(kEntryMatches) + " and entry.checked_at < $11::timestamptz");
    case LinkWay::gather_text:
      return " from candidates as link where true";
    default:
      return std::string(kOfAccount) + kCreated;
  }
}

std::string gather(LinkWay way, LinkSort sort, const Order& order) {
  const auto key = key_of(sort);
  const bool text = way == LinkWay::gather_text;
  const std::string bound = std::to_string(kMostOfText);
  const std::string candidates =
      std::string("candidates as materialized (select link.*") + kOfAccount +
      " and text_grams(link_text(link.label, link.url, link.slug)) @@ grams_query($8::text) limit " + bound + "), ";
  const std::string count = text ? "(select case when (select count(*) from candidates) = " + bound +
                                       " then -1 else count(*) end from matching)"
                                 : "(select count(*) from matching)";
  return "with " + (text ? candidates : "") + "matching as materialized (select " + kLinkColumns + ", " +
         key.expression + " as key" + gathered_from(way) + kMatches +
         ") select null::uuid, null::timestamptz, null::timestamptz, " + count +
         ", null, null, null, null, null, null::text[], null, null, null union all (select * from matching where true" +
         order.condition("key", "id", key.type) + order.by("key", "id") + " limit $3::bigint offset $4::bigint)";
}

struct Shape {
  std::string name;
  std::string sql;
  Statement statement{};
};

using Shapes = std::array<Shape, kLinkWays * 4 * 2 * 2>;

std::size_t place_of(LinkWay way, LinkSort sort, bool descending, bool behind_cursor) {
  return ((static_cast<std::size_t>(way) * 4 + static_cast<std::size_t>(sort)) * 2 + (descending ? 1 : 0)) * 2 +
         (behind_cursor ? 1 : 0);
}

void add(Shapes& shapes, LinkWay way, LinkSort sort, bool descending, bool cursor) {
  const auto place = place_of(way, sort, descending, cursor);
  const Order order{descending ? "desc" : "asc", descending ? "<" : ">", cursor};
  auto& shape = shapes.at(place);
  shape.name = "ql_search_" + std::to_string(place);
  shape.sql = gathers(way) ? gather(way, sort, order) : in_order(way, sort, order);
  shape.statement = {shape.name.c_str(), "list links", shape.sql.c_str()};
}

Shapes& made() {
  static Shapes shapes;
  for (std::size_t way = 0; way < kLinkWays; ++way)
    for (std::size_t sort = 0; sort < 4; ++sort)
      for (const bool descending : {false, true})
        for (const bool cursor : {false, true})
          add(shapes, static_cast<LinkWay>(way), static_cast<LinkSort>(sort), descending, cursor);
  return shapes;
}

}  // namespace

const Statement& search_statement(LinkWay way, LinkSort sort, bool descending, bool behind_cursor) {
  static const Shapes& shapes = made();
  return shapes.at(place_of(way, sort, descending, behind_cursor)).statement;
}

// The planner sees an average account and thinks that reading and sorting all of it is as good as its order.
const char* const kSearchSettings =
    "set local enable_sort = off; set local enable_hashjoin = off; set local enable_mergejoin = off; "
    "set local enable_seqscan = off";

// Ids are random: those next to each other are links of any age, by which it is seen how common the text is.
const Statement kSearchHead = {"ql_search_head", "list links", R"sql(
select counter.links_version, counter.links_total,
       (select coalesce(sum(links), 0)::bigint from link_facets
         where account_id = $1::uuid and kind = 'status' and value = any ($2::text[])),
       (select coalesce(sum(links), 0)::bigint from link_facets
         where account_id = $1::uuid and kind = 'program' and value = lower($3::text)),
       (select coalesce(sum(links), 0)::bigint from link_facets
         where account_id = $1::uuid and kind = 'tag' and value = $4::text),
       lower($3::text), lower($5::text),
       link.created_at, link.clicks_30d, lower(link.label), coalesce(link.last_checked_at, '-infinity'),
       sample.hits, sample.looked_at
  from account_counters as counter
  cross join lateral (
       select count(*) filter (where position(lower($5::text) in link_text(label, url, slug)) > 0) as hits,
              count(*) as looked_at
         from (select label, url, slug from links where account_id = $1::uuid and $5::text is not null
                order by id limit 64) as by_chance) as sample
  left join links as link on link.account_id = $1::uuid and link.id = $6::uuid
 where counter.account_id = $1::uuid
)sql"};

const Statement kLinkWords = {"ql_link_words", "list the words of links", R"sql(
select array(select coalesce((select program from links
                               where account_id = $1::uuid and coalesce(lower(program), '') = known.value
                               order by created_at desc, id desc limit 1), value)
               from (select value, links from link_facets
                      where account_id = $1::uuid and kind = 'program' and value <> ''
                      order by links desc, value limit $2::bigint) as known
              order by links desc, value),
       array(select value from link_facets where account_id = $1::uuid and kind = 'tag'
              order by links desc, value limit $2::bigint)
)sql"};

const Statement kProbeCreated = {"ql_probe_created", "list links", R"sql(
select count(*) from (select from links where account_id = $1::uuid and created_at > $2::timestamptz
                         and created_at < $3::timestamptz limit 1001) as few
)sql"};

const Statement kProbeChecked = {"ql_probe_checked", "list links", R"sql(
select count(*) from (select from link_checks_order where account_id = $1::uuid and checked_at < $2::timestamptz
                       limit 1001) as few
)sql"};

}  // namespace db
