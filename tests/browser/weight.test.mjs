// How much the first view weighs, and that it comes under its Content-Security-Policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heading, visit } from './browser.mjs';
import { baseUrl, demo } from './instance.mjs';

const kMost = 100 * 1024;  // bytes on the wire, headers included

async function weigh(path, as, there) {
  const page = await visit('about:blank', { as });
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  const seen = new Map();
  let bytes = 0;
  network.on('Network.responseReceived', ({ requestId, response }) => seen.set(requestId, response.url));
  network.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  await page.goto(path);
  await there(page);
  await page.waitForLoadState('networkidle');
  await page.finish();
  return { bytes, files: [...seen.values()] };
}

test('the first view is less than 100 KB, for strangers and for those who are signed in', async () => {
  for (const [name, as, there] of [['sign-in', null, (page) => heading(page, 'Sign in').waitFor()], ['links', demo, (page) => page.getByRole('rowheader').first().waitFor()]]) {
    const { bytes, files } = await weigh('/app/', as, there);
    console.log(`${name}: ${(bytes / 1024).toFixed(1)} KB in ${files.length} answers`);
    assert.ok(bytes > 10000 && bytes < kMost, `${name}: ${bytes} bytes`);
    assert.ok(!files.some((url) => url.includes('uplot')), 'the chart comes when it is needed');
    assert.ok(files.every((url) => url.startsWith(baseUrl) || url.startsWith('data:')), 'nothing from elsewhere');
  }
});

test('what is unchanged costs a 304, and what is missing is a 404 and not the page', async () => {
  const first = await fetch(`${baseUrl}/app/main.js`);
  assert.equal(first.headers.get('cache-control'), 'no-cache');
  assert.match(first.headers.get('content-type'), /javascript/);
  assert.equal((await fetch(`${baseUrl}/app/main.js`, { headers: { 'if-none-match': first.headers.get('etag') } })).status, 304);
  assert.equal((await fetch(`${baseUrl}/app/no-such-module.js`)).status, 404);
  assert.equal((await fetch(`${baseUrl}/app/links/anything`)).status, 200);
});

test('the policy allows nothing inline, nothing from elsewhere, and no frame around it', async () => {
  for (const path of ['/app/', '/app/links/anything', '/app/index.html', '/app/no-such.js', '/', '/nothing']) {
    const policy = (await fetch(baseUrl + path)).headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/, path);
  }
});
