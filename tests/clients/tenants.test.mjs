// Nobody sees or changes what is another account's, and a key that may only read changes nothing. The requests are made of
// the served document, so that a new operation is tried by being documented.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ask, newAccount, newKey, seeCheck, sql } from './instance.mjs';

const missingId = '00000000-0000-4000-8000-000000000000';
let document, mine, other, mineIds, otherIds, otherSlug;

before(async () => {
  document = await (await ask('/api/v1/openapi.json')).json();
  [mine, other] = [newAccount('Mine'), newAccount('Other')];
  for (const { key } of [mine, other]) {
    const { results } = await (await ask('/api/v1/links/bulk', {
      key, method: 'POST', json: { links: [1, 2].map((n) => ({ url: `https://shop.example/${n}`, label: `Link ${n}`, tags: ['t'] })) },
    })).json();
    for (const { link } of results) seeCheck(link.id);
    mineIds ??= results.map(({ link }) => link.id);
    if (key === other.key) [otherIds, otherSlug] = [results.map(({ link }) => link.id), results[0].link.slug];
  }
});

const deref = (node) => (node?.$ref ? deref(node.$ref.slice(2).split('/').reduce((at, part) => at[part], document)) : node);
const operations = () => Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation,
    parameters: operation.parameters.map(deref) })));
const named = ({ method, path }) => `${method} ${path}`;

// The operation's own example as it is documented, but with `id` wherever an id goes, and with slugs that are free.
let slugs = 0;
function requestFor({ method, path, requestBody }, id) {
  const [type, { example }] = Object.entries(requestBody?.content ?? { '': {} }).at(-1);
  const json = () => JSON.stringify(example).replace(/"[0-9a-f]{8}-[0-9a-f-]{27}"/g, `"${id}"`)
    .replace(/"slug":"[^"]+"/g, () => `"slug":"tenants-${Date.now()}-${++slugs}"`);
  const body = type === 'application/json' ? json() : example;
  return [path.replace('{id}', id), { method, headers: type ? { 'content-type': type } : {}, body }];
}

// All that a client could tell two answers by, but for the time, the request's id and what is left of the limit.
async function shape(response) {
  const volatile = /^(date|x-request-id|ratelimit|x-ratelimit-.*)$/;
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => !volatile.test(name)),
    body: (await response.text()).replace(/"request_id":"[^"]+"/, '"request_id":"…"'),
  };
}

// What an account has, down to its last event; not clicks and uses of keys, which no request here makes.
const allOf = async ({ name }) => sql(`
  select (select jsonb_agg(links order by id) from links where account_id = accounts.id),
         (select jsonb_agg(link_watch order by link_id) from link_watch where account_id = accounts.id),
         (select jsonb_agg(slugs order by slug) from slugs where account_id = accounts.id),
         (select jsonb_agg(events order by seq) from events where account_id = accounts.id)
    from accounts where name = '${name}'`);

test('another account\'s id is a missing one, byte for byte, in every operation that takes an id', async () => {
  const key = newKey(mine.name), before_ = await allOf(other);
  const takers = operations().filter(({ path }) => path.includes('{id}'));
  assert.ok(takers.length >= 6, 'no operations');
  for (const operation of takers) {
    const answers = [];
    for (const id of [otherIds[0], missingId]) {
      const [path, options] = requestFor(operation, id);
      for (const condition of [{}, { 'if-match': '*', 'if-none-match': '*' }])
        answers.push(await shape(await ask(path, { key, ...options, headers: { ...options.headers, ...condition } })));
    }
    assert.equal(answers[0].status, 404, named(operation));
    for (const answer of answers.slice(1)) assert.deepEqual(answer, answers[0], named(operation));
  }
  assert.equal(await allOf(other), before_);
});

test('in a bulk, too', async () => {
  const key = newKey(mine.name), before_ = await allOf(other);
  const results = [];
  for (const id of [otherIds[1], missingId]) {
    const links = [{ action: 'update', id, label: 'Mine now', slug: 'tenants-mine' }, { action: 'delete', id }];
    results.push(await shape(await ask('/api/v1/links/bulk', { key, method: 'POST', json: { links } })));
  }
  assert.deepEqual(JSON.parse(results[0].body).results.map(({ status }) => status), [404, 404]);
  assert.deepEqual(results[1], results[0]);
  assert.equal(await allOf(other), before_);
});

test('in every query parameter that takes an id, too', async () => {
  const key = newKey(mine.name);
  const takers = operations().flatMap((operation) => operation.parameters
    .filter(({ in: place, schema }) => place === 'query' && schema.format === 'uuid').map(({ name }) => ({ ...operation, name })));
  assert.ok(takers.length >= 4, 'no parameters');
  for (const { method, path, name } of takers) {
    const [theirs, missing] = await Promise.all([otherIds[0], missingId].map(async (id) => shape(await ask(`${path.replace('{id}', mineIds[0])}?${name}=${id}`, { key, method }))));
    const tagless = ({ headers, ...rest }) => ({ ...rest, headers: headers.filter(([header]) => header !== 'etag') });
    assert.deepEqual(tagless(theirs), tagless(missing), `${method} ${path} ${name}`);
    assert.ok(!theirs.body.includes(otherIds[0]), `${method} ${path} ${name}`);
  }
});

test('nothing of the other account is in any list, file or event', async () => {
  const key = newKey(mine.name, 'read');
  const lists = operations().filter(({ method, path, 'x-scope': scope }) => method === 'GET' && scope === 'read' && !path.includes('{'));
  assert.ok(lists.length >= 3, 'no lists');
  for (const { path } of lists) {
    const text = await (await ask(path, { key })).text();
    assert.ok(text.includes('Link 1'), `${path} has nothing of one's own`);
    for (const word of [...otherIds, otherSlug]) assert.ok(!text.includes(word), `${path} tells of ${word}`);
  }
});

test('a key that may only read: 403 insufficient_scope for every operation that writes, and nothing changes', async () => {
  const key = newKey(other.name, 'read'), before_ = await allOf(other);
  const writers = operations().filter(({ 'x-scope': scope }) => scope === 'write');
  const methods = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
  assert.deepEqual(writers.map(named), operations().filter(({ method }) => methods.has(method)).map(named), 'a writing operation without the scope');
  assert.ok(writers.length >= 5, 'no operations');
  for (const operation of writers) {
    const [path, options] = requestFor(operation, otherIds[0]);
    for (const word of [{}, { 'idempotency-key': 'tenants' }]) {
      const response = await ask(path, { key, ...options, headers: { ...options.headers, ...word } });
      assert.equal(response.status, 403, named(operation));
      assert.equal((await response.json()).code, 'insufficient_scope', named(operation));
      assert.match(response.headers.get('www-authenticate'), /error="insufficient_scope", scope="write"/);
    }
  }
  assert.equal(await allOf(other), before_);
});

test('the same requests with a key that may write do change something', async () => {
  const before_ = await allOf(other), key = newKey(other.name);
  const writers = operations().filter(({ 'x-scope': scope }) => scope === 'write')
    .sort((a, b) => (a.method === 'DELETE') - (b.method === 'DELETE') || b.path.length - a.path.length);  // the link itself goes last
  for (const operation of writers) {
    const [path, options] = requestFor(operation, otherIds[operation.path.includes('bulk') ? 1 : 0]);
    const response = await ask(path, { key, ...options });
    assert.ok(response.ok, `${named(operation)}: ${response.status} ${await response.text()}`);
  }
  assert.notEqual(await allOf(other), before_);
});
