// Every code of a problem below 500 that the served document gives an operation is provoked there, and none that it does
// not give. And what goes out as a file comes in again as it is.
import assert from 'node:assert/strict';
import { request } from 'node:https';
import { before, test } from 'node:test';
import { ask, baseUrl, freeKey, holdWatch, httpBaseUrl, junkKey, newAccount, newKey, seeCheck, sql } from './instance.mjs';

const missingId = '00000000-0000-4000-8000-000000000000';
const seen = new Set();
let document, account, key, readKey, usedUp, linkId;

const links = '/api/v1/links', bulk = `${links}/bulk`, file = `${links}/import`;
const one = { url: 'https://shop.example/codes?tag=me-20' };
const type = (contentType, headers = {}) => ({ 'content-type': contentType, ...headers });

const deref = (node) => (node?.$ref ? deref(node.$ref.slice(2).split('/').reduce((at, part) => at[part], document)) : node);
const operations = () => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods)
  .map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })));
const documented = () => operations().filter(({ method, path }) => method !== 'HEAD' && path.startsWith('/api/')).flatMap(({ path, method, responses }) =>
  Object.entries(responses).filter(([status]) => Number(status) < 500).flatMap(([status, response]) =>
    (deref(response).content?.['application/problem+json']?.schema.allOf ?? []).flatMap(({ properties }) => properties?.code.enum ?? [])
      .map((code) => `${method} ${path} ${status} ${code}`)));

const templateOf = (path) => (document.paths[path] ? path : path.replace(/^(\/api\/v1\/links\/)[^/]+/, '$1{id}'));

// Notes what the operation said; `as` is the operation where the method is one that does not exist.
async function provoke(method, path, options = {}, as = method) {
  const response = await (options.send ?? ask)(path, { key, method, ...options });
  const { code, status } = await response.json();
  assert.equal(status, response.status);
  seen.add(`${as} ${templateOf(path.replace(/\?.*/, ''))} ${status} ${code}`);
}

before(async () => {
  document = await (await ask('/api/v1/openapi.json')).json();
  account = newAccount('Codes');
  [key, readKey, usedUp] = [account.key, newKey(account.name, 'read'), newKey(account.name)];
  linkId = (await (await ask(links, { key, method: 'POST', json: one })).json()).id;
  for (let i = 0; i < 120; ++i) await (await ask(links, { key: usedUp, method: 'GET' })).text();
});

test('who asks, how often, with which method', async () => {
  for (const { path, method, ...operation } of operations().filter((one_) => one_.method !== 'HEAD' && one_.path.startsWith('/api/'))) {
    const there = path.replace('{id}', linkId);
    await provoke('PUT', there, {}, method);
    if (operation.security?.length === 0) continue;
    const writes = ['POST', 'PATCH', 'DELETE'].includes(method);
    for (const options of [{ key: undefined }, { key: junkKey }, { key: freeKey }, { key: usedUp }, { base: httpBaseUrl }, ...(writes ? [{ key: readKey }] : [])])
      await provoke(method, there, options);
  }
});

test('what is asked for', async () => {
  key = newKey(account.name);
  for (const path of [links, `${links}/export`, '/api/v1/events', `${links}/${linkId}/clicks`]) {
    await provoke('GET', `${path}?a=%ff`);
    await provoke('GET', `${path}?sort=x&interval=x`);
  }
  await provoke('GET', `${links}/${linkId}/checks?a=%ff`);
  await provoke('GET', `${links}/${linkId}/checks?limit=x`);
  for (const [method, path] of [['GET', ''], ['GET', '/clicks'], ['PATCH', ''], ['DELETE', ''], ['POST', '/check'], ['GET', '/checks'],
    ['GET', '/monitoring'], ['PATCH', '/monitoring'], ['POST', '/baseline'], ['DELETE', '/baseline']])
    await provoke(method, `${links}/${missingId}${path}`, method === 'PATCH' ? { json: {} } : {});
  for (const method of ['PATCH', 'DELETE'])
    await provoke(method, `${links}/${linkId}`, { headers: type('application/json', { 'if-match': '"x-y"' }), body: method === 'PATCH' ? '{}' : undefined });
});

// Two at a time, until one meets the other at work.
async function meet(path, json) {
  for (let i = 0; i < 12; ++i) {
    const options = { key, method: 'POST', json, headers: { 'idempotency-key': `meet-${i}` } };
    const replies = await Promise.all([ask(path, options), ask(path, options)]);
    const refusal = replies.find(({ status }) => status === 409);
    if (refusal) return provoke('POST', path, { send: async () => refusal });
  }
  return assert.fail(`${path}: never two at a time`);
}

test('what is sent as JSON', async () => {
  key = newKey(account.name);
  const watch = `${links}/${linkId}/monitoring`;
  for (const [method, path, good] of [['POST', links, one], ['POST', bulk, { links: [one] }], ['PATCH', `${links}/${linkId}`, {}], ['PATCH', watch, {}]]) {
    await provoke(method, path, { body: '{', headers: type('application/json') });
    await provoke(method, path, { body: '{}', headers: type('text/plain') });
    await provoke(method, path, { json: { padding: 'x'.repeat(path === bulk ? 1_100_000 : 70_000) } });
    await provoke(method, path, { json: { colour: 'red' } });
    if (path !== bulk && path !== watch) await provoke(method, path, { json: { ...one, slug: 'abc123' } });
    if (method !== 'POST') continue;
    await provoke(method, path, { json: good, headers: { 'idempotency-key': 'x'.repeat(256) } });
    await (await ask(path, { key, method, json: good, headers: { 'idempotency-key': path } })).text();
    await provoke(method, path, { json: { ...good, more: 1 }, headers: { 'idempotency-key': path } });
    await meet(path, good.links ? { links: Array(100).fill(one) } : good);
  }
});

test('what is done to a link by name', async () => {
  key = newKey(account.name);
  await provoke('POST', `${links}/${linkId}/baseline`);
  seeCheck(linkId);
  for (const path of [`${links}/${linkId}/check`, `${links}/${linkId}/baseline`]) {
    const repeated = (word) => ({ key, method: 'POST', headers: { 'idempotency-key': word } });
    await provoke('POST', path, { headers: { 'idempotency-key': 'x'.repeat(256) } });
    await provoke('POST', path, { json: { padding: 'x'.repeat(70_000) } });
    await ask(path, repeated(path));
    await provoke('POST', path, { ...repeated(path), json: {} });
    const release = await holdWatch(linkId);
    const replies = [ask(path, repeated(`twice:${path}`)), ask(path, repeated(`twice:${path}`))];
    await provoke('POST', path, { send: () => Promise.race(replies) });  // the other one waits for what is held
    await release();
    await Promise.all(replies);
  }
  await ask(`${links}/${linkId}/check`, { key, method: 'POST' });
  await provoke('POST', `${links}/${linkId}/check`);
});

test('more links than the plan allows', async () => {
  sql(`create temp table tiny as select * from plans where name = 'agency'; update tiny set name = 'tiny', links_limit = 0;
       insert into plans select * from tiny on conflict do nothing`);
  const { name, key: tiny } = newAccount('Tiny');
  sql(`update accounts set plan = 'tiny' where name = '${name}'`);
  await provoke('POST', links, { key: tiny, json: one });
});

// Says that it will send more than is taken, and waits for what is said to that.
const announce = (bytes) => (path, options) => new Promise((done, failed) => {
  const headers = { ...options.headers, authorization: `Bearer ${options.key}`, 'content-length': bytes };
  const call = request(baseUrl + path, { method: options.method, headers }, async (answer) => {
    done(new Response(Buffer.concat(await answer.toArray()), { status: answer.statusCode }));
    call.destroy();
  });
  call.on('error', failed).flushHeaders();
});

test('what is sent as CSV', async () => {
  const headers = type('text/csv'), body = 'label,url,program\n';
  await provoke('POST', `${file}?dry_run=x`, { headers, body });
  await provoke('POST', `${file}?a=%ff`, { headers, body });
  await provoke('POST', file, { headers: { ...headers, 'idempotency-key': 'x' }, body });
  await provoke('POST', file, { json: {} });
  await provoke('POST', file, { headers, body: 'address\n' });
  await provoke('POST', file, { headers, send: announce(256 * 1024 * 1024 + 1) });
});

// A flood of junk would lock out every test behind it, broken HTTP is more than fetch can send, and races take two at the
// right moment: tests/e2e and tests/integration provoke them.
const elsewhere = / (too_many_rejected_keys|bad_request|conflict|invalid_value)$/;

test('every documented code below 500 was seen, and no other', () => {
  const told = documented().filter((one_) => !elsewhere.test(one_));
  assert.ok(told.length >= 80, `${told.length} codes`);
  assert.deepEqual([...seen].sort(), [...new Set(told)].sort());
});

test('what goes out as a file comes in again as it is', async () => {
  const [from, to] = [newAccount('Export').key, newAccount('Import').key];
  const kept = ['label', 'url', 'program', 'slug', 'tags', 'created_at', 'fallback_url'];
  const all = async (whose) => (await (await ask(links, { key: whose })).json()).links;
  const shown = (list) => list.map((link) => JSON.stringify(kept.map((name) => link[name]))).sort();
  for (const label of ['=1+1', "'-x", "''=", '@SUM(A1)', 'a "quoted", one', 'Größe; Ω 🎧'])
    assert.equal((await ask(links, { key: from, method: 'POST', json: { ...one, label, tags: ['a', '+b c'], fallback_url: 'https://shop.example/' } })).status, 201);
  const before_ = await all(from);
  const body = await (await ask(`${links}/export`, { key: from })).text();
  const gone = before_.map(({ id }) => ({ action: 'delete', id }));  // slugs are shared
  assert.equal((await ask(bulk, { key: from, method: 'POST', json: { links: gone } })).status, 200);
  const report = await (await ask(file, { key: to, method: 'POST', headers: type('text/csv'), body })).json();
  assert.deepEqual([report.imported, report.skipped], [6, 0], JSON.stringify(report));
  assert.deepEqual(shown(await all(to)), shown(before_));
});
