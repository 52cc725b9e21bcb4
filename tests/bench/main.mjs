// make bench: every ceiling and every path of ours in each of ROUNDS rounds, one after the other, then medians.
//   SECONDS=6  for each row        ROUNDS=3         ROWS=regex  of row names (as in build/bench.json)
//   SCALE=1    an account of 1,000,000 links, too   WORKERS=4   of the api pool, and of PHP
//   CHECK=1    fail if a ratio misses its line      QUICK=1     a smoke test: few rows, small data, errors alone matter
//   GO_WORKERS=N  of the go pool (the product's default)
//   BENCH_STATE=build/bench  where the data set is kept
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { untilCounting } from "./counting.mjs";
import { accountId, accounts } from "./data.mjs";
import { machine, print, ratios, summarize } from "./report.mjs";
import { rows as allRows } from "./rows.mjs";
import { Stack } from "./stack.mjs";
import { captureStatements } from "./statements.mjs";
import { run, top } from "./tools.mjs";

const quickRows = /^(nginx_200|pgbench_list|healthz|one|list|list_304|php_list|half|nginx_302|go|php_go|go_quarter|go_and_flush|flush|ten_thousand_0|list_alone|list_beside_clicks|memory|memory_go|checks)$/;

function readSettings(environment) {
  const quick = environment.QUICK === "1";
  const million = environment.SCALE === "1";
  const whole = (name, fallback) => {
    const value = Number(environment[name] || fallback);
    if (!Number.isInteger(value) || value < 1) throw new Error(`${name}: expected a whole number of at least 1, found "${environment[name]}"`);
    return value;
  };
  const kind = quick ? "quick" : million ? "million" : "plain";
  return {
    quick, million, check: environment.CHECK === "1",
    seconds: whole("SECONDS", quick ? 1 : 6), rounds: whole("ROUNDS", quick ? 1 : 3), workers: whole("WORKERS", 4),
    goWorkers: environment.GO_WORKERS ? whole("GO_WORKERS") : undefined,
    accounts: quick ? 100 : 1000,
    chosen: environment.ROWS ? new RegExp(`^(${environment.ROWS})$`) : quick ? quickRows : /./,
    state: join(resolve(top, environment.BENCH_STATE || "build/bench"), kind),
  };
}

// Two links of each small account, with a key for each.
function someLinks(stack) {
  const found = stack.sql(`select account_id, id from (
    select account_id, id, row_number() over (partition by account_id order by id) as place from links) as numbered
    where place <= 2 order by id`).split("\n").map((line) => line.split("|"));
  const keysOf = new Map();
  for (let number = accounts.firstSmall; number <= stack.accounts; ++number) keysOf.set(accountId(number), [...stack.keys.get(number)]);
  return found.filter(([account]) => keysOf.has(account))
    .map(([account, id]) => ({ accountId: account, id, path: `/api/v1/links/${id}`, key: keysOf.get(account).pop() }));
}

async function measureAll(stack, settings, rows) {
  const about = new Map();
  const results = new Map(rows.map((row) => [row.name, []]));
  for (let round = 1; round <= settings.rounds; ++round) {
    const thisRound = {};
    for (const row of rows) {
      if (round === 1) about.set(row.name, await row.prepare(stack));
      await stack.untilIdle();
      const result = await row.measure(stack, settings.seconds, thisRound);
      thisRound[row.name] = result;
      results.get(row.name).push(result);
      const said = result.rate ? `${Math.round(result.rate)}/s  p99 ${result.p99_ms ?? "-"} ms` : "";
      console.error(`round ${round}  ${row.name.padEnd(20)} ${said}`);
    }
  }
  return rows.map((row) => summarize(row, about.get(row.name), results.get(row.name)));
}

function choose(rows, chosen) {
  const wanted = rows.filter(({ name }) => chosen.test(name));
  const needed = new Set(wanted.flatMap(({ name, needs }) => [name, needs]));
  return rows.filter(({ name }) => needed.has(name));
}

async function bench(stack, settings) {
  stack.sql("truncate clicks, click_days, click_segments");  // an earlier run's
  const links = someLinks(stack);
  stack.coldKeys = [...stack.keys.get(accounts.cold)];
  await captureStatements(stack, links);
  await untilCounting(stack);
  const summaries = await measureAll(stack, settings, choose(await allRows(stack, links), settings.chosen));
  const found = ratios(summaries);
  print(summaries, found);
  const { seconds, rounds, workers, million } = settings;
  const report = { at: new Date().toISOString(), machine: machine(stack), settings: { seconds, rounds, workers, million }, rows: summaries, ratios: found };
  writeFileSync(join(top, "build/bench.json"), `${JSON.stringify(report, null, 1)}\n`);
  return { summaries, found };
}

// The exit code.
function judge({ summaries, found }, settings) {
  const broken = summaries.filter(({ valid }) => !valid).map(({ name }) => name);
  const missed = found.filter(({ held }) => held === false);
  if (broken.length > 0) console.error(`bench: rows with errors, their figures mean nothing: ${broken.join(", ")}`);
  if (settings.quick) console.log(`${summaries.length - broken.length} passed, ${broken.length} failed`);
  if (settings.check && !settings.quick)
    for (const { ours, against, value } of missed) console.error(`bench: ${ours} / ${against} is ${value.toFixed(2)}: below its line`);
  return broken.length > 0 || (settings.check && !settings.quick && missed.length > 0) ? 1 : 0;
}

export async function main() {
  const settings = readSettings(process.env);
  mkdirSync(settings.state, { recursive: true });
  run("make", ["--no-print-directory", "bench-programs"], { stdio: ["ignore", "inherit", "inherit"] });
  const stack = new Stack(settings);
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]])
    process.once(signal, () => stack.close().finally(() => process.exit(code)));
  try {
    await stack.start();
    process.exitCode = judge(await bench(stack, settings), settings);
  } finally {
    await stack.close();
  }
}
