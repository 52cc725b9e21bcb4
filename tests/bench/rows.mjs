// What is measured, in the order of a round, and the lines that our rows are held to.
import { accountId, accounts } from "./data.mjs";
import { checkLines, checkRows } from "./checks.mjs";
import { filterLines, filterRows } from "./filters.mjs";
import { errorCount, openLoop, output, pgbench, withCpu, workerMemory, wrk, writeRequests } from "./measure.mjs";
import { until } from "./tools.mjs";
import { visitRows } from "./visits.mjs";

const list = "/api/v1/links";

// A row of wrk. `requests` are sent in turn; the first is tried beforehand and must answer `status`.
function http(name, title, requests, { port = "port", status = 200, ours = false } = {}) {
  let file;
  return {
    name, title,
    async prepare(stack) {
      file = writeRequests(stack, name, requests);
      const answer = await stack.get(requests[0].path, { ...requests[0], port: stack[port] });
      if (answer.status !== status) throw new Error(`row ${name}: ${requests[0].path} answered ${answer.status}: ${answer.body}`);
      if (ours) await wrk(file, { port: stack[port], seconds: 1 });  // caches of keys and pages as in steady use
      return { bytes: answer.body.length };
    },
    measure: (stack, seconds) => withCpu(stack, () => wrk(file, { port: stack[port], seconds })),
  };
}

const ceiling = (name, title, path) => http(name, title, [{ path }], { port: "benchPort" });
const php = (name, title, requests) => http(name, title, requests, { port: "benchPort" });
const ours = (name, title, requests, options) => http(name, title, requests, { ...options, ours: true });

const statement = (name, title, which) => ({
  name, title, prepare: async () => ({}),
  measure: (stack, seconds) => withCpu(stack, () => pgbench(stack, { ...stack.statements[which], seconds })),
});

// Half of what one link's row has just reached, on a schedule that does not wait for answers.
function atHalfLoad(name, title, requests, beside) {
  let file;
  return {
    name, title, needs: "one",
    async prepare(stack) {
      file = writeRequests(stack, name, requests);
      await wrk(file, { port: stack.port, seconds: 2 });
      return {};
    },
    measure: (stack, seconds, round) => withCpu(stack, async () => {
      const rate = round.one.rate / 2;
      const slow = beside?.(stack, seconds + 1);
      const result = await openLoop(file, { port: stack.port, seconds, rate });
      return { ...result, ...(await slow) };
    }),
  };
}

// Two requests of 200 ms at any time. They use a key that their worker has not seen, and the table of keys is locked for
// 200 ms at a time: so they wait and burn no CPU, and what is measured is who must wait behind them. Keys that have been
// used need that table no more, so the small reads never wait for the lock itself.
function twoWaiting(path) {
  return async (stack, seconds) => {
    const keys = stack.coldKeys.splice(0, seconds * 45);
    if (keys.length < seconds * 45) throw new Error("not enough unused keys for this many seconds and rounds: lower one of them");
    const file = writeRequests(stack, "slow", keys.map((key) => ({ path, key })));
    const hold = `do $$ begin for i in 1..${seconds * 5 + 5} loop
      lock table api_key_hashes in access exclusive mode; perform pg_sleep(0.2); commit; end loop; end $$`;
    const holding = output("psql", ["-X", "-q", "-c", hold, stack.ownerUrl]);
    const held = "select count(*) from pg_locks where relation = 'api_key_hashes'::regclass and mode = 'AccessExclusiveLock'";
    await until("the lock", () => stack.sql(held) !== "0");
    const slow = await wrk(file, { port: stack.port, seconds, connections: 2 });
    await holding;
    // Where one slips through between two locks it is quick; it is the time that counts, which waiting takes nearly all of.
    return { slow_p90_ms: slow.p90_ms, slow_errors: errorCount(slow) + (slow.p90_ms < 150 ? 1 : 0) };
  };
}

const twoBurning = (requests) => async (stack, seconds) => {
  const slow = await wrk(writeRequests(stack, "slow", requests), { port: stack.port, seconds, connections: 2 });
  return { slow_p90_ms: slow.p90_ms, slow_errors: errorCount(slow) };
};

const memory = {
  name: "memory", title: "memory of one api worker after all this", prepare: async () => ({}),
  measure: async (stack) => ({ ...workerMemory(stack, "api"), errors: {} }),
};

function idAt(stack, account, position) {
  return stack.sql(`select id from links where account_id = '${accountId(account)}'
    order by created_at desc, id desc offset ${position} limit 1`);
}

async function pagesOf(stack, account, name, title, deep, { middle } = {}) {
  const keys = stack.keys.get(account);
  const with_ = (query) => keys.map((key) => ({ path: list + query, key }));
  return [
    ours(`${name}_0`, `list of ${title}, offset 0`, with_("")),
    ...(middle ? [ours(`${name}_middle`, `list of ${title}, offset ${middle}`, with_(`?offset=${middle}`))] : []),
    ours(`${name}_deep`, `list of ${title}, offset ${deep}`, with_(`?offset=${deep}`)),
    ours(`${name}_cursor`, `list of ${title}, starting_after the link before that`,
      with_(`?starting_after=${idAt(stack, account, deep - 1)}`)),
  ];
}

// `links`: [{ accountId, id, path, key }], of many accounts.
export async function rows(stack, links) {
  const small = stack.keys.get(accounts.list).map((key) => ({ path: list, key }));
  const etag = (await stack.get(list, small[0])).headers.etag;
  const million = stack.million ? await pagesOf(stack, accounts.million, "million", "1,000,000", 999900, { middle: 500000 }) : [];
  const deepest = stack.million
    ? stack.keys.get(accounts.million).map((key) => ({ path: `${list}?offset=999900`, key })) : [];
  const some = links.slice(0, 500);  // few enough that every worker knows every key of them
  return [
    ceiling("nginx_200", "nginx return 200", "/return-200"),
    ours("one", "GET /api/v1/links/{id}", links),
    php("php_one", "PHP-FPM, one link", links),
    statement("pgbench_one", "pgbench, one link by id", "one"),
    statement("pgbench_list", "pgbench, page of 100 links", "list"),
    ours("list", "GET /api/v1/links, 100 of 142", small),
    php("php_list", "PHP-FPM, 100 links", small),
    ours("list_304", "the same, unchanged: 304", small.map((each) => ({ ...each, etag })), { status: 304 }),
    ...million,
    ...(stack.million ? await filterRows(stack, ours) : []),
    ...(await pagesOf(stack, accounts.tenThousand, "ten_thousand", "10,000", 9900)),
    ceiling("nginx_30k", "nginx static file of 30 KB", "/30k.json"),
    ceiling("fcgi_hello", "libfcgi hello, a connection for each request", "/hello"),
    ceiling("fcgi_hello_30k", "libfcgi 30 KB, a connection for each request", "/hello-30k"),
    ours("healthz", "GET /healthz: our worker, kept connections, no database", [{ path: "/healthz" }]),
    ceiling("php_hello", "PHP-FPM hello", "/php-hello"),
    atHalfLoad("half", "one link at half of its maximum, open loop", some),
    atHalfLoad("half_beside_slow", "… beside two requests of 200 ms (bulk pool)", some, twoWaiting(`${list}?offset=10000`)),
    atHalfLoad("half_beside_stuck", "… beside two of 200 ms in its own pool (keys not cached, database stalls)", some, twoWaiting(list)),
    ...(stack.million ? [atHalfLoad("half_beside_deep", "… beside two of offset 999,900 (CPU)", some, twoBurning(deepest))] : []),
    ...visitRows(stack),
    memory,
    ...checkRows(),
  ];
}

// value(median of one round's row, its counterpart): what is compared with the line.
const rate = (a, b) => a.rate / b.rate;
export const lines = [
  { ours: "one", against: "nginx_200", value: rate, least: 0.25 },
  { ours: "one", against: "php_one", value: rate, least: 4 },
  { ours: "list", against: "pgbench_list", value: rate, least: 0.45 },
  { ours: "list", against: "php_list", value: rate, least: 2.5 },
  { ours: "list_304", against: "one", value: rate, least: 1.0 },
  { ours: "million_0", against: "list", value: rate, least: 0.95 },
  { ours: "million_deep", against: "million_0", value: rate, least: 0.02 },
  { ours: "million_cursor", against: "million_0", value: rate, least: 0.95 },
  ...filterLines,
  { ours: "half", against: "half", what: "p99 / p50", value: (a) => a.p99_ms / a.p50_ms, most: 4 },
  { ours: "half_beside_slow", against: "half", what: "p99 / p99", value: (a, b) => a.p99_ms / b.p99_ms, most: 3 },
  { ours: "memory", against: "memory", what: "MiB", value: (a) => a.proportional, most: 20 },
  { ours: "memory_go", against: "memory_go", what: "MiB", value: (a) => a.proportional, most: 20 },
  { ours: "go", against: "nginx_302", value: rate, least: 0.55 },
  { ours: "go", against: "php_go", value: rate, least: 10 },
  { ours: "flush", against: "go", value: rate, least: 1.0 },
  ...checkLines,
  // Worth knowing, without a line:
  { ours: "healthz", against: "fcgi_hello", value: rate },
  { ours: "list", against: "nginx_30k", value: rate },
  { ours: "ten_thousand_0", against: "list", value: rate },
  { ours: "go_quarter", against: "go_quarter", what: "p99 / p50", value: (a) => a.p99_ms / a.p50_ms },
  { ours: "go_and_flush", against: "go", value: rate },
  { ours: "list_beside_clicks", against: "list_alone", what: "p50 / p50", value: (a, b) => a.p50_ms / b.p50_ms },
  { ours: "list_beside_clicks", against: "list_alone", what: "p99 / p99", value: (a, b) => a.p99_ms / b.p99_ms },
  { ours: "ten_thousand_deep", against: "ten_thousand_0", value: rate },
  { ours: "half_beside_stuck", against: "half", what: "p99 / p99", value: (a, b) => a.p99_ms / b.p99_ms },
];
