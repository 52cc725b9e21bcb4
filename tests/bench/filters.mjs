// The rows of filtered, sorted and searched lists, of the account of a million links. Each is held to at most three times
// the cost of the plain first page (product: "fast on an account of a million links").
import { accounts } from "./data.mjs";

const list = "/api/v1/links";
const costs = 3;
const daysAgo = (days) => new Date(Date.now() - days * 86400e3).toISOString().replace(/\.\d+Z$/, "Z");

// [name, query, deep too]. What data.sql has of each: `rare` things in one link of 20,000, the others in a seventh to all.
const filters = [
  ["status", "status=broken", true],
  ["statuses", "status=broken,slow,redirected"],
  ["no_status", "status=pending"],
  ["program", "program=awin", true],
  ["no_program", "program=none"],
  ["tag", "tag=review", true],
  ["rare_tag", "tag=rare"],
  ["created_after", `created_after=${daysAgo(200)}`],
  ["created_before", `created_before=${daysAgo(200)}`, true],
  ["created_between", `created_after=${daysAgo(201)}&created_before=${daysAgo(200)}`],
  ["checked_before", `checked_before=${daysAgo(0)}`, true],
  ["never_checked", `checked_before=${daysAgo(2)}`],
  ["clicks", "sort=-clicks_30d", true],
  ["fewest_clicks", "sort=clicks_30d"],
  ["label", "sort=label", true],
  ["last_label", "sort=-label"],
  ["checked", "sort=last_checked_at", true],
  ["checked_last", "sort=-last_checked_at"],
  ["oldest", "sort=created_at", true],
  ["q_common", "q=usb", true],
  ["q_all", "q=http"],
  ["q_one", "q=x"],
  ["q_rare", "q=zebra"],
  ["q_none", "q=qqqq"],
  ["q_none_two", "q=zq"],
  ["broken_clicks", "status=broken&sort=-clicks_30d", true],
  ["broken_checked", "status=broken&sort=last_checked_at"],
  ["program_broken", "program=awin&status=broken"],
  ["program_label", "program=awin&sort=label"],
  ["program_clicks", "program=awin&sort=-clicks_30d"],
  ["tag_broken", "tag=review&status=broken"],
  ["tag_clicks", "tag=review&sort=-clicks_30d"],
  ["q_label", "q=usb&sort=label"],
];

// The link before a page that is deep in the list.
async function deepLink(stack, query, key) {
  const answer = await stack.get(`${list}?${query}&limit=1&offset=5000`, { key });
  const [link] = JSON.parse(answer.body).links;
  if (!link) throw new Error(`the list ${query} is too short to have a deep page`);
  return link.id;
}

// `ours(name, title, requests)` makes a row of requests to the product.
export async function filterRows(stack, ours) {
  const keys = stack.keys.get(accounts.million);
  const row = (name, title, query) => ours(name, title, keys.map((key) => ({ path: `${list}?${query}`, key })));
  const rows = [];
  for (const [name, query, deep] of filters) {
    rows.push(row(`by_${name}`, `list of 1,000,000, ${query}`, query));
    if (deep) rows.push(row(`by_${name}_deep`, "… starting_after its 5,000th", `${query}&starting_after=${await deepLink(stack, query, keys[0])}`));
  }
  return rows;
}

export const filterLines = filters.flatMap(([name, , deep]) => (deep ? [`by_${name}`, `by_${name}_deep`] : [`by_${name}`]))
  .map((ours) => ({ ours, against: "million_0", value: (a, b) => a.rate / b.rate, least: 1 / costs }));
