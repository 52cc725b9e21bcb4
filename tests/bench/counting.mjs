// Holds the clicks process back, lets it go, and compares what it has counted with what was answered.
import { setTimeout as sleep } from "node:timers/promises";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { processesTitled } from "./measure.mjs";
import { programs, run, until } from "./tools.mjs";

const longestWait = 300;  // seconds, for all clicks to be counted

export const board = (stack) => JSON.parse(run(join(programs, "bench-click-board"), [join(stack.room, "run")]));

// By two ways of its own each click is in the database.
function stored(stack) {
  const [clicks, days] = stack.sql(`select (select count(*) from clicks), (select sum(humans + bots) from link_clicks_daily)`)
    .split("|").map(Number);
  return { clicks, days };
}

// Takes the lock that a clicks process works under, as another one would, and tells whoever has it to leave, which may
// be a successor that was quicker. Returns how to let it go on.
export async function holdBack(stack) {
  const holder = spawn("setpriv", ["--pdeathsig", "KILL", "flock", "--no-fork", join(stack.room, "state/lock"),
    "sh", "-c", "echo held; exec sleep infinity"], { stdio: ["ignore", "pipe", "ignore"] });
  let held = false;
  holder.stdout.once("data", () => (held = true));
  while (!held) {
    for (const pid of processesTitled(stack, "clicks")) process.kill(pid, "SIGTERM");
    await sleep(500);
  }
  return () => new Promise((done) => {
    holder.once("exit", done);
    holder.kill("SIGKILL");
  });
}

const uncounted = (now, before) => now.journalled - before.journalled - (now.flushed - before.flushed) - (now.repeated - before.repeated);

export async function untilCounted(stack, before, more = 0) {
  await until("the last click in the database", () => uncounted(board(stack), before) + more <= 0, longestWait);
}

// What `work` returns, with `errors` where the clicks in the database are not those that were answered: its `visits`, or
// else all of its requests, and the `backlog` that it has left in journals. A load generator of `slack` connections does
// not wait for its last answers.
export async function checked(stack, slack, work) {
  const before = board(stack), storedBefore = stored(stack);
  const result = await work({ before, uncounted: () => uncounted(board(stack), before) });
  await untilCounted(stack, before, result.backlog);
  const after = board(stack), storedAfter = stored(stack);
  const redirects = after.redirects - before.redirects;
  const answered = result.visits ?? result.requests;
  const wanted = redirects + (result.backlog ?? 0);
  const errors = {
    answers_more_or_less: redirects < answered || redirects > answered + slack ? Math.abs(redirects - answered) : 0,
    clicks_more_or_less: Math.abs(storedAfter.clicks - storedBefore.clicks - wanted),
    days_more_or_less: Math.abs(storedAfter.days - storedBefore.days - wanted),
    lost: after.lost - before.lost,
    failures: after.failures - before.failures,
  };
  return { ...result, errors: { ...result.errors, ...errors } };
}

// The map is whole and the counting at rest.
export async function untilCounting(stack) {
  const links = Number(stack.sql("select count(*) from slugs"));
  await until("the link map", () => board(stack).map_links === links, 120);
  await sleep(1000);
}
