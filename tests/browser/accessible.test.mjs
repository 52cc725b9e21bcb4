// axe finds nothing in any view, in light and dark, at both sizes; dialogs too.
import { test } from 'node:test';
import { assertAccessible, sizes, visit } from './browser.mjs';
import { addCheck, addLinks, newAccount, setStatus } from './instance.mjs';

const account = newAccount();
const free = newAccount({ plan: 'free' });
const empty = newAccount();
const [broken, slow] = await addLinks(account, [
  { url: 'https://shop.example/desk?tag=mine', label: 'Desk', tags: ['office', 'wood'], program: 'CJ' },
  { url: 'https://shop.example/lamp', label: 'Lamp' }, { url: 'https://shop.example/chair', label: 'Chair' },
  ...Object.keys(sizes).map((size) => ({ url: 'https://shop.example/spare', label: `Spare ${size}` }))]);
addCheck(broken, { status: 'healthy', mode: null, secondsAgo: 3600 });
addCheck(broken);
setStatus(broken, 'broken', 'tag_dropped', 900);
setStatus(slow, 'slow', 'slow', 20);

const click = (role, name) => (page) => page.getByRole(role, { name, exact: true }).first().click();

// [name, path, whose, what shows that it is there, what to do first, a part if not all: a message lies over the page]
const views = [
  ['the start page', '/', null, 'Affiliate links rarely'],
  ['an error page', '/nothing-here', null, 'Start page'],
  ['the errors explained', '/docs/errors', null, 'errors'],
  ['sign-in', '/app/', null, 'Forgot your password?'],
  ['sign-up', '/app/signup', null, 'Sign in'],
  ['reset', '/app/reset#token=abc', null, 'At least 10 characters'],
  ['links', '/app/', account, 'Chair'],
  ['no links', '/app/', empty, 'No links yet'],
  ['links selected', '/app/', account, 'Chair', (page) => page.getByLabel('Select Desk').check()],
  ['add a link', '/app/', account, 'Chair', click('button', 'Add link')],
  ['import', '/app/', account, 'Chair', click('button', 'Import')],
  ['deleted', '/app/', account, 'Chair', (page) => page.getByRole('button', { name: /^Delete Spare/ }).first().click(), '.toasts'],
  ['one link', `/app/links/${broken.id}`, account, 'The leak is here'],
  ['one link that is well', `/app/links/${slow.id}`, account, 'No checks yet'],
  ['no such link', '/app/links/00000000-0000-4000-8000-000000000000', account, 'Request ID'],
  ['events', '/app/events', account, 'Affiliate tag lost'],
  ['keys', '/app/settings/keys', account, 'Setup'],
  ['generate a key', '/app/settings/keys', account, 'Setup', click('button', 'Generate an API key')],
  ['revoke a key', '/app/settings/keys', account, 'Setup', click('button', 'Revoke Setup')],
  ['keys on a plan without', '/app/settings/keys', free, 'does not include the API'],
  ['account', '/app/settings/account', account, 'This device'],
  ['nothing', '/app/nothing', account, 'nothing at this address'],
];

const kOfColors = ['color-contrast', 'link-in-text-block'];  // what else can differ in the dark

async function look(page, what, act, part) {
  await act?.(page);
  await page.evaluate(() => window.scrollTo(0, 0));  // what sticks to the edge lies over nothing
  for (const [colorScheme, rules] of [['light', null], ['dark', kOfColors]]) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await assertAccessible(page, `${what}, ${colorScheme}`, { part, rules });
  }
}

for (const size of Object.keys(sizes)) {
  for (const as of [null, account, free, empty]) {
    const theirs = views.filter(([, , whose]) => whose === as);
    test(`every view (${size}): ${theirs.map(([name]) => name).join(', ')}`, { timeout: 300000 }, async () => {
      const page = await visit(theirs[0][1], { size, as, expected: [404] });
      for (const [name, path, , there, act, part] of theirs) {
        await page.goto(path);
        await page.getByText(there).locator('visible=true').first().waitFor();
        await look(page, `${name}, ${size}`, act, part);
      }
      await page.finish();
    });
  }
}
