// Settings → Account: plan, fallback, password, sessions.
import assert from 'node:assert/strict';
import { eventually, heading, toast, visit, walk } from './browser.mjs';
import { newAccount, sql } from './instance.mjs';

const card = (page, name) => page.getByRole('region', { name });

walk('the plan and the default fallback', async (at) => {
  const account = newAccount();
  const page = await at('/app/settings/account', { as: account, expected: [422] });
  const plan = await card(page, 'Account and plan').textContent();
  assert.match(plan, /PlanAgency/);
  assert.match(plan, /every hour/);
  assert.match(plan, /120 requests a minute/);
  const fallback = card(page, 'Default fallback');
  await fallback.getByLabel('Fallback URL').fill('http://10.0.0.1/');
  await fallback.getByRole('button', { name: 'Save' }).click();
  await fallback.locator('.fault').waitFor();
  await fallback.getByLabel('Fallback URL').fill('https://shop.example/all');
  await fallback.getByRole('button', { name: 'Save' }).click();
  await toast(page, 'Saved.').waitFor();
  assert.equal(sql(`select fallback_url from accounts where name = '${account.name}'`), 'https://shop.example/all');
  await page.finish();
});

walk('a new password ends every other session', async (at) => {
  const account = newAccount();
  const other = await visit('/app/links', { as: account, expected: [401] });
  const page = await at('/app/settings/account', { as: account, expected: [422] });
  const password = card(page, 'Password');
  await password.getByLabel('Current password').fill('not this one');
  await password.getByLabel('New password').fill('a new long password');
  await password.getByRole('button', { name: 'Change password' }).click();
  await password.locator('.fault').waitFor();
  await password.getByLabel('Current password').fill(account.password);
  await password.getByRole('button', { name: 'Change password' }).click();
  await toast(page, 'Password changed').waitFor();
  await eventually(async () => (await card(page, 'Sessions').getByRole('listitem').count()) === 1, 'one session');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Change password', 'the page stays as it is');
  assert.equal(await password.getByLabel('New password').inputValue(), '');
  await page.reload();
  await heading(page, 'Account').waitFor();
  await other.getByRole('link', { name: 'Events' }).click();
  await other.getByText('Your session has ended').waitFor();
  await other.finish();
  await page.finish();
});

walk('a password that was changed is not told as a failure, whatever comes after', async (at) => {
  const account = newAccount();
  const page = await at('/app/settings/account', { as: account, expected: ['ERR_FAILED'] });
  const password = card(page, 'Password');
  await password.getByLabel('Current password').fill(account.password);
  await password.getByLabel('New password').fill('a new long password');
  await page.route('**/api/app/session', (route) => route.abort());
  await password.getByRole('button', { name: 'Change password' }).click();
  await toast(page, 'Password changed').waitFor();
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  await page.unroute('**/api/app/session');  // it tries again by itself
  await heading(page, 'Account').waitFor();
  await page.finish();
});

walk('sessions are listed, and signed out one by one or all', async (at) => {
  const account = newAccount();
  const other = await visit('/app/links', { as: account, expected: [401] });
  await heading(other, 'Links').waitFor();
  const page = await at('/app/settings/account', { as: account });
  const sessions = card(page, 'Sessions');
  await eventually(async () => (await sessions.getByRole('listitem').count()) === 2, 'two sessions');
  await sessions.getByText('This device').waitFor();
  await sessions.getByRole('button', { name: /^Sign out .* on / }).click();
  await eventually(async () => (await sessions.getByRole('listitem').count()) === 1, 'one session');
  await other.getByRole('link', { name: 'Events' }).click();
  await heading(other, 'Sign in').waitFor();
  await sessions.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await heading(page, 'Sign in').waitFor();
  assert.equal(sql(`select count(*) from sessions join users on users.id = user_id where email = '${account.email}'`), '0');
  await other.finish();
  await page.finish();
});
