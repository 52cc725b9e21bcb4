// ajv holds live answers, bodies and headers, against the OpenAPI document that the instance itself serves: of every
// operation every documented status below 500.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { before, test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { ask, baseUrl, freeKey, holdWatch, httpBaseUrl, junkKey, newAccount, newKey, otherKey, seeCheck, someLinkId } from './instance.mjs';

const missingId = '00000000-0000-4000-8000-000000000000';
const provoked = new Set();
let document, ajv, linkId, agencyKey, readKey, writer;

before(async () => {
  document = await (await ask('/api/v1/openapi.json')).json();
  ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema(document, 'openapi');
  [agencyKey, readKey] = [newKey('Demo Agency'), newKey('Demo Agency', 'read')];
  linkId = await someLinkId(agencyKey);
  writer = newAccount('Contract');
});

const escapePointer = (part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
const at = (pointer) => pointer.slice(2).split('/').reduce(
  (node, part) => node?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')], document);

// Follows references; the pointer to where the thing itself is written.
const resolve = (pointer) => (at(pointer)?.$ref ? resolve(at(pointer).$ref) : pointer);

const checks = new Map();  // making one takes longer than asking for what it checks

function validate(pointer, value, what) {
  if (!checks.has(pointer)) checks.set(pointer, ajv.compile({ $ref: `openapi${pointer}` }));
  const check = checks.get(pointer);
  assert.ok(check(value), `${what}: ${ajv.errorsText(check.errors)}: ${JSON.stringify(value).slice(0, 500)}`);
}

const typed = (text, schema) => ([schema.type].flat().includes('integer') && /^-?\d+$/.test(text) ? Number(text) : text);

function validateHeaders(response, pointer) {
  for (const name of Object.keys(at(pointer).headers ?? {})) {
    const header = resolve(`${pointer}/headers/${escapePointer(name)}`);
    const text = response.headers.get(name);
    if (text === null) assert.ok(!at(header).required, `header ${name} is missing`);
    else validate(`${header}/schema`, typed(text, at(header).schema), `header ${name}`);
  }
}

async function validateBody(response, pointer) {
  const text = await response.text();
  const content = at(pointer).content;
  if (!content) return assert.equal(text, '', 'a body where none is documented');
  const type = response.headers.get('content-type');
  assert.ok(content[type], `undocumented content type ${type}`);
  const body = type.endsWith('json') ? JSON.parse(text) : text;
  if (content[type].schema) validate(`${pointer}/content/${escapePointer(type)}/schema`, body, 'body');
  if (response.status >= 400 && type.endsWith('json')) assert.equal(body.status, response.status);
}

const templateOf = (path) => Object.keys(document.paths).sort((a, b) => a.includes('{') - b.includes('{'))
  .find((template) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path));

// `as`: the operation whose responses document this answer, where it is that of a method that does not exist.
async function holds(path, status, options = {}, as = (options.method ?? 'GET').toLowerCase()) {
  const template = templateOf(path.replace(/\?.*/, ''));
  const response = await (options.send ?? ask)(path, options);
  assert.equal(response.status, status, `${as} ${path}: ${await response.clone().text()}`);
  const pointer = resolve(`#/paths/${escapePointer(template)}/${as}/responses/${status}`);
  assert.ok(at(pointer), `${as} ${template} does not document ${status}`);
  validateHeaders(response, pointer);
  if (options.method !== 'HEAD') await validateBody(response.clone(), pointer);
  provoked.add(`${as} ${template} ${status}`);
  return response;
}

const operations = () => Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(
  ([method, operation]) => ({ path: path.replace('{id}', linkId), method: method.toUpperCase(), ...operation })));
const code = async (response) => (await response.json()).code;

test('the document describes itself as OpenAPI 3.1 and is where it says', async () => {
  assert.match(document.openapi, /^3\.1\./);
  const tag = (await holds('/api/v1/openapi.json', 200)).headers.get('etag');
  await holds('/api/v1/openapi.json', 304, { headers: { 'if-none-match': tag } });
});

// But the visitors' one: a redirect alone is no operation to the makers of clients.
test('it has every route of handlers/routes.cpp, with the scope that it asks for', () => {
  const routes = [...readFileSync('../../handlers/routes.cpp', 'utf8').matchAll(/\{"(\w+)", "([^"]+)", Access::(\w+)/g)]
    .filter(([, , path]) => !path.startsWith('/go/') && !path.startsWith('/api/app/'));  // visitors', and the dashboard's own
  const scopes = { open: 'none', key: 'read', write: 'write' };
  const told = operations().filter(({ method }) => method !== 'HEAD').map(({ method, path, 'x-scope': scope }) => `${method} ${templateOf(path)} ${scope}`);
  assert.deepEqual(told.sort(), routes.map(([, method, path, access]) => `${method} ${path} ${scopes[access]}`).sort());
  for (const operation of operations().filter(({ method, path }) => method === 'GET' && path.startsWith('/api/') && !path.endsWith('.json')))
    assert.ok(document.paths[templateOf(operation.path)].head, `${operation.path} has no HEAD`);
});

test('every operation: 401, 403, 405, 429', async () => {
  const usedUp = newKey('Demo Agency');
  for (let i = 0; i < 120; ++i) await (await ask('/api/v1/events?limit=1', { key: usedUp })).text();
  for (const { path, method, 'x-scope': scope } of operations()) {
    if (method !== 'HEAD') await holds(path, 405, { method: 'PUT', key: agencyKey }, method.toLowerCase());
    if (scope === 'none') continue;
    await holds(path, 401, { method });
    await holds(path, 401, { method, key: junkKey });
    await holds(path, 403, { method, key: freeKey });
    await holds(path, 403, { method, key: agencyKey, base: httpBaseUrl });
    await holds(path, 429, { method, key: usedUp });
    if (scope === 'write') assert.equal(await code(await holds(path, 403, { method, key: readKey })), 'insufficient_scope');
  }
});

for (const method of ['GET', 'HEAD']) {
  test(`${method}: what is read, its pages, 304, 400, 404`, async () => {
    const key = newKey('Demo Agency', 'read');
    const with_ = (more, headers) => ({ key, method, headers, ...more });
    for (const query of ['', '?limit=1', '?limit=500', '?limit=7&offset=140', '?offset=100000', `?starting_after=${linkId}`])
      await holds(`/api/v1/links${query}`, 200, with_());
    const link = `/api/v1/links/${linkId}`;
    for (const path of ['/api/v1/links', link, `${link}/clicks`, `${link}/checks`, `${link}/monitoring`, '/api/v1/events']) {
      const tag = (await holds(path, 200, with_())).headers.get('etag');
      await holds(path, 304, with_({}, { 'if-none-match': tag }));
    }
    for (const query of ['limit=0', 'limit=x', 'offset=-1', 'limit=1&limit=2', 'a=%ff', 'starting_after=x'])
      await holds(`/api/v1/links?${query}`, 400, with_());
    for (const query of ['interval=day', 'from=2026-01-01&to=2026-12-31', 'to=2020-02-29'])
      await holds(`${link}/clicks?${query}`, 200, with_());
    for (const query of ['interval=hour', 'from=x', 'to=2026-02-30', 'from=2026-01-02&to=2026-01-01', 'to=2026-01-01&to=2026-01-01'])
      await holds(`${link}/clicks?${query}`, 400, with_());
    for (const query of ['limit=0', 'starting_after=x', `starting_after=${missingId}`, 'a=%ff'])
      await holds(`${link}/checks?${query}`, 400, with_());
    for (const query of ['type=link.created', 'limit=3&sort=seq&after=2&before=9', `link_id=${linkId}`, 'after=999999999'])
      await holds(`/api/v1/events?${query}`, 200, with_());
    for (const query of ['type=x', 'sort=id', 'after=x', 'before=-1', 'link_id=7', 'limit=0'])
      await holds(`/api/v1/events?${query}`, 400, with_());
    await holds('/api/v1/links/export', 200, with_());
    for (const rest of ['', '/clicks', '/checks', '/monitoring']) {
      for (const id of [missingId, 'none']) await holds(`/api/v1/links/${id}${rest}`, 404, with_());
      await holds(`${link}${rest}`, 404, with_({ key: otherKey }));
    }
  });

  test(`${method}: filters and sorts of the list and of its file`, async () => {
    const key = newKey('Demo Agency', 'read');
    const good = ['status=broken,slow', 'program=none', 'program=shareasale', 'tag=audio', 'q=micro', 'created_after=2026-01-01T00:00:00Z',
      'created_before=2026-01-01T00:00:00Z', 'checked_before=2026-04-27T00:00:00Z', ...document.components.parameters.sort.schema.enum.map((sort) => `sort=${sort}`)];
    for (const query of good) await holds(`/api/v1/links?${query}`, 200, { key, method });
    await holds(`/api/v1/links/export?${good[0]}&${good.at(-1)}`, 200, { key, method });
    const bad = ['status=gone', 'program=', 'tag=', 'q=', 'created_after=x', 'created_before=2026-02-30', 'checked_before=1', 'sort=id'];
    const response = await holds(`/api/v1/links?${bad.join('&')}`, 400, { key, method });
    if (method === 'GET') assert.deepEqual((await response.json()).errors.map(({ parameter }) => parameter).sort(), bad.map((one) => one.split('=')[0]).sort());
    for (const query of bad) await holds(`/api/v1/links/export?${query}`, 400, { key, method });
  });
}

test('a link is made, changed, deleted: 200, 201, 204, 400, 404, 409, 412, 413, 415, 422', async () => {
  const { key } = writer;
  const with_ = (method, json, headers) => ({ key, method, json, headers });
  const made = await holds('/api/v1/links', 201, with_('POST', { url: 'https://shop.example/', slug: `contract-${Date.now()}`, tags: ['t'] }, { 'idempotency-key': 'contract-1' }));
  const { id, slug } = await made.json();
  const path = `/api/v1/links/${id}`;
  assert.equal(made.headers.get('location'), baseUrl + path);
  assert.equal(made.headers.get('idempotency-replayed'), null);
  const replayed = await holds('/api/v1/links', 422, with_('POST', { url: 'https://shop.example/2' }, { 'idempotency-key': 'contract-1' }));
  assert.equal(await code(replayed), 'idempotency_key_reused');
  await holds(path, 200, { ...with_('PATCH', { label: 'x', fallback_url: null }), headers: { 'content-type': 'application/merge-patch+json', 'if-match': made.headers.get('etag') } });
  for (const method of ['PATCH', 'DELETE']) await holds(path, 412, with_(method, method === 'PATCH' ? {} : undefined, { 'if-match': made.headers.get('etag') }));
  for (const [method, target] of [['POST', '/api/v1/links'], ['PATCH', path]]) {
    await holds(target, 400, { key, method, body: '{', headers: { 'content-type': 'application/json' } });
    await holds(target, 409, with_(method, { url: 'https://shop.example/', slug: 'abc123' }));
    await holds(target, 413, with_(method, { url: `https://shop.example/${'x'.repeat(70000)}` }));
    await holds(target, 415, { key, method, body: '{}', headers: { 'content-type': 'text/plain' } });
    await holds(target, 422, with_(method, { url: 'ftp://x', tags: 1, colour: 'red' }));
  }
  await holds('/api/v1/links', 400, with_('POST', { url: 'https://shop.example/' }, { 'idempotency-key': 'two words' }));
  for (const method of ['PATCH', 'DELETE']) await holds(`/api/v1/links/${missingId}`, 404, with_(method, method === 'PATCH' ? {} : undefined));
  await holds(path, 204, with_('DELETE'));
  assert.ok(slug.startsWith('contract-'));
});

test('how a link is checked: 200, 202, 204, 400, 404, 409, 413, 415, 422, 429', async () => {
  const key = newKey(writer.name), method = 'POST';
  const { id } = await (await ask('/api/v1/links', { key, method, json: { url: 'https://shop.example/checked' } })).json();
  const path = `/api/v1/links/${id}`, check = `${path}/check`, baseline = `${path}/baseline`, monitoring = `${path}/monitoring`;
  const asked = await holds(check, 202, { key, method });
  assert.equal(asked.headers.get('location'), `${baseUrl}${path}/checks`);
  const soon = await holds(check, 429, { key, method });
  assert.ok(Number(soon.headers.get('retry-after')) > 50);
  assert.equal(await code(await holds(baseline, 409, { key, method })), 'no_check_yet');
  for (let n = 0; n < 3; ++n) seeCheck(id);
  const first = await (await holds(`${path}/checks?limit=2`, 200, { key })).json();
  assert.deepEqual([first.checks.length, first.limit, first.has_more], [2, 2, true]);
  const rest = await holds(`${path}/checks?limit=2&starting_after=${first.checks[1].id}`, 200, { key });
  assert.match(rest.headers.get('link'), /rel="first"/);
  assert.equal((await rest.json()).checks.length, 1);
  assert.deepEqual((await (await holds(baseline, 200, { key, method })).json()).baseline, { url: 'https://shop.example/checked', accepted: true });
  await holds(baseline, 204, { key, method: 'DELETE' });
  const changed = await (await holds(monitoring, 200, { key, method: 'PATCH', json: { paused: true, expected_host: 'Shop.Example', tag_parameter: 'ref' } })).json();
  assert.deepEqual([changed.paused, changed.next_check_at, changed.expected_host, changed.tag_parameter, changed.baseline], [true, null, 'shop.example', 'ref', null]);
  const { events } = await (await ask(`/api/v1/events?link_id=${id}&type=link.monitoring_changed`, { key })).json();
  assert.deepEqual(events.map(({ changes }) => Object.keys(changes)), [['paused', 'expected_host', 'tag_parameter'], ['baseline_accepted'], ['baseline_accepted']]);
  const faults = await (await holds(monitoring, 422, { key, method: 'PATCH', json: { paused: 'no', expected_host: '10.0.0.1', tag_parameter: 'a b', colour: 1, suspicion: null } })).json();
  assert.deepEqual(faults.errors.map(({ pointer }) => pointer), ['/paused', '/expected_host', '/tag_parameter', '/colour', '/suspicion']);
  await holds(monitoring, 400, { key, method: 'PATCH', body: '{', headers: { 'content-type': 'application/json' } });
  await holds(monitoring, 413, { key, method: 'PATCH', json: { padding: 'x'.repeat(70000) } });
  await holds(monitoring, 415, { key, method: 'PATCH', body: '{}', headers: { 'content-type': 'text/plain' } });
  for (const target of [check, baseline]) {
    await holds(target, 400, { key, method, headers: { 'idempotency-key': 'two words' } });
    await holds(target, 413, { key, method, json: { padding: 'x'.repeat(70000) } });
    const word = { 'idempotency-key': target };
    await ask(target, { key, method, headers: word });
    await holds(target, 422, { key, method, json: {}, headers: word });
    const release = await holdWatch(id);
    const replies = [1, 2].map(() => ask(target, { key, method, headers: { 'idempotency-key': `twice-${target}` } }));
    await holds(target, 409, { method, send: () => Promise.race(replies) });  // the other one waits for what is held
    await release();
    await Promise.all(replies);
  }
  for (const [one, target] of [['POST', 'check'], ['POST', 'baseline'], ['DELETE', 'baseline'], ['PATCH', 'monitoring']])
    await holds(`/api/v1/links/${missingId}/${target}`, 404, { key, method: one, json: one === 'PATCH' ? {} : undefined });
});

// Two at the same moment: one of them finds the other at work.
async function collide(path, options) {
  for (let attempt = 0; attempt < 10; ++attempt) {
    const headers = { 'idempotency-key': `collide-${attempt}` };
    const answers = await Promise.all([1, 2, 3].map(() => ask(path, { ...options, headers })));
    if (answers.some(({ status }) => status === 409)) return answers.find(({ status }) => status === 409);
  }
  return assert.fail('never two at a time');
}

test('many at once: 200, 400, 409, 413, 415, 422', async () => {
  const key = newKey(writer.name), path = '/api/v1/links/bulk', method = 'POST';
  const links = [...Array(99).keys()].map((n) => ({ url: `https://shop.example/${n}` }));
  const done = await (await holds(path, 200, { key, method, json: { links: [...links, { url: 'x' }] } })).json();
  assert.deepEqual([done.succeeded, done.failed], [99, 1]);
  const gone = done.results.slice(0, 99).map(({ link }) => ({ action: 'delete', id: link.id }));
  await holds(path, 200, { key, method, json: { links: [...gone, { action: 'update', id: missingId }] } });
  await holds(path, 400, { key, method, body: '', headers: { 'content-type': 'application/json' } });
  const refused = await collide(path, { key, method, json: { links } });
  assert.ok(refused.headers.get('retry-after'));
  await holds(path, 409, { method, send: async () => refused });
  await holds(path, 413, { key, method, json: { links, padding: 'x'.repeat(1100000) } });
  await holds(path, 415, { key, method, body: '{}', headers: { 'content-type': 'text/plain' } });
  await holds(path, 422, { key, method, json: { links: [] } });
});

// Says that it will send more than is taken, and waits for what is said to that.
const announce = (bytes) => (path, { key, method }) => new Promise((resolvePromise, reject) => {
  const call = request(baseUrl + path, { method, headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv', 'content-length': bytes } }, async (answer) => {
    const pieces = await answer.toArray();
    call.destroy();
    resolvePromise(new Response(Buffer.concat(pieces), { status: answer.statusCode, headers: answer.headers }));
  });
  call.on('error', reject);
  call.flushHeaders();
});

test('a file comes in: 200, 400, 413, 415, 422', async () => {
  const { key } = writer, path = '/api/v1/links/import', method = 'POST';
  const csv = (body, headers) => ({ key, method, body, headers: { 'content-type': 'text/csv', ...headers } });
  const file = 'label,url,program\nOne,https://shop.example/1,\nTwo,no address,\n';
  const tried = await (await holds(`${path}?dry_run=true`, 200, csv(file))).json();
  const done = await (await holds(path, 200, csv(file))).json();
  assert.deepEqual({ ...done, dry_run: true }, tried);
  assert.deepEqual([done.imported, done.skipped, done.errors_complete], [1, 1, true]);
  await holds(`${path}?dry_run=perhaps`, 400, csv(file));
  assert.equal(await code(await holds(path, 400, csv(file, { 'idempotency-key': 'x' }))), 'invalid_idempotency_key');
  await holds(path, 413, { ...csv(), send: announce(256 * 1024 * 1024 + 1) });
  await holds(path, 415, { key, method, json: {} });
  await holds(path, 422, csv('a;b\n'));
});

test('without a key: alive and ready', async () => {
  for (const path of ['/healthz', '/readyz']) await holds(path, 200);
});

test('every documented status below 500 was seen', () => {
  const missing = operations().flatMap(({ path, method, responses }) => Object.keys(responses)
    .filter((status) => Number(status) < 500 && !(method === 'HEAD' && status === '405'))
    .map((status) => `${method.toLowerCase()} ${templateOf(path)} ${status}`)).filter((one) => !provoked.has(one));
  assert.deepEqual(missing, []);
});
