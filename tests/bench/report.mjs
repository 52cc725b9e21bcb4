// Medians, ratios, the table and build/bench.json.
import { cpus, release, totalmem } from "node:os";
import { errorCount } from "./measure.mjs";
import { lines } from "./rows.mjs";
import { run } from "./tools.mjs";

export const median = (values) => {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const figures = ["rate", "p50_ms", "p99_ms", "max_ms", "mean_ms", "slow_p90_ms", "unflushed", "lag_ms", "all_in_after_s", "proportional", "resident", "private"];

// A row whose rounds had any error is invalid: its speed means nothing.
export function summarize(row, about, rounds) {
  const errors = rounds.reduce((sum, round) => sum + errorCount(round) + (round.slow_errors ?? 0), 0);
  const summary = { name: row.name, title: row.title, ...about, valid: errors === 0, errors, rounds };
  for (const figure of figures) if (figure in rounds[0]) summary[figure] = median(rounds.map((round) => round[figure]));
  if (rounds[0].cpu) {
    summary.cpu_us = Object.fromEntries(Object.keys(rounds[0].cpu).map((part) =>
      [part, median(rounds.map((round) => (round.cpu[part] / round.requests) * 1e6))]));
    summary.cores = median(rounds.map((round) => Object.values(round.cpu).reduce((a, b) => a + b) / round.seconds));
  }
  return summary;
}

// How a rate's ratio would be if CPU time alone decided: steadier than rates on a machine that has other work as well.
function cpuRatio(ours, against) {
  const total = (summary) => Object.values(summary.cpu_us ?? {}).reduce((sum, part) => sum + part, 0);
  return total(ours) > 0 ? total(against) / total(ours) : undefined;
}

// The ratio of each round, then the median: the machine's mood drifts from round to round.
export function ratios(summaries) {
  const byName = Object.fromEntries(summaries.map((summary) => [summary.name, summary]));
  return lines.filter(({ ours, against }) => byName[ours] && byName[against]).map((line) => {
    const { ours, against, what = "req/s", least, most } = line;
    const valid = byName[ours].valid && byName[against].valid;
    const value = median(byName[ours].rounds.map((round, i) => line.value(round, byName[against].rounds[i])));
    const held = least === undefined && most === undefined ? undefined
      : valid && (least === undefined || value >= least) && (most === undefined || value <= most);
    const by_cpu = what === "req/s" ? cpuRatio(byName[ours], byName[against]) : undefined;
    return { ours, against, what, value, by_cpu, least, most, valid, held };
  });
}

const number = (value, digits) => (Number.isFinite(value)
  ? value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }) : "");

function table(head, body) {
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((cells) => cells[i].length)));
  const line = (cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ").trimEnd();
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...body.map(line)].join("\n");
}

function rowCells(row) {
  const cpu = row.cpu_us ?? {};
  const part = (value) => (value >= 0.5 ? number(value, 0) : "");
  return [row.title, number(row.rate, 0), number(row.p50_ms ?? row.mean_ms, 2), number(row.p99_ms, 2), number(row.bytes, 0),
    part(cpu.nginx), part(cpu.workers), part(cpu.clicks), part(cpu.postgres), part((cpu.php ?? 0) + (cpu.hello ?? 0)), part(cpu.load),
    number(row.cores, 2), row.valid ? "" : `${row.errors} ERRORS`];
}

export function print(summaries, allRatios) {
  console.log(`\n${table(
    ["CPU in µs a request", "req/s", "p50 ms", "p99 ms", "bytes", "nginx", "workers", "clicks", "postgres", "other", "load", "cores", ""],
    summaries.filter(({ name }) => !name.startsWith("memory")).map(rowCells))}`);
  console.log("pgbench's p50 is its mean, and it takes text results where the product takes binary ones.");
  const named = (wanted) => summaries.filter(({ name }) => name === wanted);
  for (const [pool, name] of [["api", "memory"], ["go", "memory_go"]])
    for (const memory of named(name)) console.log(`A worker of the ${pool} pool holds ${number(memory.proportional, 1)} MiB ` +
      `(shared pages divided), ${number(memory.private, 1)} of them its own; ${number(memory.resident, 1)} are resident.`);
  for (const row of named("go_and_flush")) console.log(`At the end of ${number(row.rounds[0].seconds, 0)} s at full speed ` +
    `${number(row.unflushed, 0)} clicks were not counted yet, the oldest ${number(row.lag_ms / 1000, 1)} s old; ` +
    `all were ${number(row.all_in_after_s, 1)} s later.`);
  const verdict = { true: "holds", false: "MISSED", undefined: "" };
  console.log(`\n${table(["ours / against", "value", "of", "by CPU", "line", ""], allRatios.map((one) => [
    one.ours === one.against ? one.ours : `${one.ours} / ${one.against}`, number(one.value, 2), one.what, number(one.by_cpu, 2),
    one.least !== undefined ? `>= ${Number(one.least.toFixed(2))}` : one.most !== undefined ? `<= ${one.most}` : "",
    one.valid ? verdict[one.held] : "INVALID"]))}`);
}

export function machine(stack) {
  return {
    processor: cpus()[0].model, cores: cpus().length, memory_gib: Math.round(totalmem() / 2 ** 30), kernel: release(),
    nginx: run("sh", ["-c", "nginx -v 2>&1"]).trim(), postgres: stack.sql("show server_version"),
    php: run("php-fpm8.2", ["-v"]).split("\n")[0], revision: run("git", ["describe", "--always", "--dirty"]).trim(),
  };
}
