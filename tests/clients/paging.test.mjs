// http-link-header (RFC 8288) follows next to the end and prev back to the start.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import LinkHeader from 'http-link-header';
import { agencyKey, ask, baseUrl } from './instance.mjs';

async function page(url) {
  assert.ok(url.startsWith(baseUrl), url);
  const response = await ask(url.slice(baseUrl.length), { key: agencyKey });
  assert.equal(response.status, 200);
  const links = LinkHeader.parse(response.headers.get('link') ?? '');
  const to = (relation) => links.rel(relation)[0]?.uri;
  return { body: await response.json(), to };
}

async function follow(url, relation) {
  const pages = [];
  for (let next = url; next && pages.length < 50; ) {
    const one = await page(next);
    pages.push(one);
    next = one.to(relation);
  }
  return pages;
}

const ids = (pages) => pages.flatMap((one) => one.body.links.map((link) => link.id));

test('next leads through all links, prev back through the same pages', async () => {
  const forward = await follow(`${baseUrl}/api/v1/links?limit=40`, 'next');
  const total = forward[0].body.total;
  assert.equal(ids(forward).length, total);
  assert.equal(new Set(ids(forward)).size, total);
  assert.ok(forward.slice(0, -1).every((one) => one.body.has_more));
  assert.ok(!forward.at(-1).body.has_more);
  const backward = await follow(forward[0].to('last'), 'prev');
  assert.deepEqual(ids(backward.reverse()), ids(forward));
  assert.equal((await page(forward.at(-1).to('first'))).body.offset, 0);
});

test('starting_after leads through the same links', async () => {
  const all = ids(await follow(`${baseUrl}/api/v1/links?limit=500`, 'next'));
  const rest = ids(await follow(`${baseUrl}/api/v1/links?limit=50&starting_after=${all[0]}`, 'next'));
  assert.deepEqual([all[0], ...rest], all);
});

test('one page that holds all has no Link header', async () => {
  assert.equal((await ask('/api/v1/links?limit=500', { key: agencyKey })).headers.get('link'), null);
});
