// Small things that every part of the bench uses.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
export const top = resolve(here, "../..");
export const programs = join(top, "build/release");

export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: "utf8", cwd: top, maxBuffer: 1 << 28, ...options });
  if (done.error) throw new Error(`${command}: ${done.error.message} (scripts/deps installs what is needed)`);
  if (done.status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

export function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}

export async function until(what, probe, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`${what} did not come up within ${seconds} s`);
    await sleep(50);
  }
}

export const headersOf = ({ key, etag, headers }) =>
  ({ ...(key && { Authorization: `Bearer ${key}` }), ...(etag && { "If-None-Match": etag }), ...headers });

export function fill(template, target, values) {
  const text = readFileSync(template, "utf8").replace(/@([A-Z_]+)@/g, (_, name) => values[name]);
  writeFileSync(target, text);
}
