// Settings → API Keys: a key that is made here works at once, and one that is revoked is refused within a second.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { eventually, rowOf, visit, walk } from './browser.mjs';
import { baseUrl, newAccount } from './instance.mjs';

const kHeardWithin = 1000;  // ms

// The line as it is printed, run with bash; the status of its answer.
const curl = (line, key) => execFileSync('bash', ['-c', `${line} -s -o /dev/null -w '%{http_code}'`], { encoding: 'utf8', env: { ...process.env, QL_API_KEY: key, CURL_CA_BUNDLE: process.env.QL_CA_CERT } });
const status = async (key) => (await fetch(`${baseUrl}/api/v1/links?limit=1`, { headers: { authorization: `Bearer ${key}` } })).status;

async function readSecret(page) {
  const dialog = page.getByRole('dialog', { name: 'Your new API key' });
  const key = await dialog.locator('.secret').textContent();
  assert.match(key, /^ql_[0-9A-Za-z]{36}$/);
  await dialog.getByRole('button', { name: 'Copy' }).first().click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), key);
  const line = await dialog.getByLabel('A line to try').textContent();
  await page.keyboard.press('Escape');
  assert.ok(await dialog.isVisible(), 'a key that is shown once does not vanish by mistake');
  await dialog.getByRole('button', { name: 'I’ve copied it' }).click();
  await dialog.waitFor({ state: 'detached' });
  return { key, line };
}

async function generate(page, name, scope) {
  await page.getByRole('button', { name: 'Generate an API key' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Scope').selectOption(scope);
  await dialog.getByLabel('Expires').selectOption('In 90 days');
  await dialog.getByRole('button', { name: 'Generate' }).click();
  return readSecret(page);
}

walk('generate, try with the printed line, revoke', async (at) => {
  const page = await at('/app/settings/keys', { as: newAccount() });
  const { key, line } = await generate(page, 'Content system', 'read');
  assert.equal(curl(line, key), '200');
  await page.getByText('If the certificate is self-signed').waitFor();
  const row = rowOf(page, 'Content system');
  assert.match(await row.textContent(), new RegExp(`ql_…${key.slice(-4)}`));
  assert.ok(!(await page.content()).includes(key), 'shown once');
  await page.reload();
  await eventually(async () => /1 of 120/.test(await row.textContent()), 'the request is counted');
  assert.match(await row.textContent(), /read/);
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  assert.equal(await status(key), 200);
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
  await row.waitFor({ state: 'detached' });
  await eventually(async () => (await status(key)) === 401, 'a revoked key is refused within a second', kHeardWithin);
  await page.finish();
});

walk('regenerate at once, and with an overlap', async (at) => {
  const page = await at('/app/settings/keys', { as: newAccount() });
  const { key: first } = await generate(page, 'Script', 'write');
  const regenerate = async (old, overlap) => {
    await rowOf(page, `ql_…${old.slice(-4)}`).getByRole('button', { name: 'Regenerate Script' }).click();
    const choice = page.getByRole('dialog').getByLabel('The old key stops working');
    assert.equal(await choice.locator('option:checked').textContent(), 'In a day', 'nothing breaks by a hasty click');
    await choice.selectOption(overlap);
    await page.getByText(overlap === 'Now' ? 'is refused within a second' : 'Until then both keys work').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Regenerate' }).click();
    return (await readSecret(page)).key;
  };
  const second = await regenerate(first, 'In an hour');
  assert.deepEqual([await status(first), await status(second)], [200, 200]);
  await eventually(async () => (await rowOf(page, 'Script').count()) === 2, 'both are listed');
  const replaced = rowOf(page, `ql_…${first.slice(-4)}`);
  await replaced.getByText('Replaced').waitFor();
  assert.equal(await replaced.getByRole('button', { name: 'Regenerate Script' }).count(), 0);
  const third = await regenerate(second, 'Now');
  assert.equal(await status(third), 200);
  await eventually(async () => (await status(second)) === 401, 'the old one ends at once', kHeardWithin);
  await page.finish();
});

walk('a secret that was not put away is there again after the browser’s Back', async (at) => {
  const page = await at('/app/links', { as: newAccount() });
  await page.goto('/app/settings/keys');
  await page.getByRole('link', { name: 'Links', exact: true }).first().click();
  await page.goBack();
  await page.getByRole('button', { name: 'Generate an API key' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Shop');
  await page.getByRole('dialog').getByRole('button', { name: 'Generate' }).click();
  await page.getByText('Copy it now.').waitFor();
  const secret = await page.locator('.secret').textContent();
  await page.goForward();
  await page.getByText('No links yet').waitFor();
  await page.goBack();
  await page.getByText('Copy it now.').waitFor();
  assert.equal((await readSecret(page)).key, secret);
  await page.goForward();
  await page.getByText('No links yet').waitFor();
  await page.goBack();
  await rowOf(page, 'Shop').waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);
  await page.finish();
});

walk('a key whose secret was lost on the way is in the list, to be revoked', async (at) => {
  const page = await at('/app/settings/keys', { as: newAccount(), expected: ['ERR_FAILED'] });
  await page.route('**/api/app/keys', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await route.fetch();
    return route.abort();
  });
  await page.getByRole('button', { name: 'Generate an API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Lost');
  await dialog.getByRole('button', { name: 'Generate' }).click();
  await dialog.getByText('may have worked').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await rowOf(page, 'Lost').getByRole('button', { name: /^Revoke/ }).click();
  await dialog.getByRole('button', { name: 'Revoke key' }).click();
  await page.getByText('Key revoked.').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'the focus is not lost with the row');
  await page.finish();
});

walk('a plan without the API says so and why', async (at) => {
  const page = await at('/app/settings/keys', { as: newAccount({ plan: 'free' }) });
  await page.getByText('Your plan does not include the API.').waitFor();
  await rowOf(page, 'Setup').getByRole('button', { name: /^Revoke/ }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Regenerate/ }).count(), 0, 'what could it be replaced for?');
  assert.match(await page.locator('.verdict').textContent(), /Free plan.*Agency plan.*403/s);
  assert.equal(await page.getByRole('button', { name: 'Generate an API key' }).count(), 0);
  await page.finish();
});
