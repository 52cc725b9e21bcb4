// What people write into links: nothing of it is lost, doubled or changed unasked, whoever else is at work.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, rowOf, stopClock, visit, walk } from './browser.mjs';
import { addLinks, api, newAccount, operator, setStatus } from './instance.mjs';

const link = (label, more = {}) => ({ url: `https://shop.example/${encodeURIComponent(label)}?tag=mine`, label, ...more });
const nameIn = (page, label) => page.getByRole('rowheader').getByRole('link', { name: label, exact: true });

test('a tag with a comma in it stays one, whether it is edited or not', async () => {
  const account = newAccount();
  const [made] = await addLinks(account, [{ ...link('Tent'), tags: ['sale, summer', 'tents'] }]);
  const tags = async () => (await api(account, 'GET', `/api/v1/links/${made.id}`)).tags;
  const page = await visit('/app/', { as: account });
  const dialog = page.getByRole('dialog');
  const edit = async (field, text) => {
    await rowOf(page, 'Tent').getByRole('button', { name: /^Edit/ }).click();
    await dialog.getByLabel(field).fill(text);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  await edit('Label', 'Tent for two');
  assert.deepEqual(await tags(), ['sale, summer', 'tents']);
  await edit('Tags', 'sale, summer; outdoor');
  assert.deepEqual(await tags(), ['sale, summer', 'outdoor']);
  await edit('Tags', 'one, two');
  assert.deepEqual(await tags(), ['one', 'two']);
  await page.finish();
});

async function fits(page, path) {
  const [shown, wide] = await page.evaluate(() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]);
  assert.ok(wide <= shown, `${path} is ${wide} wide on a screen of ${shown}`);
  for (const frame of await page.locator('.table-frame').all()) {
    const beyond = await frame.evaluate((it) => it.scrollWidth - it.clientWidth);
    assert.ok(beyond <= 0, `${path}: the table is ${beyond} pixels too wide`);
  }
}

walk('words without an end, as long as they may be, break', async (at, size) => {
  const account = newAccount();
  const [made] = await addLinks(account, [{ url: `https://shop.example/${'w'.repeat(900)}`, label: 'W'.repeat(200), program: 'P'.repeat(100), tags: ['T'.repeat(50)] }]);
  setStatus(made, 'broken', 'tag_dropped', 5);
  await addLinks(account, [link('Long slug', { slug: 's'.repeat(64) })]);
  operator('key', 'add', '--account', account.name, '--name', `${'W'.repeat(80)} ${'W'.repeat(40)}`);
  for (const path of ['/app/links', '/app/events', `/app/links/${made.id}`, '/app/settings/keys']) {
    const page = await at(path, { as: account });
    await page.getByText('W'.repeat(80)).first().waitFor();
    if (size === 'desktop') await fits(page, path);
    if (size === 'desktop') await page.setViewportSize({ width: 768, height: 1024 });
    await fits(page, path);
    await page.finish();
  }
});

test('an answer that was lost makes no second link', async () => {
  const account = newAccount();
  const page = await visit('/app/', { as: account, expected: ['ERR_FAILED'] });
  await page.route('**/api/v1/links', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await route.fetch();
    return route.abort();
  }, { times: 1 });
  await page.getByRole('button', { name: 'Add link' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Destination').fill('https://shop.example/once');
  await dialog.getByRole('button', { name: 'Add link' }).click();
  await dialog.getByText('could not be reached').waitFor();
  await dialog.getByRole('button', { name: 'Add link' }).click();
  await dialog.waitFor({ state: 'detached' });
  await nameIn(page, 'shop.example/once').waitFor();
  assert.equal((await api(account, 'GET', '/api/v1/links')).total, 1);
  await page.finish();
});

test('what a colleague changed meanwhile stays, in the tags too', async () => {
  const account = newAccount();
  const [made] = await addLinks(account, [{ ...link('Desk'), tags: ['a', 'b'] }]);
  const path = `/api/v1/links/${made.id}`;
  const page = await visit('/app/', { as: account });
  const dialog = page.getByRole('dialog');
  await rowOf(page, 'Desk').getByRole('button', { name: /^Edit/ }).click();
  await dialog.getByLabel('Tags').fill('a, mine');
  await api(account, 'PATCH', path, { tags: ['a', 'b', 'theirs'], label: 'Oak desk' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const { label, tags } = await api(account, 'GET', path);
  assert.deepEqual([label, tags], ['Oak desk', ['a', 'theirs', 'mine']]);
  await api(account, 'PATCH', path, { add_tags: ['later'] });
  await page.getByLabel('Select Oak desk').check();
  await page.getByRole('button', { name: 'Add tag' }).click();
  await dialog.getByLabel('Tag').fill('sale');
  await dialog.getByRole('button', { name: 'Add tag' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual((await api(account, 'GET', path)).tags, ['a', 'theirs', 'mine', 'later', 'sale']);
  await page.finish();
});

test('what a colleague changed while the dialog was open on the link’s own page stays', async () => {
  const account = newAccount();
  const [desk] = await addLinks(account, [link('Desk', { tags: ['old'] })]);
  const page = await visit(`/app/links/${desk.id}`, { as: account });
  await page.getByRole('button', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Tags').fill('old, mine');
  await api(account, 'PATCH', `/api/v1/links/${desk.id}`, { add_tags: ['theirs'], label: 'Their desk' });
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.locator('h1', { hasText: 'Their desk' }).waitFor({ state: 'attached' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const { tags, label } = await api(account, 'GET', `/api/v1/links/${desk.id}`);
  assert.deepEqual([tags.sort(), label], [['mine', 'old', 'theirs'], 'Their desk']);
  await page.finish();
});

test('what is typed into the rules of a link stays when they change meanwhile', async () => {
  const account = newAccount();
  const [desk] = await addLinks(account, [link('Desk')]);
  const page = await visit(`/app/links/${desk.id}`, { as: account });
  await page.getByLabel('Expected host').fill('shop.example');
  await api(account, 'PATCH', `/api/v1/links/${desk.id}/monitoring`, { paused: true, tag_parameter: 'theirs' });
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await eventually(async () => (await page.getByLabel('Tag parameter').inputValue()) === 'theirs', 'what was not touched follows');
  assert.equal(await page.getByLabel('Expected host').inputValue(), 'shop.example');
  const save = page.getByRole('region', { name: 'Monitoring' }).getByRole('button', { name: 'Save' });
  await save.press('Enter');
  await page.getByText('Saved.').waitFor();
  assert.ok(await save.evaluate((button) => button === document.activeElement), 'the focus stays');
  const { expected_host: host, tag_parameter: tag, paused } = await api(account, 'GET', `/api/v1/links/${desk.id}/monitoring`);
  assert.deepEqual([host, tag, paused], ['shop.example', 'theirs', true]);
  await page.finish();
});

test('what is not touched is not changed: blanks that only other alphabets know', async () => {
  const account = newAccount();
  const [made] = await addLinks(account, [{ ...link('Desk\u3000'), program: 'Shop\u00a0', tags: ['t\u3000'] }]);
  const page = await visit('/app/', { as: account });
  await rowOf(page, 'Desk').getByRole('button', { name: /^Edit/ }).click();
  await page.getByRole('dialog').getByLabel('Fallback URL').fill('https://shop.example/all');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  const { label, program, tags, fallback_url: fallback } = await api(account, 'GET', `/api/v1/links/${made.id}`);
  assert.deepEqual([label, program, tags, fallback], ['Desk\u3000', 'Shop\u00a0', ['t\u3000'], 'https://shop.example/all']);
  await page.finish();
});

test('every deletion that waits can be undone', async () => {
  const account = newAccount();
  await addLinks(account, ['one', 'two', 'three', 'same', 'same', 'same'].map((name) => link(name)));
  const page = await visit('/app/', { as: account });
  await page.getByRole('button', { name: 'Delete one', exact: true }).waitFor();
  await stopClock(page);
  await page.evaluate(() => document.querySelectorAll('[aria-label^="Delete "]').forEach((button) => button.click()));
  await eventually(async () => (await page.getByRole('button', { name: 'Undo' }).count()) === 6, 'all six can be undone');
  await page.finish();
});

// A click in the middle of it, pressed and released at that moment by the event's own clock, however long the page
// takes until it hears of it.
async function mouse(page) {
  const devtools = await page.context().newCDPSession(page);
  const begun = Date.now() / 1000;
  return async ({ x, y, width, height }, milliseconds) => {
    for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased']) {
      await devtools.send('Input.dispatchMouseEvent', {
        type, x: x + width / 2, y: y + height / 2, button: type === 'mouseMoved' ? 'none' : 'left', clickCount: 1, timestamp: begun + milliseconds / 1000,
      });
    }
  };
}

test('a double click does not reach what the first click put under the pointer', async () => {
  const account = newAccount();
  await addLinks(account, ['one', 'two', 'three'].map((name) => link(name)));
  const page = await visit('/app/', { as: account });
  const click = await mouse(page);
  const bin = await page.getByRole('row').nth(1).getByRole('button', { name: /^Delete/ }).boundingBox();
  await click(bin, 0);
  await page.getByRole('button', { name: 'Undo' }).waitFor();
  await click(bin, 200);
  assert.equal(await page.getByRole('rowheader').count(), 2);
  await click(bin, 2000);
  await eventually(async () => (await page.getByRole('rowheader').count()) === 1, 'what comes later is a click of its own');
  await page.goto('/app/settings/keys');
  await page.getByRole('button', { name: 'Generate an API key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Twice');
  const button = await page.getByRole('dialog').getByRole('button', { name: 'Generate' }).boundingBox();
  await click(button, 10000);
  await page.locator('.secret').waitFor();
  await click(button, 10200);
  assert.ok(await page.locator('.secret').isVisible());
  await page.finish();
});

test('“Load more” goes on though the last link shown was deleted, here or elsewhere', async () => {
  const account = newAccount();
  const made = await addLinks(account, Array.from({ length: 70 }, (_, index) => link(`Link ${index}`)));
  const page = await visit('/app/', { as: account, expected: [400] });
  const last = page.locator('.link-name').nth(29);
  const name = await last.textContent();
  await page.getByRole('button', { name: `Delete ${name}`, exact: true }).click();
  await page.getByRole('button', { name: 'Load more' }).click();
  await page.locator('.link-name').nth(57).waitFor();
  const behind = await page.locator('.link-name').nth(57).textContent();
  await api(account, 'DELETE', `/api/v1/links/${made.find(({ label }) => label === behind).id}`);
  await page.getByRole('button', { name: 'Load more' }).click();
  await nameIn(page, behind).waitFor({ state: 'detached' });
  await page.finish();
});

test('what is too long is said so and never cut, and an address may be typed as people write it', async () => {
  const account = newAccount();
  const page = await visit('/app/', { as: account });
  await page.getByRole('button', { name: 'Add link' }).first().click();
  const dialog = page.getByRole('dialog');
  const url = dialog.getByLabel('Destination');
  await url.fill(`https://shop.example/${'p'.repeat(3000)}?tag=mine`);
  await dialog.getByRole('button', { name: 'Add link' }).click();
  await dialog.getByText('Use at most 2,048 characters. These are 3,030.').waitFor();
  assert.ok((await url.inputValue()).endsWith('?tag=mine'));
  await url.fill('bücher.example/größe?tag=mine');
  await dialog.getByLabel('Label').fill('Books');
  await dialog.getByText('We added https:// and encoded its special characters for you.').waitFor();
  assert.equal(await url.inputValue(), 'https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe?tag=mine');
  await dialog.getByRole('button', { name: 'Add link' }).click();
  await nameIn(page, 'Books').waitFor();
  await page.finish();
});

test('Escape discards what was typed only when it is pressed again', async () => {
  const page = await visit('/app/', { as: newAccount() });
  const dialog = page.getByRole('dialog');
  const open = () => page.getByRole('button', { name: 'Add link' }).first().click();
  await open();
  await dialog.getByLabel('Destination').fill('https://shop.example/typed');
  await page.keyboard.press('Escape');
  await dialog.getByText('Press Escape again').waitFor();
  await dialog.getByLabel('Label').fill('Typed, too');
  await dialog.getByText('Press Escape again').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  assert.equal(await dialog.getByLabel('Destination').inputValue(), 'https://shop.example/typed');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await open();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.finish();
});

test('while an answer is awaited no other dialog takes its place', async () => {
  const account = newAccount();
  await addLinks(account, [link('Desk')]);
  const page = await visit('/app/', { as: account });
  let release;
  const held = new Promise((go) => { release = go; });
  await page.route('**/api/v1/links', async (route) => {
    if (route.request().method() === 'POST') await held;
    return route.continue();
  });
  await page.getByRole('button', { name: 'Add link' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Destination').fill('https://shop.example/slow');
  await dialog.getByRole('button', { name: 'Add link' }).click();
  for (let press = 0; press < 6; ++press) {
    await page.keyboard.press('Escape');
    await new Promise((rest) => setTimeout(rest, 150));
  }
  assert.ok(await dialog.isVisible(), 'it waits');
  release();
  await nameIn(page, 'shop.example/slow').waitFor();
  await page.finish();
});
