// structured-headers (RFC 9651) reads the rate fields, as a stranger's client would.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseList } from 'structured-headers';
import { agencyKey, ask } from './instance.mjs';

const field = (response, name) => {
  const items = parseList(response.headers.get(name));
  assert.equal(items.length, 1);
  const [value, parameters] = items[0];
  assert.equal(value, 'default');
  return Object.fromEntries(parameters);
};

test('RateLimit-Policy and RateLimit are structured fields whose numbers add up', async () => {
  const first = await ask('/api/v1/links?limit=1', { key: agencyKey });
  const second = await ask('/api/v1/links?limit=1', { key: agencyKey });
  assert.deepEqual(field(first, 'ratelimit-policy'), { q: 120, w: 60 });
  const [before, after] = [field(first, 'ratelimit'), field(second, 'ratelimit')];
  assert.equal(after.r, before.r - 1);
  assert.ok(after.t >= 1 && after.t <= 60);
  assert.equal(Number(second.headers.get('x-ratelimit-limit')), 120);
  assert.equal(Number(second.headers.get('x-ratelimit-remaining')), after.r);
  const reset = Number(second.headers.get('x-ratelimit-reset'));
  assert.ok(Math.abs(reset - Date.now() / 1000 - after.t) <= 3, `reset ${reset}, t ${after.t}`);
});

test('a refused key has no rate fields', async () => {
  const response = await ask('/api/v1/links', { key: 'junk' });
  assert.equal(response.status, 401);
  for (const name of ['ratelimit', 'ratelimit-policy', 'x-ratelimit-limit']) assert.equal(response.headers.get(name), null);
});
