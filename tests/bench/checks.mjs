// The rows of the monitor: checks of one process, beside two link checkers that people would pick instead, on the same
// list of pages of many hosts that answer each request after 50 ms.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output, withCpu } from "./measure.mjs";
import { here, programs, run, top } from "./tools.mjs";

const atOnce = 1000;
const linkinatorPlace = join(top, "build/linkinator");

const pages = (stack) => (stack.quick ? 500 : 10000);
const listOf = (stack) => `${stack.shop}/links/${pages(stack)}`;

function installLinkinator() {
  const from = join(here, "linkinator/package-lock.json"), mark = join(linkinatorPlace, "node_modules/installed.lock");
  if (existsSync(mark) && readFileSync(mark, "utf8") === readFileSync(from, "utf8")) return;
  mkdirSync(linkinatorPlace, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(here, "linkinator", name), join(linkinatorPlace, name));
  copyFileSync(join(top, ".npmrc"), join(linkinatorPlace, ".npmrc"));
  run("npm", ["ci", "--no-progress", "--loglevel", "error"], { cwd: linkinatorPlace });
  copyFileSync(from, mark);
}

// From the program's start to its end, whatever it is written in. Into a file, because linkinator ends before a pipe has
// taken all of its words. `wrong(text)`: how many pages it did not find well.
async function timed(stack, command, args, wrong) {
  const began = performance.now();
  const text = await output("bash", ["-c", 'file=$1; shift; "$@" >"$file" && cat "$file"', "timed", join(stack.room, "said"), command, ...args]);
  const seconds = (performance.now() - began) / 1000;
  return { requests: pages(stack), seconds, rate: pages(stack) / seconds, errors: { wrong: wrong(text) } };
}

const row = (name, title, prepare, measure) => ({
  name, title,
  async prepare(stack) {
    await stack.startShop();
    await prepare(stack);
    return {};
  },
  measure: (stack) => withCpu(stack, () => measure(stack)),
});

const ours = () => {
  let list;
  return row("checks", `checks of one monitor process, ${atOnce} at once`, async (stack) => {
    list = join(stack.room, "checks.urls");
    const page = await (await fetch(listOf(stack))).text();
    writeFileSync(list, Array.from(page.matchAll(/href="([^"]+)"/g), ([, url]) => `${url}\n`).join(""));
  }, async (stack) => {
    let said;
    const result = await timed(stack, join(programs, "bench-checks"), [list, String(atOnce)], (text) => {
      said = JSON.parse(text);
      return said.errors.not_healthy + pages(stack) - said.requests;
    });
    return { ...result, p50_ms: said.p50_ms, p99_ms: said.p99_ms };
  });
};

// Of its own accord it has 100 requests under way. With 20,000 links it gives up on the last ones.
const linkinator = () => row("checks_linkinator", "npm's linkinator, the same list", installLinkinator, (stack) =>
  timed(stack, join(linkinatorPlace, "node_modules/.bin/linkinator"), [listOf(stack), "--format", "json"], (text) => {
    const { links } = JSON.parse(text);
    return links.filter(({ state }) => state !== "OK").length + Math.abs(pages(stack) + 1 - links.length);
  }));

// Its politeness lifted: 100 threads instead of 10, as many requests a second as it can, and the shop says it may.
const linkchecker = () => {
  let settings;
  return row("checks_linkchecker", "Debian's linkchecker, the same list", (stack) => {
    settings = join(stack.room, "linkcheckerrc");
    writeFileSync(settings, "[checking]\nthreads=100\nmaxrequestspersecond=1000000\n[filtering]\ncheckextern=1\n");
  }, (stack) => timed(stack, "linkchecker", ["-f", settings, "--no-robots", "-r1", "--no-status", listOf(stack)], (text) => {
    const said = /(\d+) links in \d+ URLs checked\. (\d+) warnings found\. (\d+) errors? found/.exec(text);
    return said ? Number(said[2]) + Number(said[3]) + Math.abs(pages(stack) + 1 - Number(said[1])) : pages(stack);
  }));
};

export const checkRows = () => [ours(), linkinator(), linkchecker()];

const rate = (a, b) => a.rate / b.rate;
export const checkLines = [
  { ours: "checks", against: "checks_linkinator", value: rate, least: 5 },
  { ours: "checks", against: "checks_linkchecker", value: rate, least: 12 },
];
