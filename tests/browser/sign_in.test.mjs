// Coming in and going out: sign-in, a session that ends, a new password by link, and a new account.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn, heading, visit, walk } from './browser.mjs';
import { addLinks, newAccount, operator } from './instance.mjs';

walk('a wrong password is refused, the right one lets in, and signing out leads back', async (at) => {
  const account = newAccount();
  const page = await at('/app/', { expected: [401] });
  await fillIn(page, { ...account, password: 'not this one' });
  await page.getByRole('alert').waitFor();
  assert.ok(await heading(page, 'Sign in').isVisible());
  await fillIn(page, account);
  await heading(page, 'Links').waitFor();
  assert.equal(await page.title(), 'Links · QuietLeaks');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in').waitFor();
  await page.goto('/app/events');
  await heading(page, 'Sign in').waitFor();
  await page.finish();
});

walk('a session that is over leads to the sign-in, and from there back to where one was', async (at) => {
  const account = newAccount();
  const page = await at('/app/settings/account', { as: account, expected: [401] });
  await page.getByText('This device').waitFor();  // nothing more is asked: what is refused is the next view's request
  operator('user', 'sign-out', account.email);
  await page.getByRole('link', { name: 'Events' }).click();
  await page.getByText('Your session has ended').waitFor();
  await fillIn(page, account);
  await heading(page, 'Events').waitFor();
  assert.equal(new URL(page.url()).pathname, '/app/events');
  await page.finish();
});

walk('the operator\'s link lets choose a new password once, and is out of the address at once', async (at) => {
  const account = newAccount();
  const { reset_link: link } = operator('user', 'reset', account.email);
  const page = await at(link, { expected: [422] });
  await page.getByLabel('New password').fill('an altogether new one');
  assert.ok(!page.url().includes('token'));
  await page.getByRole('button', { name: 'Save password' }).click();
  await page.getByText('Your new password is saved').waitFor();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await fillIn(page, { ...account, password: 'an altogether new one' });
  await heading(page, 'Links').waitFor();
  await page.goto(link);
  await page.getByLabel('New password').waitFor();
  await page.reload();
  await page.getByText('This link is incomplete').waitFor();
  await page.goto(link);  // the same document
  await page.getByLabel('New password').fill('and yet another one');
  await page.getByRole('button', { name: 'Save password' }).click();
  await page.getByText('This link was used before').waitFor();
  assert.equal(await page.getByLabel('New password').count(), 0, 'there is nothing to fill in any more');
  await page.finish();
});

walk('where the operator allows it, an account can be made', async (at, size) => {
  const { open } = await (await fetch(`${process.env.QL_BASE_URL}/api/app/signup`)).json();
  const page = await at('/app/', { expected: [409, 422] });
  await heading(page, 'Sign in').waitFor();
  if (!open) {
    await page.goto('/app/signup');
    await page.getByText('Sign-up is closed').waitFor();
    return page.finish();
  }
  await page.getByRole('link', { name: 'Create one' }).click();
  const unique = `${size}-${process.pid}-${Date.now()}`;
  await page.getByLabel('Account name').fill(newAccount().name);
  await page.getByLabel('Email').fill(`new-${unique}@agency.example`);
  await page.getByLabel('Password').fill('long enough to be one');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.locator('.form-error, .fault').first().waitFor();  // that name is taken
  await page.getByLabel('Account name').fill(`New ${unique}`);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('No links yet').waitFor();
  await page.finish();
});

test('offline: it says so, and loads by itself when the connection is back', async () => {
  const account = newAccount();
  const [link] = await addLinks(account, [{ url: 'https://shop.example/desk', label: 'Desk' }]);
  const page = await visit('/app/links', { as: account });
  await page.getByRole('link', { name: 'Desk', exact: true }).waitFor();
  await page.context().setOffline(true);
  await page.getByText('You are offline').waitFor();
  await page.context().setOffline(false);
  await page.getByText('You are offline').waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Desk', exact: true }).click();
  await heading(page, link.label).waitFor();
  await page.finish();
});

test('offline: a view that was never here before comes by itself, too', async () => {
  const page = await visit('/app/links', { as: newAccount(), expected: ['ERR_INTERNET_DISCONNECTED', 'dynamically imported'] });
  await heading(page, 'Links').waitFor();
  await page.waitForLoadState('networkidle');
  await page.context().setOffline(true);
  await page.getByRole('link', { name: 'Events' }).click();
  await page.getByRole('main').getByText('No connection to the server').waitFor();
  await page.context().setOffline(false);
  await heading(page, 'Events').waitFor();
  await page.finish();
});

test('a failure says what to do, with the request id, and can be tried again', async () => {
  const page = await visit('/app/', { as: newAccount(), expected: [500] });
  await heading(page, 'Links').waitFor();
  const problem = { title: 'Internal Error', status: 500, code: 'internal_error', detail: 'Something went wrong on our side.', request_id: 'request-of-this-test' };
  await page.route('**/api/v1/events*', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: JSON.stringify(problem) }));
  await page.getByRole('link', { name: 'Events' }).click();
  await page.getByText('request-of-this-test').waitFor();
  await page.unroute('**/api/v1/events*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('row').nth(1).waitFor();
  await page.finish();
});
