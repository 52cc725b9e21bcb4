// One link with a real monitor behind the page: the first check comes by itself, "check now" brings another, and what is
// accepted is no fault any more. The monitor takes every name for a shop on the loopback.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { after, before } from 'node:test';
import { eventually, walk } from './browser.mjs';
import { addLinks, newAccount, sql } from './instance.mjs';

const product = `<!doctype html><html lang="en"><head><title>Desk lamp</title><meta property="og:type" content="product">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Desk lamp","offers":{"@type":"Offer","price":"49.00","priceCurrency":"EUR","availability":"https://schema.org/InStock"}}</script>
</head><body><main><h1>Desk lamp</h1><p>A lamp for a desk, of brass, with a switch in its foot and two metres of cable.</p>
<form><button type="submit">Add to cart</button></form></main></body></html>`;

// /out leads to the product and drops the tag.
const shop = createServer((request, response) => {
  if (request.url.startsWith('/out')) return response.writeHead(302, { location: '/p/lamp' }).end();
  return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(product);
});
let monitor, port;

before(async () => {
  await new Promise((listening) => shop.listen(0, '127.0.0.1', listening));
  port = shop.address().port;
  sql(`update link_watch set paused = true, due_at = 'infinity'`);  // the other tests' links
  monitor = spawn(process.env.QL_MONITOR, ['--config', process.env.QL_CONFIG], {
    stdio: 'ignore',
    env: { ...process.env, QL_MONITOR_ALLOWED_NETWORKS: '127.0.0.0/8', QL_MONITOR_RESOLVE: `*:${port}:127.0.0.1`, QL_MONITOR_RECHECK_AFTER_S: '1' },
  });
});
after(async () => {
  const ended = new Promise((over) => monitor.once('exit', over));
  monitor.kill('SIGTERM');
  await ended;
  shop.close();
  shop.closeAllConnections();
});

const statusOf = ({ id }) => sql(`select status from links where id = '${id}'`);
const checksOf = ({ id }) => Number(sql(`select count(*) from checks where link_id = '${id}'`));

walk('a new link is checked by itself, once more when asked, and its end accepted', async (at) => {
  const account = newAccount();
  const page = await at('/app/', { as: account });
  const [link] = await addLinks(account, [{ action: 'create', label: 'Desk lamp', url: `http://shop.example:${port}/out?tag=me-20` }]);
  await page.goto(`/app/links/${link.id}`);
  const fault = page.getByText('The leak is here.').first();
  await fault.waitFor({ timeout: 20000 });
  await page.getByText(/dropped tag=me-20 when it redirected to \/p\/lamp/).first().waitFor();
  await eventually(() => statusOf(link) === 'broken', 'the change is believed', 20000);

  const before = checksOf(link);
  await page.getByRole('button', { name: 'Check now' }).click();
  await page.getByText('Check finished.').waitFor({ timeout: 20000 });
  assert.ok(checksOf(link) > before);
  await page.locator('.verdict.bad', { hasText: 'Affiliate tag lost' }).waitFor();

  await page.getByRole('button', { name: 'Accept where it ends now' }).click();
  await eventually(() => statusOf(link) === 'healthy', 'what is accepted is well', 20000);
  await page.reload();
  await page.locator('h1 .status-healthy').waitFor();
  await page.finish();
});
