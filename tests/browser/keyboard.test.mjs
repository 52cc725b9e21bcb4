// The main ways without a pointer: nothing is clicked here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, heading, visit } from './browser.mjs';
import { addLinks, api, newAccount } from './instance.mjs';

// Tab until the focus is on what has this name, and see that one sees it.
async function tabTo(page, name, { most = 60 } = {}) {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      const label = element.labels?.[0]?.textContent ?? '';
      return { name: element.getAttribute('aria-label') || label || element.textContent, seen: style.outlineStyle !== 'none' || style.boxShadow !== 'none' };
    });
    if (focus.name.trim() === name) {
      assert.ok(focus.seen, `the focus on "${name}" cannot be seen`);
      return;
    }
  }
  assert.fail(`"${name}" cannot be reached`);
}

const focused = (page) => page.evaluate(() => document.activeElement.textContent.trim());

test('sign in, add a link, open it, go back, delete and undo', async () => {
  const account = newAccount();
  const page = await visit('/app/');
  await heading(page, 'Sign in').waitFor();
  await tabTo(page, 'Email');
  await page.keyboard.type(account.email);
  await tabTo(page, 'Password');
  await page.keyboard.type(account.password);
  await page.keyboard.press('Enter');
  await page.getByText('No links yet').waitFor();

  await tabTo(page, 'Add link');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.name), 'url', 'the first field has the focus');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Add link', 'the focus is back');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('https://shop.example/desk');
  await tabTo(page, 'Label');
  await page.keyboard.type('Desk');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'Desk', exact: true }).waitFor();
  await tabTo(page, 'Desk');
  await page.keyboard.press('Enter');
  await heading(page, 'Desk').waitFor();
  await eventually(async () => (await focused(page)).startsWith('Desk'), 'the heading has the focus');
  assert.equal(await page.title(), 'Desk · QuietLeaks');
  await tabTo(page, '← All links', { most: 80 });
  await page.keyboard.press('Enter');
  await heading(page, 'Links').waitFor();
  await tabTo(page, 'Delete Desk');
  await page.keyboard.press('Enter');
  await eventually(async () => (await focused(page)) === 'Undo', '"Undo" has the focus');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Desk', exact: true }).waitFor();
  assert.equal((await api(account, 'GET', '/api/v1/links')).total, 1);
  await page.finish();
});

test('skip to the content; generate a key and revoke it', async () => {
  const page = await visit('/app/settings/keys', { as: newAccount() });
  await heading(page, 'API Keys').waitFor();
  await tabTo(page, 'Skip to the content', { most: 1 });
  await page.keyboard.press('Enter');
  await tabTo(page, 'API Keys', { most: 1 });
  await tabTo(page, 'Generate an API key');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('By hand');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Your new API key' }).waitFor();
  assert.equal(await focused(page), 'Copy');
  await page.keyboard.press('Enter');
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^ql_/);
  await tabTo(page, 'I’ve copied it');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('rowheader', { name: 'By hand' }).waitFor();
  await tabTo(page, 'Revoke By hand');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, 'Revoke key');
  await page.keyboard.press('Enter');
  await page.getByRole('rowheader', { name: 'By hand' }).waitFor({ state: 'detached' });
  await page.finish();
});

test('filter, select and tag', async () => {
  const account = newAccount();
  await addLinks(account, [{ url: 'https://shop.example/desk', label: 'Desk' }, { url: 'https://shop.example/lamp', label: 'Lamp' }]);
  const page = await visit('/app/links', { as: account });
  await page.getByRole('link', { name: 'Desk', exact: true }).waitFor();
  await tabTo(page, 'Search labels, destinations and slugs');
  await page.keyboard.type('lamp');
  await page.getByRole('link', { name: 'Desk', exact: true }).waitFor({ state: 'detached' });
  await tabTo(page, 'Select Lamp');
  await page.keyboard.press('Space');
  await page.getByText('1 selected').waitFor();
  const add = page.getByRole('button', { name: 'Add tag' });
  for (let step = 0; step < 15 && !(await add.evaluate((button) => button === document.activeElement)); step += 1) await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.type('light');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'light', exact: true }).waitFor();
  assert.deepEqual((await api(account, 'GET', '/api/v1/links?q=lamp')).links[0].tags, ['light']);
  await page.finish();
});
