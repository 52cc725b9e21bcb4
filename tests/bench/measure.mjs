// Runs load against the stack and says what came of it: requests, latencies, errors, and what each part of the machine
// spent on it.
import { spawn } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { headersOf, here, programs } from "./tools.mjs";

const ticksPerSecond = 100;  // USER_HZ of every Linux that Debian ships

function processes() {
  const table = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ").map(Number);
      // proc(5): 4 ppid, 14-15 own time, 16-17 that of children who ended and were waited for
      table.push({ pid: Number(name), parent: fields[1], own: fields[11] + fields[12], ended: fields[13] + fields[14] });
    } catch {
      // gone between the listing and the look
    }
  }
  return table;
}

export function descendants(root, table = processes()) {
  const family = table.filter((one) => one.pid === root);
  for (const one of family) family.push(...table.filter((other) => other.parent === one.pid));
  return family;
}

// Workers of a pool, or the clicks process.
export function processesTitled(stack, title) {
  return descendants(stack.web).map(({ pid }) => pid)
    .filter((pid) => commandOf(pid).startsWith(`quietleaks-web: ${title}`));
}

function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";  // gone meanwhile
  }
}

// CPU seconds so far of each part. The load generators are this process's children and count when they have ended.
function cpuSeconds(stack) {
  const table = processes();
  const sum = (root) => descendants(root, table).reduce((total, one) => total + one.own + one.ended, 0) / ticksPerSecond;
  const clicks = processesTitled(stack, "clicks").reduce((total, pid) => total + sum(pid), 0);
  return {
    nginx: sum(stack.nginx), workers: sum(stack.web) - clicks, clicks, postgres: sum(stack.postgres), php: sum(stack.php),
    hello: sum(stack.hello), load: table.find((one) => one.pid === process.pid).ended / ticksPerSecond,
  };
}

// Standard output of a program that must succeed.
export function output(command, args, options = {}) {
  return new Promise((resolved, rejected) => {
    const child = spawn("setpriv", ["--pdeathsig", "KILL", command, ...args], { ...options, stdio: ["ignore", "pipe", "pipe"] });
    const text = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"]) child[stream].setEncoding("utf8").on("data", (part) => (text[stream] += part));
    child.once("error", rejected);
    child.once("close", (code) => code === 0 ? resolved(text.stdout)
      : rejected(new Error(`${command} failed (${code}): ${text.stderr}${text.stdout}`)));
  });
}

export async function withCpu(stack, work) {
  const before = cpuSeconds(stack);
  const result = await work();
  const after = cpuSeconds(stack);
  const cpu = Object.fromEntries(Object.keys(after).map((part) => [part, after[part] - before[part]]));
  return { ...result, cpu };
}

const lastJsonLine = (text) => JSON.parse(text.trim().split("\n").findLast((line) => line.startsWith("{")));

// requests: [{ path, location, key, etag, headers }], of which all but the path may be missing.
export function writeRequests(stack, name, requests) {
  const file = join(stack.room, `${name}.requests`);
  writeFileSync(file, requests.map((request) => {
    const fields = Object.entries(headersOf(request)).map(([name, value]) => `${name}: ${value}`);
    return `${[request.path, request.location ?? "", ...fields].join("\t")}\n`;
  }).join(""));
  return file;
}

// Closed loop: as many requests as `connections` that wait for each answer can make.
export async function wrk(file, { port, seconds, connections = 32 }) {
  const text = await output("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "-s", join(here, "wrk.lua"),
    `https://127.0.0.1:${port}`, "--", file]);
  const result = lastJsonLine(text);
  return { ...result, rate: result.requests / result.seconds };
}

// Open loop: `rate` requests a second, whatever the answers do.
export async function openLoop(file, { port, seconds, rate, connections = 64 }) {
  const text = await output(join(programs, "bench-open-loop"),
    ["127.0.0.1", String(port), String(connections), rate.toFixed(1), String(seconds), file]);
  const result = lastJsonLine(text);
  return { ...result, rate: result.requests / result.seconds };
}

// `perScript`: how many of the queries that we count one run of the script makes.
export async function pgbench(stack, { script, variables, perScript = 1, seconds }) {
  const defines = Object.entries(variables).flatMap(([name, value]) => ["-D", `${name}=${value}`]);
  const text = await output("pgbench", ["-n", "-M", "prepared", "-c4", "-j1", `-T${seconds}`, "-f", script, ...defines, stack.webUrl],
    { env: { ...process.env, PGOPTIONS: stack.sessionOptions } });
  const transactions = Number(/number of transactions actually processed: (\d+)/.exec(text)[1]);
  const failed = Number(/number of failed transactions: (\d+)/.exec(text)?.[1] ?? 0);
  const rate = Number(/tps = ([\d.]+)/.exec(text)[1]) * perScript;
  const latency = Number(/latency average = ([\d.]+)/.exec(text)[1]) / perScript;
  return { requests: transactions * perScript, seconds, rate, mean_ms: latency, errors: { failed } };
}

export const errorCount = (result) => Object.values(result.errors ?? {}).reduce((sum, count) => sum + count, 0);

// Resident memory of a pool's largest worker in MiB. `proportional` counts a page that n processes share as 1/n for each.
export function workerMemory(stack, pool) {
  const figures = processesTitled(stack, `${pool} worker`).map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const mib = (...names) => names.reduce((sum, name) => sum + Number(new RegExp(`^${name}: *(\\d+) kB`, "m").exec(text)[1]), 0) / 1024;
    return { proportional: mib("Pss"), resident: mib("Rss"), private: mib("Private_Clean", "Private_Dirty") };
  });
  if (figures.length === 0) throw new Error(`found no ${pool} worker`);
  return figures.reduce((most, one) => (one.proportional > most.proportional ? one : most));
}
