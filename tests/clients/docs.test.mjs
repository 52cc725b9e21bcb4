// The page /docs/api, as a reader uses it: every line that it prints is run with bash, from top to bottom in one shell,
// exactly as it is printed, and each answer is held against what the page says. curl is only overheard.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ask, baseUrl, newAccount } from './instance.mjs';

const room = mkdtempSync(join(tmpdir(), 'quietleaks-docs-'));
after(() => rmSync(room, { recursive: true }));

const unescape = (html) => html.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;|&#39;/g, "'").replace(/&amp;/g, '&');
const blocksOf = (page) => [...page.matchAll(/<pre tabindex="0" class="shell"><code>(.*?)<\/code><\/pre>/gs)].map((found) => unescape(found[1]));

// Each curl leaves its last headers and its body behind, and the words that it was called with.
const overhear = `set -eu -o pipefail
cd "${room}"
curl() {
  local n=$(printf %03d "$(ls calls | wc -l)")
  printf '%s\\n' "$@" >calls/$n
  command curl "$@" -D "heads/$n" | tee "bodies/$n"
}
mkdir calls heads bodies
`;

let account, page, answers;

function answerOf(name) {
  const words = readFileSync(join(room, 'calls', name), 'utf8').split('\n');
  const head = readFileSync(join(room, 'heads', name), 'utf8');
  const method = words.includes('-X') ? words[words.indexOf('-X') + 1] : words.includes('-I') ? 'HEAD' : words.some((word) => /^(-d|--data-binary)$/.test(word)) ? 'POST' : 'GET';
  const url = words.find((word) => word.startsWith(baseUrl)).slice(baseUrl.length);
  const body = readFileSync(join(room, 'bodies', name), 'utf8').replace(/^HTTP\/(.|\r\n)*?\r\n\r\n/, '');
  return { call: `${method} ${url.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')}`, status: Number(head.match(/^HTTP\/\S+ (\d+)/)[1]), head, body };
}

before(async () => {
  account = newAccount('Reader of the docs');
  page = await (await ask('/docs/api')).text();
  writeFileSync(join(room, 'all.sh'), overhear + blocksOf(page).map((block, i) => `echo "# block ${i}"\n${block}\n`).join(''));
  const environment = { ...process.env, QL_API_KEY: account.key, CURL_CA_BUNDLE: process.env.QL_CA_CERT };
  try {
    execFileSync('bash', [join(room, 'all.sh')], { encoding: 'utf8', env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    assert.fail(`a printed line failed:\n${error.stdout}\n${error.stderr}`);
  }
  answers = readdirSync(join(room, 'calls')).sort().map(answerOf);
});

const json = (index) => JSON.parse(answers[index].body);

test('the page has this installation\'s address in it, and nothing to fill in but the key', () => {
  assert.ok(!page.includes('this-host') && !page.includes('quietleaks.example'));
  assert.ok(page.includes(`curl -sS ${baseUrl}/api/v1/links `));
});

test('each answer has the status that the page leads to expect', () => {
  const seen = answers.map(({ call, status }) => `${call} ${status}`);
  assert.deepEqual(seen, [
    'GET /api/v1/links?limit=5 200',
    'POST /api/v1/links 201',
    'GET /api/v1/links/ID 200',
    'GET /api/v1/links?status=broken,redirected&sort=-clicks_30d&limit=10 200',
    'GET /api/v1/links?q=desk&tag=office 200',
    'PATCH /api/v1/links/ID 200',
    'GET /api/v1/links/ID/clicks?interval=day 200',
    'POST /api/v1/links/bulk 200',
    'POST /api/v1/links/bulk 200',
    'GET /api/v1/links/export?tag=office 200',
    'POST /api/v1/links/import?dry_run=true 200',
    'POST /api/v1/links/import 200',
    'GET /api/v1/links?q=shop.example/lamp 200',
    'DELETE /api/v1/links/ID 204',
    'POST /api/v1/links/ID/check 202',
    'GET /api/v1/links/ID/checks?limit=1 200',
    'GET /api/v1/links/ID/monitoring 200',
    'PATCH /api/v1/links/ID/monitoring 200',
    'PATCH /api/v1/links/ID/monitoring 200',
    'POST /api/v1/links/ID/baseline 409',
    'DELETE /api/v1/links/ID/baseline 204',
    'GET /api/v1/events?link_id=ID 200',
    'GET /api/v1/events?limit=1 200',
    'PATCH /api/v1/links/ID 200',
    `GET /api/v1/events?after=${json(22).last_seq}&sort=seq 200`,
    'GET /api/v1/links?limit=100 200',
    'POST /api/v1/links 201',
    'POST /api/v1/links 201',
    'DELETE /api/v1/links/ID 204',
    'HEAD /api/v1/links/ID 200',
    'GET /api/v1/links/ID 304',
    'PATCH /api/v1/links/ID 412',
    'DELETE /api/v1/links/ID 204',
    'GET /api/v1/links/ID 404',
    'POST /api/v1/links 422',
    'GET /api/v1/openapi.json 200',
    'GET /healthz 200',
    'GET /readyz 200',
  ]);
});

test('each answer has the shape that the page describes', () => {
  const made = json(1);
  assert.equal(made.label, 'Standing desk');
  assert.deepEqual(json(2), made);
  assert.deepEqual(json(3).links, [], 'nothing is broken in a new account');
  assert.equal(json(3).total_exact, true);
  assert.deepEqual(json(4).links, [made]);
  assert.deepEqual([json(5).label, json(5).fallback_url], ['Standing desk, oak', 'https://shop.example/desks']);
  assert.equal(json(6).clicks.length, 30);
  assert.deepEqual([json(7).succeeded, json(7).failed, json(7).results[3].error.errors[0].pointer], [3, 1, '/links/3/url']);
  assert.deepEqual(json(8), { results: [{ status: 204, link: null }, { status: 204, link: null }], succeeded: 2, failed: 0 });
  const { imported, skipped, dry_run, errors } = json(10);
  assert.deepEqual({ imported, skipped, dry_run, line: errors[0].line, column: errors[0].column }, { imported: 1, skipped: 1, dry_run: true, line: 3, column: 'url' });
  assert.deepEqual({ ...json(11), dry_run: true }, json(10), 'the import does what the trial said');
  assert.deepEqual([json(17).expected_host, json(17).tag_parameter, json(18).paused, json(18).next_check_at], ['shop.example', 'ref', true, null]);
  assert.ok(json(21).events.every((event) => event.link_id === made.id));
  assert.deepEqual(json(24).events.map((event) => [event.type, event.changes]), [['link.updated', { label: { from: 'Standing desk, oak', to: 'Standing desk' } }]]);
  assert.equal(answers[27].body, answers[26].body);
  assert.match(answers[27].head, /^idempotency-replayed: true\r$/mi);
  assert.doesNotMatch(answers[26].head, /^idempotency-replayed/mi);
  assert.deepEqual(json(34).errors.map((fault) => fault.pointer), ['/url', '/tags/1']);
});

// The same members in the same order, of the same kinds; null stands for any, and each item of a list for one of the real.
function sameShape(real, printed, place) {
  if (real === null || printed === null || place.endsWith('.changes')) return;  // those are the event's own
  assert.deepEqual([typeof real, Array.isArray(real)], [typeof printed, Array.isArray(printed)], place);
  if (typeof printed !== 'object') return;
  if (!Array.isArray(printed)) {
    assert.deepEqual(Object.keys(real), Object.keys(printed), place);
    return Object.keys(printed).forEach((key) => sameShape(real[key], printed[key], `${place}.${key}`));
  }
  for (const item of printed) {
    const faults = real.map((one) => { try { return sameShape(one, item, place); } catch (fault) { return fault; } });
    if (real.length > 0 && faults.every(Boolean)) throw faults[0];
  }
}

test('each answer that the page prints has the shape of the real one', () => {
  const form = /<p class="quiet">(\w+) <code>([^<]+)<\/code> answers (\d+), for example:<\/p>\n<pre [^>]+><code>(.*?)<\/code>/gs;
  const printed = [...page.matchAll(form)];
  assert.ok(printed.length >= 8, `${printed.length} answers`);
  for (const [, method, path, status, text] of printed) {
    const call = `${method} ${path.replace('{id}', 'ID')}`;
    const real = answers.find((answer) => answer.call.replace(/\?.*/, '') === call && answer.status === Number(status));
    assert.ok(real, `nothing on the page asks for ${call} ${status}`);
    sameShape(JSON.parse(real.body), JSON.parse(unescape(text)), `${call} ${status}`);
  }
});

test('nothing is left behind', async () => {
  assert.equal((await (await ask('/api/v1/links', { key: account.key })).json()).total, 0);
  assert.deepEqual(readdirSync(room).sort(), ['all.sh', 'bodies', 'calls', 'heads']);
});

test('every link on the page leads somewhere', async () => {
  const targets = new Set([...page.matchAll(/href="([^"]+)"/g)].map((found) => found[1]));
  for (const target of targets) {
    const [path, anchor] = target.split('#');
    const text = path === '' ? page : await (await ask(path)).text();
    if (anchor) assert.ok(text.includes(`id="${anchor}"`), `${target} leads nowhere`);
  }
});
