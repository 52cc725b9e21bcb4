// One link, and the events.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, heading, visit, walk } from './browser.mjs';
import { addCheck, addLinks, api, newAccount, setStatus } from './instance.mjs';

async function oneLink({ checks = 2 } = {}) {
  const account = newAccount();
  const [link] = await addLinks(account, [{ url: 'https://shop.example/desk?tag=mine', label: 'Desk', tags: ['office'] }]);
  if (checks > 1) addCheck(link, { status: 'healthy', mode: null, secondsAgo: 3600 });
  if (checks > 0) addCheck(link, { secondsAgo: 60 });
  setStatus(link, 'broken', 'tag_dropped', 321);
  return { account, link, path: `/app/links/${link.id}` };
}

const card = (page, name) => page.getByRole('region', { name });

walk('what is wrong, since when, where on the way, and the clicks', async (at) => {
  const { account, path } = await oneLink();
  const page = await at(path, { as: account });
  await heading(page, 'Desk').waitFor();
  await page.getByText('Affiliate tag lost').first().waitFor();
  await page.getByText(/since/).first().waitFor();
  assert.match(await page.locator('.verdict').textContent(), /321 clicks/);
  const hops = card(page, 'Where it leads').getByRole('listitem');
  await hops.first().waitFor();
  assert.deepEqual(await hops.evaluateAll((items) => items.map((item) => item.classList.contains('fault'))), [false, true, false]);
  assert.match(await hops.nth(1).textContent(), /The leak is here\. This redirect lost the parameter tag/);
  const old = card(page, 'Check history').getByRole('group').nth(1);
  await old.locator('summary').click();
  await old.getByText('Nothing is amiss.').waitFor();
  const clicks = card(page, 'Clicks');
  await clicks.getByRole('img').locator('canvas').waitFor();
  assert.match(await clicks.getByRole('img').getAttribute('aria-label'), /which is not over yet: 321 by people, 7 by bots/);
  await clicks.getByText('Today so far').waitFor();
  for (const [days, rows] of [['90 days', 90], ['365 days', 365], ['30 days', 30]]) {
    await clicks.getByRole('button', { name: days, exact: true }).click();
    await eventually(async () => (await clicks.locator('tbody tr').count()) === rows, `${rows} days in the table`);
  }
  assert.match(await page.getByText(/^Added/).locator('..').locator('time').getAttribute('title'), /UTC$/);
  await page.finish();
});

walk('the rows of the check history stand in line, whatever they say', async (at, size) => {
  const { account, link, path } = await oneLink();
  addCheck(link, { mode: 'redirect_loop', confirmed: false, secondsAgo: 30 });
  const page = await at(path, { as: account });
  const history = card(page, 'Check history');
  await history.getByText('Not confirmed yet').waitFor();
  const places = await history.locator('summary').evaluateAll((rows) => rows.map((row) => [...row.children].map((part) => part.getBoundingClientRect())
    .map(({ left, right, top, height }) => ({ left, right, top: top - row.getBoundingClientRect().top, height }))));
  assert.equal(places.length, 3);
  for (const [time, status, why, end] of places) {
    assert.ok(Math.abs(status.top - time.top) < 8, 'the status stands beside the time');
    assert.ok(Math.abs(end.right - places[0][3].right) < 1 && time.left === places[0][0].left, 'first and last begin and end together');
    assert.ok(size === 'phone' ? why.left === time.left : why.left === places[0][2].left && end.top < 24, 'so does what was found');
  }
  await page.finish();
});

walk('check now waits for the new check, and says when it was asked too soon', async (at) => {
  const { account, link, path } = await oneLink({ checks: 1 });
  const page = await at(path, { as: account, expected: [429] });
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByRole('button', { name: 'Checking…' }).waitFor();
  addCheck(link, { status: 'healthy', mode: null });
  setStatus(link, 'healthy', null);
  await card(page, 'Where it leads').getByText('Nothing is amiss.').waitFor();
  await heading(page, /Healthy/).waitFor();
  for (const again of [1, 2]) {
    const refused = page.waitForResponse('**/check');
    await page.getByRole('button', { name: 'Check now' }).click();
    await (await refused).finished();
    await page.getByText(/checked less than a minute ago\. Try again in \d+ seconds\./).waitFor();
    assert.equal(await page.locator('.toast').count(), 1, `one message, asked ${again} times`);
  }
  await page.finish();
});

walk('pause, expectations, baseline and fallback', async (at) => {
  const { account, link, path } = await oneLink();
  const page = await at(path, { as: account, expected: [422] });
  const monitoring = card(page, 'Monitoring');
  const seen = () => api(account, 'GET', `/api/v1/links/${link.id}/monitoring`);
  await monitoring.getByLabel('Expected host').fill('10.0.0.1');
  await monitoring.getByRole('button', { name: 'Save' }).click();
  await monitoring.locator('.fault').waitFor();
  await monitoring.getByLabel('Expected host').fill('shop.example');
  await monitoring.getByLabel('Tag parameter').fill('tag');
  await monitoring.getByRole('switch').uncheck();
  await monitoring.getByRole('button', { name: 'Save' }).click();
  await monitoring.getByText('Paused: checked only when you ask for it.').waitFor();
  const { paused, expected_host: host, tag_parameter: tag } = await seen();
  assert.deepEqual([paused, host, tag], [true, 'shop.example', 'tag']);
  await monitoring.getByRole('button', { name: 'Accept where it ends now' }).click();
  await monitoring.getByText('You accepted that it ends at').waitFor();
  assert.equal((await seen()).baseline.accepted, true);
  await monitoring.getByRole('button', { name: 'Forget' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
  await monitoring.getByText('None yet.').waitFor();
  const fallback = card(page, 'While it is broken');
  await fallback.getByLabel('Send visitors to').fill('https://shop.example/desks');
  await fallback.getByRole('button', { name: 'Save' }).click();
  await eventually(async () => (await api(account, 'GET', `/api/v1/links/${link.id}`)).fallback_url === 'https://shop.example/desks', 'saved');
  await page.reload();
  assert.equal(await page.getByLabel('Send visitors to').inputValue(), 'https://shop.example/desks');
  await page.finish();
});

test('a rule of the monitoring that was not touched stays as a colleague has set it meanwhile', async () => {
  const { account, link, path } = await oneLink();
  const page = await visit(path, { as: account });
  const monitoring = card(page, 'Monitoring');
  await monitoring.getByLabel('Tag parameter').fill('tag');
  await api(account, 'PATCH', `/api/v1/links/${link.id}/monitoring`, { paused: true, expected_host: 'shop.example' });
  await monitoring.getByRole('button', { name: 'Save' }).click();
  await monitoring.getByText('Paused: checked only when you ask for it.').waitFor();
  const { paused, expected_host: host, tag_parameter: tag } = await api(account, 'GET', `/api/v1/links/${link.id}/monitoring`);
  assert.deepEqual([paused, host, tag], [true, 'shop.example', 'tag']);
  assert.equal(await monitoring.getByLabel('Expected host').inputValue(), 'shop.example');
  await page.finish();
});

walk('a link is edited and deleted from its own page; one that is not there says so', async (at) => {
  const { account, path } = await oneLink();
  const page = await at(path, { as: account, expected: [404] });
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').getByLabel('Label').fill('Oak desk');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await heading(page, 'Oak desk').waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await heading(page, 'Links').waitFor();
  await page.goto('/app/events');
  await eventually(async () => (await api(account, 'GET', '/api/v1/links')).total === 0, 'deleted');
  await page.goto(path);
  await page.getByRole('alert').getByText('Not Found').waitFor();
  await page.finish();
});

walk('events: filtered, in pages, and what changed', async (at) => {
  const account = newAccount();
  const links = await addLinks(account, Array.from({ length: 60 }, (_, index) => ({ url: `https://shop.example/${index}`, label: `Link ${index}` })));
  await api(account, 'PATCH', `/api/v1/links/${links[0].id}`, { label: 'Renamed' });
  setStatus(links[1], 'broken', 'not_found');
  const page = await at('/app/events', { as: account });
  const rows = page.getByRole('rowheader');
  await eventually(async () => (await rows.count()) === 50, '50 events');
  await page.getByRole('button', { name: 'Load more' }).click();
  await eventually(async () => (await rows.count()) === 63, 'all events');
  await page.getByText('label: Link 0').waitFor();
  await page.getByRole('combobox', { name: 'Type' }).selectOption('Status changed');
  await eventually(async () => (await rows.count()) === 1, 'one event');
  await page.getByText('Page is gone').waitFor();
  await page.getByRole('link', { name: 'Link 1', exact: true }).click();
  await heading(page, 'Link 1').waitFor();
  await page.finish();
});
