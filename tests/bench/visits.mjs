// The rows of visitors: the redirect, what it is compared with, and the counting of its clicks.
import { join } from "node:path";
import { board, checked, holdBack, untilCounted } from "./counting.mjs";
import { accountId, accounts } from "./data.mjs";
import { openLoop, withCpu, workerMemory, wrk, writeRequests } from "./measure.mjs";
import { programs, run } from "./tools.mjs";

const connections = 32;

// What browsers send; a few hundred of them, as many visitors have the same.
const agents = Array.from({ length: 100 }, (_, i) => [
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${100 + i}.0.0.0 Safari/537.36`,
  `Mozilla/5.0 (iPhone; CPU iPhone OS 17_${i} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.${i} Mobile/15E148 Safari/604.1`,
  `Mozilla/5.0 (X11; Linux x86_64; rv:${100 + i}.0) Gecko/20100101 Firefox/${100 + i}.0`,
]).flat();

// Of most accounts. Not of the one whose rows need clicks that stay as they are: for a 304.
function visited(stack) {
  return stack.sql(`select links.account_id, links.id, slugs.slug, links.url from slugs
    join links on (links.account_id, links.id) = (slugs.account_id, slugs.link_id)
    where slugs.account_id <> '${accountId(accounts.list)}' and links.status <> 'broken'
    order by md5(slugs.slug) limit 20000`).split("\n").map((line) => line.split("|"));
}

const visitsOf = (links) => links.map(([, , slug, url], i) => ({
  path: `/go/${slug}`, location: url,
  headers: { "User-Agent": agents[i % agents.length], "Referer": `https://www.example.com/reviews/${i % 700}?utm_source=newsletter` },
}));

// A row of redirects by somebody else. They get the same requests: to send many different ones costs wrk more.
function other(name, title, requests) {
  let file;
  return {
    name, title,
    async prepare(stack) {
      file = writeRequests(stack, name, requests);
      const answer = await stack.get(requests[0].path, { ...requests[0], port: stack.benchPort });
      const wrong = answer.status !== 302 || (requests[0].location && answer.headers.location !== requests[0].location);
      if (wrong) throw new Error(`row ${name}: ${requests[0].path} answered ${answer.status}: ${answer.headers.location}`);
      return {};
    },
    measure: (stack, seconds) => withCpu(stack, () => wrk(file, { port: stack.benchPort, seconds, connections })),
  };
}

// The redirect and its journal alone, as fast as they go; the clicks are counted afterwards.
function fastest(name, title, requests) {
  let file;
  return {
    name, title,
    async prepare(stack) {
      file = writeRequests(stack, name, requests);
      await checked(stack, connections, () => wrk(file, { port: stack.port, seconds: 1, connections }));
      return {};
    },
    measure: (stack, seconds) => checked(stack, connections, async () => {
      const carryOn = await holdBack(stack);
      const result = await withCpu(stack, () => wrk(file, { port: stack.port, seconds, connections }));
      await carryOn();
      return result;
    }),
  };
}

// A quarter as many, while they are counted, which takes as much again; each answer's Location is looked at.
const unhurried = (name, title, requests) => ({
  name, title, needs: "go", prepare: async () => ({}),
  measure: (stack, seconds, round) => checked(stack, 0, () => withCpu(stack, () =>
    openLoop(writeRequests(stack, name, requests), { port: stack.port, seconds, rate: round.go.rate / 4 }))),
});

// At full speed for long enough that counting must keep up.
const sustained = (name, title, requests) => ({
  name, title, needs: "go", prepare: async () => ({}),
  measure: (stack, seconds) => checked(stack, connections, async ({ before, uncounted }) => {
    const file = writeRequests(stack, name, requests);
    const length = stack.quick ? seconds : Math.max(stack.million ? 60 : 20, seconds);
    const result = await withCpu(stack, () => wrk(file, { port: stack.port, seconds: length, connections }));
    const end = { unflushed: uncounted(), lag_ms: board(stack).lag_ms }, ended = performance.now();
    await untilCounted(stack, before);
    return { ...result, ...end, all_in_after_s: (performance.now() - ended) / 1000 };
  }),
});

function leaveJournals(stack, links, clicks) {
  const input = links.map(([account, link]) => `${account}\t${link}\n`).join("");
  run(join(programs, "bench-write-journal"), [join(stack.room, "state"), String(clicks)], { input });
  stack.giveToWeb(join(stack.room, "state/journal"));
}

// Journals of writers that are gone, as after an outage of the database, and one clicks process.
const backlog = (name, title, links) => ({
  name, title, needs: "go", prepare: async () => ({}),
  measure: (stack) => checked(stack, 0, async ({ before }) => {
    const clicks = stack.quick ? 5000 : stack.million ? 1000000 : 400000;
    const carryOn = await holdBack(stack);
    leaveJournals(stack, links, clicks);
    const began = performance.now();
    const result = await withCpu(stack, async () => {
      await carryOn();
      await untilCounted(stack, before, clicks);
      const seconds = (performance.now() - began) / 1000;
      return { requests: clicks, visits: 0, backlog: clicks, seconds, rate: clicks / seconds };
    });
    return result;
  }),
});

// The list at a third of its maximum, of links that are clicked on, alone or beside `clicksPerSecond`.
const listBeside = (name, title, pages, visits, clicksPerSecond) => ({
  name, title, needs: "ten_thousand_0", prepare: async () => ({}),
  measure: (stack, seconds, round) => checked(stack, 0, async () => {
    const clicking = clicksPerSecond === 0 ? { requests: 0 } :
      openLoop(writeRequests(stack, `${name}_visits`, visits), { port: stack.port, seconds, rate: clicksPerSecond, connections: 8 });
    const file = writeRequests(stack, name, pages);
    const list = await withCpu(stack, () => openLoop(file, { port: stack.port, seconds, rate: round.ten_thousand_0.rate / 3 }));
    const { requests, errors = {} } = await clicking;
    const errors_of_visits = Object.values(errors).reduce((sum, count) => sum + count, 0);
    return { ...list, visits: requests, errors: { ...list.errors, errors_of_visits } };
  }),
});

const memory = {
  name: "memory_go", title: "memory of one go worker after all this", prepare: async () => ({}),
  measure: async (stack) => ({ ...workerMemory(stack, "go"), errors: {} }),
};

export function visitRows(stack) {
  const links = visited(stack), visits = visitsOf(links);
  const elsewhere = visits.map((visit) => ({ ...visit, path: `/return-302${visit.path}`, location: undefined }));
  const clicks = 1000;
  const pages = stack.keys.get(accounts.tenThousand).map((key) => ({ path: "/api/v1/links", key }));
  return [
    other("nginx_302", "nginx return 302", elsewhere),
    fastest("go", "GET /go/{slug}, journalled", visits),
    other("php_go", "PHP-FPM, redirect with an update", visits),
    unhurried("go_quarter", "… at a quarter of its maximum, open loop, while clicks are counted", visits),
    sustained("go_and_flush", "GET /go/{slug} for long, while clicks are counted", visits),
    backlog("flush", "counting of a backlog of clicks", links),
    listBeside("list_alone", "list of 10,000 at a third of its maximum, open loop", pages, visits, 0),
    listBeside("list_beside_clicks", `… beside ${clicks} clicks a second that are counted`, pages, visits, clicks),
    memory,
  ];
}
