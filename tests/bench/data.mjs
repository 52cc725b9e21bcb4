// The data set of data.sql and the keys to reach it, made once and kept while schema, script, day and size are the same.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { here, run, top } from "./tools.mjs";

// How many keys each account gets. 600 requests a minute each, the default settings' most, so that the limiter works
// with realistic rings and yet refuses nothing; fewer in all than a worker caches by default (10,000).
export const accounts = { list: 1, tenThousand: 2, firstSmall: 5, cold: 4, million: 1001 };

function keyPlan(stack) {
  const plan = [];
  const give = (account, count) => plan.push(...Array(count).fill(account));
  give(accounts.list, 1500);
  give(accounts.tenThousand, 1500);
  give(accounts.cold, 2000);
  if (stack.million) give(accounts.million, 1500);
  for (let number = accounts.firstSmall; number <= stack.accounts; ++number) give(number, 2);
  return plan;
}

function fingerprint(stack) {
  const hash = createHash("sha256");
  const migrations = join(top, "db/migrations");
  for (const file of readdirSync(migrations).sort()) hash.update(readFileSync(join(migrations, file)));
  for (const file of ["data.sql", "data.mjs"]) hash.update(readFileSync(join(here, file)));
  hash.update(JSON.stringify([new Date().toISOString().slice(0, 10), stack.accounts, stack.million]));
  return hash.digest("hex");
}

function load(stack, keysFile) {
  console.error("bench: building the data set");
  stack.sql("drop database quietleaks", stack.superUrl.replace("/quietleaks?", "/postgres?"));
  stack.sql("create database quietleaks owner quietleaks", stack.superUrl.replace("/quietleaks?", "/postgres?"));
  const config = join(stack.room, "migrate.toml");
  writeFileSync(config, `public_url = "https://links.example.com"\n[database]\nurl = "${stack.ownerUrl}"\n`);
  run("build/release/quietleaks", ["--config", config, "migrate"]);
  const plan = keyPlan(stack);
  const made = run("build/release/bench-make-keys", [String(plan.length)]).trim().split("\n").map((line) => line.split("\t"));
  const input = made.map(([, digest, lastFour], i) => `${plan[i]}\t${digest}\t${lastFour}`).join("\n") + "\n";
  run("psql", ["-X", "-q", "-v", `million=${stack.million ? 1 : 0}`, "-v", `accounts=${stack.accounts}`,
    "-f", join(here, "data.sql"), stack.superUrl], { input });
  writeFileSync(keysFile, made.map(([key], i) => `${plan[i]}\t${key}`).join("\n"));
}

// Returns the keys by account number.
export function prepareData(stack) {
  const keysFile = join(stack.state, "keys");
  const stampFile = join(stack.state, "stamp");
  const stamp = fingerprint(stack);
  if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
    rmSync(stampFile, { force: true });
    load(stack, keysFile);
    writeFileSync(stampFile, stamp);
  }
  const keys = new Map();
  for (const line of readFileSync(keysFile, "utf8").split("\n")) {
    const [account, key] = line.split("\t");
    if (!keys.has(Number(account))) keys.set(Number(account), []);
    keys.get(Number(account)).push(key);
  }
  return keys;
}

// The data set's own way of making ids, as in data.sql.
export function accountId(number) {
  const hex = createHash("md5").update(`bench account${number}`).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
