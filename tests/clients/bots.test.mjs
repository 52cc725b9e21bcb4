// Our judgement of user agents beside isbot's, over two lists of real ones: what people's browsers sent (user-agents)
// and what crawlers, previewers and libraries sent (crawler-user-agents). Prints how often they differ, and for which.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { isbot } from 'isbot';

const load = createRequire(import.meta.url);
const unique = (list) => [...new Set(list)].filter((one) => one && !/[\r\n]/.test(one));
const people = unique(load('./node_modules/user-agents/dist/user-agents.json').map((one) => one.userAgent));
const programs = unique(load('crawler-user-agents').flatMap((one) => one.instances));

// The line of a list's text -> "human" or "bot", by the library that the server is made of.
function judged(list) {
  const input = `${list.join('\n')}\n`;
  return execFileSync(process.env.QL_CLASSIFY, { input, encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n').slice(0, -1);
}

function compare(list, truth) {
  const ours = judged(list);
  assert.equal(ours.length, list.length);
  const count = {};
  const wrong = [];
  const differing = [];
  list.forEach((agent, i) => {
    const theirs = isbot(agent) ? 'bot' : 'human';
    const cell = `${ours[i]}, isbot ${theirs}`;
    count[cell] = (count[cell] ?? 0) + 1;
    if (ours[i] !== truth) wrong.push(agent);
    if (ours[i] !== theirs) differing.push(`${ours[i]}: ${agent}`);
  });
  console.log(`${list.length} user agents of ${truth}s:`, count);
  for (const one of differing) console.log(`  differs: ${one.slice(0, 200)}`);
  return { wrong, differing };
}

// What may differ: at most 1 in 1,000 for people (a click that is not counted is money that is not seen), 1 in 200 for
// programs. The lists move on with each version that package-lock.json brings.
test('browsers of people: we agree with isbot, and take none for a program', () => {
  assert.ok(people.length >= 900, `${people.length} user agents`);
  const { wrong, differing } = compare(people, 'human');
  assert.ok(wrong.length <= people.length / 1000, `taken for bots:\n${wrong.join('\n')}`);
  assert.ok(differing.length <= people.length / 1000, differing.join('\n'));
});

// Accepted as people's, by isbot too: what the list itself gives as a program but is the browser inside an app
// (Instagram, Facebook), inside an editor (Code, Trae), or an ordinary one without a word of its own.
const doubtful = [/ Instagram \d/, / MetaIAB Facebook$/, /Electron\/\d/, / Fluid\/\d/, /TSM-turingos/];

test('crawlers, previewers and libraries: we agree with isbot, and miss none but the doubtful', () => {
  assert.ok(programs.length >= 2000, `${programs.length} user agents`);
  const { wrong, differing } = compare(programs, 'bot');
  assert.deepEqual(wrong.filter((agent) => !doubtful.some((form) => form.test(agent))), []);
  assert.ok(differing.length <= programs.length / 200, differing.join('\n'));
});

// Neither list has them; both judges must know them.
test('people on odd phones and inside apps are people', () => {
  const odd = [
    'Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Linux; U; Android 4.4.2; en-us; CUBOT GT99 Build/KOT49H) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/465.0.0.41.84;FBBV/602060281]',
    'Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36',
    'Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16',
    'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36',
  ];
  assert.deepEqual(judged(odd), odd.map(() => 'human'));
  assert.deepEqual(odd.filter((agent) => isbot(agent)), []);
});
