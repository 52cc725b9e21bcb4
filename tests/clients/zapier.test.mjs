// zapier-platform-core runs the app of zapier/ against the instance, as Zapier does: it checks each poll's shape, and takes
// what it has not seen by id.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import zapier from 'zapier-platform-core';
import schema from 'zapier-platform-schema';
import { ask, baseUrl, newAccount, newKey, sql } from './instance.mjs';
import app from './zapier/index.cjs';

const run = zapier.createAppTester(app);
let account, authData;

before(() => {
  account = newAccount('Zapier');
  authData = { base_url: baseUrl, api_key: account.key };
});

// One Zap: what each poll brings that is new to it.
function zap(trigger, key) {
  const seen = new Set();
  return async () => {
    const found = await run(app.triggers[trigger].operation.perform, { authData: { ...authData, api_key: key } });
    const fresh = found.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    return { found, fresh };
  };
}

const create = (inputData) => run(app.creates.create_link.operation.perform, { authData, inputData });
const newestFirst = (times) => assert.deepEqual(times, [...times].sort().reverse());

test('the app is one that Zapier takes', () => {
  assert.deepEqual(schema.validateAppDefinition(JSON.parse(JSON.stringify(app, (name, value) =>
    (typeof value === 'function' ? { source: 'return 1' } : value)))).errors.map(String), []);
});

test('the connection: a good key works, a bad one is an error that a person understands', async () => {
  assert.equal((await run(app.authentication.test, { authData })).total, 0);
  await assert.rejects(run(app.authentication.test, { authData: { ...authData, api_key: `ql_${'0'.repeat(36)}` } }),
    /This API key is not valid/);
});

test('create link: the link comes back; a fault names the field', async () => {
  const link = await create({ url: 'https://shop.example/zap', label: 'From a Zap', tags: ['zap'] });
  assert.deepEqual([link.label, link.tags, link.status], ['From a Zap', ['zap'], 'pending']);
  await assert.rejects(create({ url: 'no address' }), /invalid_link.*\/url/s);
  assert.equal((await ask(`/api/v1/links/${link.id}`, { key: account.key, method: 'DELETE' })).status, 204);
});

test('find link: what was made is found by any part of it, and what is not there is not', async () => {
  const find = (text) => run(app.searches.find_link.operation.perform, { authData, inputData: { text } });
  const link = await create({ url: 'https://shop.example/kettle?tag=me-20', label: 'A "kettle" & more', slug: `zap-${Date.now()}` });
  for (const text of ['"KETTLE" & m', 'example/kettle?tag=me', link.slug]) assert.deepEqual(await find(text), [link], text);
  assert.deepEqual(await find('teapot'), []);
  assert.equal((await ask(`/api/v1/links/${link.id}`, { key: account.key, method: 'DELETE' })).status, 204);
});

test('new link: each exactly once over many polls, newest first, while links are added, changed and deleted', async () => {
  const poll = zap('new_link', newKey(account.name, 'read'));
  const made = [], told = [];
  for (let round = 0; round < 6; ++round) {
    for (let i = 0; i < round % 3; ++i) made.push((await create({ url: `https://shop.example/${round}/${i}` })).id);
    if (made.length > 1) {  // an edit is no new link
      const edit = { key: account.key, method: 'PATCH', json: { label: `Changed ${round}` } };
      assert.equal((await ask(`/api/v1/links/${made[0]}`, edit)).status, 200);
    }
    if (round === 4) assert.equal((await ask(`/api/v1/links/${made[1]}`, { key: account.key, method: 'DELETE' })).status, 204);
    const { found, fresh } = await poll();
    newestFirst(found.map((link) => link.created_at));
    told.push(...fresh.map((link) => link.id));
  }
  assert.equal(made.length, 6);
  assert.deepEqual([...told].sort(), [...made].sort());
});

test('link status changed: each change exactly once, newest first, and nothing else', async () => {
  const links = [];
  for (let i = 0; i < 3; ++i) links.push((await create({ url: `https://shop.example/status/${i}` })).id);
  const poll = zap('link_status_changed', newKey(account.name, 'read'));
  assert.deepEqual((await poll()).fresh, [], 'nothing has been checked yet');
  const expected = [], told = [];
  const statuses = ['healthy', 'broken', 'broken', 'healthy', 'redirected'];
  const change = async (id, status) => {
    const was = (await (await ask(`/api/v1/links/${id}`, { key: account.key })).json()).status;
    sql(`update links set status = '${status}', last_checked_at = now() where id = '${id}'`);
    if (was !== status) expected.push(`${id} ${was} ${status}`);
  };
  for (const [round, status] of statuses.entries()) {
    for (const id of links.slice(0, 1 + (round % 3))) await change(id, status);
    if (round === 3) for (const there of ['slow', 'broken', 'slow']) await change(links[0], there);  // between two polls
    await ask(`/api/v1/links/${links[0]}`, { key: account.key, method: 'PATCH', json: { label: `Round ${round}` } });
    const { found, fresh } = await poll();
    const numbers = found.map((event) => event.seq);
    assert.deepEqual(numbers, [...numbers].sort((a, b) => b - a));
    told.push(...fresh.reverse().map(({ link_id, changes, link }) => {
      assert.equal(changes.status.to, link.status);
      return `${link_id} ${changes.status.from} ${changes.status.to}`;
    }));
  }
  assert.ok(expected.length > links.length);
  assert.deepEqual(told, expected);
});
