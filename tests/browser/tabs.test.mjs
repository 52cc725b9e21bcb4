// Several tabs of one browser, and answers that come late: what a page shows is what its session is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn, heading, visit } from './browser.mjs';
import { addCheck, addLinks, api, newAccount, operator } from './instance.mjs';

async function accountWith(label) {
  const account = newAccount();
  const [link] = await addLinks(account, [{ url: 'https://shop.example/p', label }]);
  return { ...account, link };
}

const lists = (page, label) => page.getByRole('rowheader').getByRole('link', { name: label, exact: true }).waitFor();

test('another user in another tab: this one shows theirs, and nothing of before', async () => {
  const [first, second] = [await accountWith('Of the first'), await accountWith('Of the second')];
  const page = await visit('/app/', { as: first });
  await lists(page, 'Of the first');
  const other = await page.another('/app/');
  await other.getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in').waitFor();
  assert.equal(await page.getByText('Of the first').count(), 0);
  await fillIn(other, second);
  await lists(other, 'Of the second');
  await lists(page, 'Of the second');
  assert.equal(await page.getByText(first.email).count(), 0);
  await page.finish();
});

// As the browser tells a page that it kept in memory and shows again.
const comeBack = (page) => page.evaluate(() => {
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
  return document.body.innerText;
});

test('back to a page that the browser kept: it shows nothing of a session that has ended meanwhile', async () => {
  const account = await accountWith('Kept');
  const page = await visit('/app/', { as: account });
  await lists(page, 'Kept');
  assert.match(await comeBack(page), /Kept/, 'it stays as it is while the session does');
  await page.context().request.delete('/api/app/session', { headers: { 'sec-fetch-site': 'same-origin' } });
  await page.evaluate(() => localStorage.clear());  // as another page of this browser does at its sign-out
  assert.doesNotMatch(await comeBack(page), /Kept/);
  await heading(page, 'Sign in').waitFor();
  await page.finish();
});

test('a refusal of an earlier session that comes late does not sign the present one out', async () => {
  const account = await accountWith('Desk');
  addCheck(account.link, { status: 'healthy', mode: null });  // or the page asks for one again and again
  const page = await visit(`/app/links/${account.link.id}`, { as: account, expected: [401] });
  await page.waitForLoadState('networkidle');  // or what the view asks first may be refused, too
  let release;
  const held = new Promise((go) => { release = go; });
  await page.route('**/check', async (route) => {
    await held;
    const problem = { title: 'Unauthorized', status: 401, code: 'invalid_session', detail: 'This session is over. Sign in again.' };
    await route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  await page.getByRole('button', { name: 'Check now' }).click();
  operator('user', 'sign-out', account.email);
  await page.getByRole('link', { name: 'Events' }).click();
  await page.getByText('Your session has ended').waitFor();
  await fillIn(page, account);
  await heading(page, 'Events').waitFor();
  const late = page.waitForResponse('**/check');
  release();
  await (await late).finished();
  await page.getByRole('link', { name: 'Links', exact: true }).click();
  await lists(page, 'Desk');
  await page.finish();
});

test('a visit while signed out asks nothing that is refused', async () => {
  const page = await visit('about:blank');
  const refused = [];
  page.on('response', (answer) => answer.status() >= 400 && refused.push(answer.url()));
  await page.goto('/app/links');
  await heading(page, 'Sign in').waitFor();
  await page.waitForLoadState('networkidle');
  assert.deepEqual(refused, []);
  await page.finish();
});

test('an answer that is cut off ends no session, and a key that may have been made is told of', async () => {
  const account = await accountWith('Lamp');
  const page = await visit('/app/settings/keys', { as: account });
  const cut = (route) => route.fulfill({ status: 200, contentType: 'application/json', body: '{"user":{"id"' });
  await page.route('**/api/app/session', cut);
  await page.goto('/app/');
  await page.getByText('The answer was cut off').waitFor();
  await page.unroute('**/api/app/session');
  await page.getByRole('button', { name: 'Try again' }).click();
  await lists(page, 'Lamp');
  await page.goto('/app/settings/keys');
  await page.getByRole('button', { name: 'Generate an API key' }).first().click();
  await page.route('**/api/app/keys', (route) => (route.request().method() === 'POST' ? cut(route) : route.continue()));
  await page.getByRole('dialog').getByLabel('Name').fill('CMS');
  await page.getByRole('dialog').getByRole('button', { name: 'Generate' }).click();
  await page.getByRole('dialog').getByText('What you did may have worked').waitFor();
  await page.finish();
});

test('what was typed is still there when its reader has signed in again', async () => {
  const account = await accountWith('Desk');
  const page = await visit('/app/', { as: account, expected: [401] });
  await lists(page, 'Desk');
  await page.getByRole('button', { name: 'Add link' }).click();
  await page.getByRole('dialog').getByLabel('Destination').fill('https://shop.example/lamp');
  await page.waitForLoadState('networkidle');
  operator('user', 'sign-out', account.email);
  await page.getByRole('dialog').getByRole('button', { name: 'Add link' }).click();
  await page.getByText('Your session has ended').waitFor();
  const again = page.getByRole('dialog', { name: 'Sign in' });
  assert.equal(await again.getByLabel('Email').inputValue(), account.email);
  for (let time = 0; time < 3; ++time) await page.keyboard.press('Escape');
  await again.getByLabel('Password').fill(account.password);
  await again.getByRole('button', { name: 'Sign in' }).click();
  await again.waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('dialog').getByLabel('Destination').inputValue(), 'https://shop.example/lamp');
  assert.equal(await page.getByRole('dialog').getByRole('alert').count(), 0, 'nothing says any more that the session is over');
  await page.getByRole('dialog').getByRole('button', { name: 'Add link' }).click();
  await lists(page, 'shop.example/lamp');
  await page.finish();
});

test('whoever else signs in where a session has ended sees nothing of its page', async () => {
  const [first, second] = [await accountWith('Of the first'), await accountWith('Of the second')];
  const page = await visit('/app/', { as: first, expected: [401] });
  await lists(page, 'Of the first');
  await page.waitForLoadState('networkidle');
  operator('user', 'sign-out', first.email);
  await page.getByRole('link', { name: 'Events' }).click();
  await page.getByText('Your session has ended').waitFor();
  await fillIn(page, second);
  await page.getByText(second.email).waitFor();
  assert.equal(await page.getByText(first.email).count(), 0);
  await page.getByRole('link', { name: 'Links', exact: true }).click();
  await lists(page, 'Of the second');
  await page.finish();
});

test('what was deleted in one tab is gone, though another one signs out at once', async () => {
  const account = await accountWith('Gone');
  const page = await visit('/app/', { as: account });
  const other = await page.another('/app/events');
  await heading(other, 'Events').waitFor();
  await page.getByRole('button', { name: /^Delete/ }).click();
  await page.getByText('Deleted “Gone”.').waitFor();
  await page.route('**/api/v1/links/bulk', async (route) => {
    await new Promise((slowly) => setTimeout(slowly, 3000));
    await route.continue();
  });
  await other.getByRole('button', { name: 'Sign out' }).click();
  await heading(other, 'Sign in').waitFor();
  assert.equal((await api(account, 'GET', '/api/v1/links')).total, 0);
  await page.finish();
});

test('what was typed in one tab stays when its reader signs in again in another', async () => {
  const account = await accountWith('Desk');
  const page = await visit('/app/', { as: account, expected: [401] });
  await lists(page, 'Desk');
  await page.getByRole('button', { name: 'Add link' }).click();
  await page.getByRole('dialog').getByLabel('Destination').fill('https://shop.example/typed');
  const other = await page.another('/app/events');
  await heading(other, 'Events').waitFor();
  operator('user', 'sign-out', account.email);
  await other.getByRole('link', { name: 'Links', exact: true }).click();
  await other.getByText('Your session has ended').waitFor();
  await fillIn(other, account);
  await lists(other, 'Desk');
  await page.getByRole('dialog', { name: 'Add link' }).getByRole('button', { name: 'Add link' }).click();
  await lists(page, 'shop.example/typed');
  await page.finish();
});

test('whoever signs in next goes back to nothing of the reader before', async () => {
  const [first, second] = [await accountWith('Of the first'), await accountWith('Of the second')];
  const page = await visit('/app/links', { as: first });
  await lists(page, 'Of the first');
  await page.getByRole('link', { name: 'Events' }).click();
  await heading(page, 'Events').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in').waitFor();
  await page.goBack();
  await fillIn(page, second);
  await page.getByText(second.email).waitFor();
  await page.route('**/api/v1/links?limit=30*', () => {});  // no answer
  await page.goBack();
  await page.getByText(second.email).waitFor();
  await heading(page, 'Links').waitFor();
  assert.equal(await page.getByText('Of the first').count(), 0);
  await page.finish();
});
