// Links: what leaks first, finding, paging, and changing one or several.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { eventually, frailWay, heading, rowOf, stopClock, toast, visit, walk } from './browser.mjs';
import { addLinks, api, newAccount, setStatus } from './instance.mjs';

const link = (label, more = {}) => ({ url: `https://shop.example/${encodeURIComponent(label)}?tag=mine`, label, ...more });
const nameIn = (page, label) => page.getByRole('rowheader').getByRole('link', { name: label, exact: true });

walk('what leaks comes first, by clicks at risk, in words', async (at) => {
  const account = newAccount();
  const [few, many] = await addLinks(account, [link('Few clicks'), link('Many clicks'), link('Well')]);
  setStatus(few, 'broken', 'out_of_stock', 12);
  setStatus(many, 'broken', 'tag_dropped', 3400);
  const page = await at('/app/', { as: account });
  const leaks = page.getByRole('region', { name: 'Leaking now' }).getByRole('listitem');
  await leaks.first().waitFor();
  assert.deepEqual((await leaks.allTextContents()).map((text) => text.replace(/\s+/g, ' ').includes('Many clicks')), [true, false]);
  assert.match(await leaks.first().textContent(), /Affiliate tag lost.*3,400/s);
  const figures = page.getByRole('list', { name: 'Summary' });
  assert.match(await figures.textContent(), /2links leaking now3,412clicks at risk.*3links in total/);
  await leaks.first().getByRole('link').click();
  await heading(page, 'Many clicks').waitFor();
  await page.finish();
});

walk('paused links say so, in the lists and on their page', async (at, size) => {
  const account = newAccount();
  const [paused, watched] = await addLinks(account, [link('Not watched'), link('Watched')]);
  setStatus(paused, 'broken', 'not_found', 5);
  setStatus(watched, 'broken', 'not_found', 4);
  await api(account, 'PATCH', `/api/v1/links/${paused.id}/monitoring`, { paused: true });
  const page = await at('/app/', { as: account });
  for (const rows of [page.getByRole('row'), page.getByRole('region', { name: 'Leaking now' }).getByRole('listitem')]) {
    await rows.filter({ hasText: 'Not watched' }).getByText('Paused', { exact: true }).waitFor();
    assert.equal(await rows.filter({ has: page.getByText('Watched', { exact: true }) }).getByText('Paused').count(), 0);
  }
  const { height } = await page.getByRole('row').filter({ hasText: 'Not watched' }).boundingBox();
  assert.ok(height < (size === 'phone' ? 140 : 90), `a row is ${height} pixels high`);
  await nameIn(page, 'Not watched').click();
  await heading(page, /Not watched.*Paused/).waitFor();
  await page.finish();
});

walk('search, filters and order, kept in the address', async (at, size) => {
  const account = newAccount();
  const [desk] = await addLinks(account, [
    link('Desk', { tags: ['office'], program: 'CJ' }), link('Lamp', { tags: ['home'], program: 'Impact' }), link('Chair', { tags: ['office'] })]);
  setStatus(desk, 'slow', 'slow', 5);
  const page = await at('/app/links', { as: account });
  const labels = async () => (await page.getByRole('rowheader').locator('.link-name').allTextContents()).join();
  // Made in the same second, their order by age is any.
  const all = () => eventually(async () => (await labels()).split(',').sort().join() === 'Chair,Desk,Lamp', 'all are listed');
  const shows = (expected) => eventually(async () => (await labels()) === expected, `the list is ${expected}`);
  await all();
  const proposed = (id) => page.locator(`#${id} option`).evaluateAll((options) => options.map(({ value }) => value).join());
  await eventually(async () => (await proposed('known-tags')) === 'office,home', 'tags are proposed, the most used first');
  assert.equal(await proposed('known-programs'), 'CJ,Impact');
  await page.getByRole('searchbox').fill(desk.proxy_url);
  await shows('Desk');
  await page.getByRole('searchbox').fill('');
  await all();
  await page.getByRole('searchbox').fill('lam');
  await shows('Lamp');
  assert.match(page.url(), /q=lam/);
  await page.reload();
  await shows('Lamp');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await all();
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Slow');
  await shows('Desk');
  await page.getByRole('combobox', { name: 'Status' }).selectOption('Any status');
  await page.getByRole('combobox', { name: 'Program' }).fill('impact');
  await shows('Lamp');
  await page.getByRole('combobox', { name: 'Program' }).fill('');
  await all();
  await rowOf(page, 'Desk').getByRole('button', { name: 'office' }).click();
  await eventually(async () => (await page.getByRole('rowheader').count()) === 2, 'those with the tag');
  if (size === 'desktop') await page.getByRole('columnheader').getByRole('button', { name: 'Link' }).click();
  else await page.getByRole('combobox', { name: 'Sort by' }).selectOption('Label, A to Z');
  await shows('Chair,Desk');
  assert.match(page.url(), /sort=label/);
  await page.getByRole('searchbox').fill('nothing of the kind');
  await page.getByText('No links found').waitFor();
  await page.finish();
});

walk('a long list comes in pages, each link once', async (at) => {
  const account = newAccount();
  await addLinks(account, Array.from({ length: 75 }, (_, index) => link(`Link ${String(index).padStart(3, '0')}`)));
  const page = await at('/app/links', { as: account });
  const count = () => page.getByRole('rowheader').count();
  for (const expected of [30, 60, 75]) {
    await eventually(async () => (await count()) === expected, `${expected} links`);
    if (expected < 75) await page.getByRole('button', { name: 'Load more' }).click();
  }
  const labels = await page.locator('.link-name').allTextContents();
  assert.equal(new Set(labels).size, 75);
  assert.equal(await page.getByRole('button', { name: 'Load more' }).count(), 0);
  await page.finish();
});

walk('add a link, edit it, copy its proxy URL', async (at) => {
  const account = newAccount();
  const page = await at('/app/', { as: account, expected: [409, 422] });
  await page.getByText('No links yet').waitFor();
  await page.getByRole('button', { name: 'Add link' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Add link' }).click();
  await dialog.getByText('This field is required.').waitFor();
  await dialog.getByLabel('Destination').fill('no address');
  await dialog.getByLabel('Destination').press('Enter');
  await dialog.getByText('Enter a full web address').waitFor();
  await dialog.getByLabel('Slug').fill('a slug');
  await dialog.getByLabel('Destination').fill('shop.example/x?tag=mine');
  await dialog.getByLabel('Destination').press('Enter');
  await dialog.getByText('Use only letters, digits').waitFor();
  assert.equal(await dialog.getByLabel('Destination').inputValue(), 'https://shop.example/x?tag=mine');
  await dialog.getByText('We added https:// for you.').waitFor();
  await dialog.getByLabel('Slug').fill('');
  await dialog.getByLabel('Destination').fill('https://localhost/secret');
  await dialog.getByRole('button', { name: 'Add link' }).click();
  await dialog.locator('.fault').waitFor();
  assert.equal(await dialog.getByLabel('Destination').getAttribute('aria-invalid'), 'true');
  await dialog.getByLabel('Destination').fill('https://shop.example/desk');
  await dialog.getByLabel('Label').fill('<img src=x onerror=alert(1)>');
  await dialog.getByLabel('Tags').fill('office, wood, office');
  await dialog.getByRole('button', { name: 'Add link' }).click();
  await dialog.waitFor({ state: 'detached' });
  const row = rowOf(page, '<img src=x');
  await row.getByRole('button', { name: 'wood' }).waitFor();
  await row.getByRole('button', { name: /^Copy the proxy URL/ }).click();
  const { links: [made] } = await api(account, 'GET', '/api/v1/links');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), made.proxy_url);
  await row.getByRole('button', { name: /^Edit/ }).click();
  await dialog.getByLabel('Label').fill('Desk, oak');
  await dialog.getByLabel('Fallback URL').fill('https://shop.example/desks');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await nameIn(page, 'Desk, oak').waitFor();
  const changed = await api(account, 'GET', `/api/v1/links/${made.id}`);
  assert.deepEqual([changed.label, changed.fallback_url, changed.tags], ['Desk, oak', 'https://shop.example/desks', ['office', 'wood']]);
  await page.finish();
});

walk('deleting can be undone', async (at) => {
  const account = newAccount();
  await addLinks(account, [link('Stays')]);
  const page = await at('/app/', { as: account });
  await nameIn(page, 'Stays').waitFor();
  await stopClock(page);
  await rowOf(page, 'Stays').getByRole('button', { name: 'Delete' }).click();
  await nameIn(page, 'Stays').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await nameIn(page, 'Stays').waitFor();
  assert.equal((await api(account, 'GET', '/api/v1/links')).total, 1);
  await page.finish();
});

test('the API is asked six seconds later, or at once when the page is left', async () => {
  const account = newAccount();
  await addLinks(account, [link('Waits'), link('Left')]);
  const total = async () => (await api(account, 'GET', '/api/v1/links')).total;
  const page = await visit('/app/', { as: account });
  await nameIn(page, 'Waits').waitFor();
  await stopClock(page);
  await rowOf(page, 'Waits').getByRole('button', { name: 'Delete' }).click();
  await page.clock.runFor(5900);
  await new Promise((rest) => setTimeout(rest, 300));
  assert.equal(await total(), 2, 'not before six seconds');
  await page.clock.runFor(200);
  await eventually(async () => (await total()) === 1, 'deleted after six seconds');
  await rowOf(page, 'Left').getByRole('button', { name: 'Delete' }).click();
  await page.goto('/docs/errors');
  await eventually(async () => (await total()) === 0, 'deleted by leaving', 2000);
  await page.finish();
});

test('that nothing is checked is said, and then not that nothing leaks', async () => {
  const account = newAccount();
  await addLinks(account, [link('Desk')]);
  const page = await visit('/app/', { as: account });
  await page.getByText('No leaks found.').waitFor();
  const answer = async (json) => {
    await page.route('**/api/app/monitors', (route) => route.fulfill({ json }));
    await page.reload();
    await nameIn(page, 'Desk').waitFor();
  };
  await answer({ at_work: 0, reaches_nobody_since: null });
  await page.getByText('Your links are not being checked.').waitFor();
  assert.equal(await page.getByText('No leaks found.').count(), 0);
  await answer({ at_work: 1, reaches_nobody_since: new Date(Date.now() - 3600000).toISOString() });
  await page.getByText('the monitor has reached no website at all').waitFor();
  assert.equal(await page.getByText('No leaks found.').count(), 0);
  await page.finish();
});

test('what is typed on after a pause is part of the search, where the page begins', async () => {
  const account = newAccount();
  await addLinks(account, [link('Link 1'), link('Link 19')]);
  const page = await visit('/app/', { as: account });
  const search = page.getByRole('searchbox');
  await search.pressSequentially('Link 1');
  await eventually(() => new URL(page.url()).searchParams.get('q') === 'Link 1', 'it is searched for');
  await page.keyboard.type('9');
  await nameIn(page, 'Link 1').waitFor({ state: 'detached' });
  assert.equal(await search.inputValue(), 'Link 19');
  await page.getByRole('link', { name: /leaking now/ }).click();
  await page.getByText('No link matches your search').waitFor();
  await page.finish();
});

// Loads all pages of the list, and selects what they show.
async function selectAll(page, total) {
  while ((await page.getByRole('rowheader').count()) < total) {
    const shown = await page.getByRole('rowheader').count();
    await page.getByRole('button', { name: 'Load more' }).click();
    await eventually(async () => (await page.getByRole('rowheader').count()) > shown, 'more links');
  }
  await page.locator('.select-all input').check();
}

test('many deleted links are all asked for when the page is left', async () => {
  const account = newAccount();
  await addLinks(account, Array.from({ length: 210 }, (_, index) => link(`Link ${index}`)));
  const page = await visit('/app/', { as: account });
  await page.getByRole('rowheader').first().waitFor();
  await selectAll(page, 210);
  await page.getByRole('region', { name: 'Selected links' }).getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No links yet').waitFor();
  await page.goto('/docs/errors');
  await eventually(async () => (await api(account, 'GET', '/api/v1/links')).total === 0, 'all deleted by leaving', 3000);
  await page.finish();
});

test('more than a page that is left could ask for are not deleted at once', async () => {
  const account = newAccount();
  await addLinks(account, Array.from({ length: 301 }, (_, index) => link(`Link ${index}`)));
  const page = await visit('/app/', { as: account });
  await page.getByRole('rowheader').first().waitFor();
  await selectAll(page, 301);
  await page.getByRole('region', { name: 'Selected links' }).getByRole('button', { name: 'Delete' }).click();
  await toast(page, 'You can delete up to 300 links at once').waitFor();
  assert.equal(await page.getByRole('rowheader').count(), 301);
  await page.finish();
});

test('a link that could not be deleted comes back, and why is said', async () => {
  const account = newAccount();
  const links = await addLinks(account, [link('Refused'), link('Goes')]);
  const page = await visit('/app/', { as: account });
  await nameIn(page, 'Refused').waitFor();
  await page.route('**/api/v1/links/bulk', async (route) => {
    const answer = await route.fetch({ postData: { links: [{ action: 'delete', id: links[1].id }] } });
    const [gone] = (await answer.json()).results;
    const refused = { status: 503, error: { code: 'no_free_slug', title: 'Service Unavailable', detail: 'Something holds it.' } };
    const order = route.request().postDataJSON().links.map(({ id }) => (id === links[0].id ? refused : gone));
    await route.fulfill({ response: answer, json: { results: order } });
  });
  await page.locator('.select-all input').check();
  await page.getByRole('region', { name: 'Selected links' }).getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No links yet').waitFor();
  await toast(page, '1 link could not be deleted: Something holds it.').waitFor();
  await nameIn(page, 'Refused').waitFor();
  assert.equal(await nameIn(page, 'Goes').count(), 0);
  await page.finish();
});

walk('several at once: add a tag, remove one, delete', async (at) => {
  const account = newAccount();
  await addLinks(account, [link('One', { tags: ['old'] }), link('Two'), link('Three')]);
  const page = await at('/app/', { as: account });
  const bar = page.getByRole('region', { name: 'Selected links' });
  const dialog = page.getByRole('dialog');
  await page.getByLabel('Select One').check();
  await page.getByLabel('Select Two').check();
  await bar.getByText('2 selected').waitFor();
  await bar.getByRole('button', { name: 'Add tag' }).click();
  await dialog.getByLabel('Tag').fill('spring');
  await dialog.getByRole('button', { name: 'Add tag' }).click();
  await rowOf(page, 'Two').getByRole('button', { name: 'spring' }).waitFor();
  await page.getByLabel('Select One').check();
  await bar.getByRole('button', { name: 'Remove tag' }).click();
  await dialog.getByLabel('Tag').selectOption('old');
  await dialog.getByRole('button', { name: 'Remove tag' }).click();
  await rowOf(page, 'One').getByRole('button', { name: 'old' }).waitFor({ state: 'detached' });
  const { links } = await api(account, 'GET', '/api/v1/links?sort=label');
  assert.deepEqual(links.map(({ label, tags }) => [label, tags]), [['One', ['spring']], ['Three', []], ['Two', ['spring']]]);
  await page.getByLabel('Select all shown').check();
  await bar.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No links yet').waitFor();
  await page.goto('/app/events');
  await eventually(async () => (await api(account, 'GET', '/api/v1/links')).total === 0, 'all deleted');
  await page.finish();
});

test('with Shift, all in between are selected, or no longer', async () => {
  const account = newAccount();
  await addLinks(account, ['1', '2', '3', '4', '5', '6'].map((name) => link(`Row ${name}`)));
  const page = await visit('/app/?sort=label', { as: account });
  const bar = page.getByRole('region', { name: 'Selected links' });
  const row = (name) => page.getByLabel(`Select Row ${name}`, { exact: true });
  await row(2).click();
  await row(5).click({ modifiers: ['Shift'] });
  await bar.getByText('4 selected').waitFor();
  assert.ok(!(await row(1).isChecked()));
  await row(3).click({ modifiers: ['Shift'] });
  await bar.getByText('1 selected').waitFor();
  assert.ok(await row(2).isChecked());
  await row(6).focus();
  await page.keyboard.press('Shift+Space');
  await bar.getByText('5 selected').waitFor();
  await page.finish();
});

test('a list that is asked for anew has no gap where a link was pushed down', async () => {
  const account = newAccount();
  await addLinks(account, Array.from({ length: 70 }, (_, index) => link(`Link ${index}`)));
  const page = await visit('/app/', { as: account });
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.locator('.link-name').nth(59).waitFor();
  await addLinks(account, [link('Another')]);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await nameIn(page, 'Another').waitFor();
  await selectAll(page, 71);
  const shown = await page.locator('.link-name').allTextContents();
  assert.equal(new Set(shown).size, 71);
  await page.finish();
});

test('an import that is cancelled before it is sent imports nothing', async () => {
  const account = newAccount();
  const page = await visit('/app/', { as: account });
  let release;
  const held = new Promise((go) => { release = go; });
  const dialog = await beginImport(page, ['desk', 'lamp'], async (button) => {
    await page.route('**/api/v1/links?limit=1', async (route) => {
      await held;
      await route.continue();
    });
    await button.click();
  });
  await dialog.getByRole('button', { name: 'Stop import' }).click();
  release();
  await dialog.getByText('No row of the file became a link.').waitFor();
  assert.equal((await api(account, 'GET', '/api/v1/links')).total, 0);
  await page.finish();
});

const csvOf = (rows) => ({ name: 'links.csv', mimeType: 'text/csv', buffer: Buffer.from(`url\n${rows.map((row) => `https://shop.example/${row}\n`).join('')}`) });

async function beginImport(page, rows, press = (button) => button.click()) {
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('CSV file').setInputFiles(csvOf(rows));
  await press(dialog.getByRole('button', { name: /^Import [\d,]+ links$/ }));
  return dialog;
}

const kLong = Array.from({ length: 15000 }, (_, row) => row);

walk('an import whose answer is cut off is not told as one that never was', async (at) => {
  const account = newAccount();
  const page = await at('/app/', { as: account });
  await page.route('**/import?dry_run=false', async (route) => {
    await route.fetch();
    await route.fulfill({ status: 200, body: '' });
  });
  const dialog = await beginImport(page, ['desk', 'lamp']);
  await dialog.getByText('may have worked').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await nameIn(page, 'shop.example/lamp').waitFor();
  await page.finish();
});

// Begins an import of many rows, and does something to it in its midst; resolves to the dialog.
async function disturbImport(page, account, disturb) {
  const total = async () => (await api(account, 'GET', '/api/v1/links')).total;
  const dialog = await beginImport(page, kLong);
  await eventually(async () => (await total()) > 0, 'rows come in');
  await disturb();
  let came;
  await eventually(async () => {
    const before = await total();
    await new Promise((rest) => setTimeout(rest, 700));
    came = await total();
    return came === before;
  }, 'no more come in');
  assert.ok(came < kLong.length, `${came} of the rows had come in`);
  return dialog;
}

test('two clicks on import are one', async () => {
  const account = newAccount();
  const page = await visit('/app/', { as: account });
  const dialog = await beginImport(page, kLong.slice(0, 3000), (button) => button.dblclick());
  await dialog.getByText('were imported').waitFor();
  assert.equal((await api(account, 'GET', '/api/v1/links')).total, 3000);
  await page.finish();
});

test('an import can be stopped, and then says what stays', async () => {
  const account = newAccount();
  const page = await visit('/app/', { as: account });
  const dialog = await disturbImport(page, account, () => page.keyboard.press('Escape'));
  assert.match(await dialog.getByText('The import was stopped.').textContent(), /stopped\. [\d,]+ rows of the file are links now/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.locator('.link-name').first().waitFor();
  await page.finish();
});

test('an import during which the connection goes away may have worked', async () => {
  const account = newAccount();
  const { proxy, cut } = await frailWay();
  const page = await visit('/app/', { as: account, expected: ['net::ERR_'], proxy });
  const dialog = await disturbImport(page, account, cut);
  await dialog.getByText('may have worked').waitFor();
  await page.finish();
});

walk('a CSV file is tried, then imported, and comes out again', async (at) => {
  const account = newAccount();
  const page = await at('/app/', { as: account, expected: [422] });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog');
  const file = (text) => ({ name: 'links.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await dialog.getByLabel('CSV file').setInputFiles(file('name,address,label\nDesk,https://shop.example/desk,Desk\n'));
  const fault = await dialog.getByRole('alert').textContent();
  for (const part of ['"name"', '"address"', 'url is missing', 'fallback_url']) assert.ok(fault.includes(part), `${part} in: ${fault}`);
  const text = 'label,url,slug,tags\nDesk,https://shop.example/desk,,office;wood\nBad,no address,,\nLamp,https://shop.example/lamp,,\n';
  await dialog.getByLabel('CSV file').setInputFiles(file(text));
  await dialog.getByText('can be imported, 1 row skipped').waitFor();
  assert.match(await dialog.getByRole('region').textContent(), /Line 3/);
  assert.equal((await api(account, 'GET', '/api/v1/links')).total, 0, 'a trial changes nothing');
  await dialog.getByRole('button', { name: 'Import 2 links' }).click();
  await dialog.getByText('were imported').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await nameIn(page, 'Lamp').waitFor();
  await page.getByRole('searchbox').fill('lamp');
  await nameIn(page, 'Desk').waitFor({ state: 'detached' });
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).click()]);
  const exported = readFileSync(await download.path(), 'utf8').trim().split(/\r?\n/);
  assert.equal(exported.length, 2, 'the first line, and the one link that fits the search');
  assert.match(exported[1], /^[^,]*,?.*Lamp.*shop\.example\/lamp/);
  await page.finish();
});

test('a file with bad rows can be replaced by a better one', async () => {
  const account = newAccount();
  const page = await visit('/app/', { as: account });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('CSV file').setInputFiles({ name: 'bad.csv', mimeType: 'text/csv', buffer: Buffer.from('url\nno address\nhttps://shop.example/a\n') });
  await dialog.getByText('1 row skipped').waitFor();
  await dialog.getByLabel('Another file').setInputFiles(csvOf(['a', 'b']));
  await dialog.getByRole('button', { name: 'Import 2 links' }).waitFor();
  await page.finish();
});

test('an import that the server could not finish says what stays', async () => {
  const account = newAccount();
  const page = await visit('/app/', { as: account, expected: [503] });
  const problem = { title: 'Service Unavailable', status: 503, code: 'upstream_unavailable', detail: 'The service is overloaded or being restarted. Try again in a moment.' };
  await page.route('**/import?dry_run=false', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
  const dialog = await beginImport(page, ['a', 'b']);
  await dialog.getByText('No row of the file became a link.').waitFor();
  await page.finish();
});

walk('who goes back to the list finds their place in it; who comes anew begins anew', async (at) => {
  const account = newAccount();
  await addLinks(account, Array.from({ length: 70 }, (_, index) => link(`Link ${index}`)));
  const page = await at('/app/', { as: account });
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.locator('.link-name').nth(59).waitFor();
  const far = page.locator('.link-name').nth(55);
  const label = await far.textContent();
  await far.scrollIntoViewIfNeeded();
  await far.click();
  await heading(page, label).waitFor();
  assert.equal(await page.evaluate(() => window.scrollY), 0, 'a new page begins at its top');
  await page.goBack();
  await nameIn(page, label).waitFor();
  assert.equal(await page.locator('.link-name').count(), 60);
  await eventually(() => nameIn(page, label).evaluate((name) => {
    const { top, bottom } = name.getBoundingClientRect();
    return top >= 0 && bottom <= window.innerHeight;
  }), 'it is in view');
  await page.getByRole('link', { name: 'Events' }).click();
  await page.getByRole('link', { name: 'Links', exact: true }).click();
  await page.locator('.link-name').nth(29).waitFor();
  assert.equal(await page.locator('.link-name').count(), 30, 'who comes anew begins anew');
  await page.finish();
});
