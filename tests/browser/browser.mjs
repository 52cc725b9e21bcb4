// A browser that holds the page to account: whatever it writes to its console as an error, every exception and every
// report of the Content-Security-Policy fails the test.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { baseUrl } from './instance.mjs';

export const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const kPatience = 10000;  // ms

const browser = await chromium.launch({ executablePath: process.env.QL_CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
after(() => browser.close());

// The browser itself notes each answer of 400 and above, and each that did not come; those that a test is about (by
// status, or by words of the note) are no fault of the page.
const isExpected = (text, expected) => expected.some((one) => text.includes(typeof one === 'number' ? `responded with a status of ${one}` : one));

function watch(page, faults, expected) {
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text(), expected)) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
}

// Past the form: the cookie, and the mark by which the page knows of it.
async function signIn(context, page, { email, password }) {
  const answer = await context.request.post('/api/app/session', { data: { email, password }, headers: { origin: baseUrl, 'sec-fetch-site': 'same-origin' } });
  assert.equal(answer.status(), 201, await answer.text());
  await page.goto('/');
  await page.evaluate((id) => localStorage.setItem('quietleaks.session', id), (await answer.json()).session.id);
}

// A way from a browser to the instance that can be cut: {proxy, for visit, cut()}.
export async function frailWay() {
  const ends = new Set();
  const server = createServer().on('connect', ({ url }, near) => {
    const [host, port] = url.split(':');
    const far = connect(port, host, () => near.write('HTTP/1.1 200 OK\r\n\r\n'));
    for (const [one, other] of [[near, far], [far, near]]) {
      ends.add(one);
      one.on('error', () => {}).on('close', () => other.destroy()).pipe(other);
    }
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const cut = () => {
    server.close();
    ends.forEach((end) => end.destroy());
  };
  return { proxy: { server: `127.0.0.1:${server.address().port}`, bypass: '<-loopback>' }, cut };
}

// as: whose session to begin with, or nobody's. Resolves to a page; finish() closes it and holds its faults against it.
export async function visit(path, { size = 'desktop', scheme = 'light', as = null, expected = [], proxy } = {}) {
  const context = await browser.newContext({
    proxy,
    viewport: sizes[size], colorScheme: scheme, ignoreHTTPSErrors: true, baseURL: baseUrl, locale: 'en-GB', timezoneId: 'Europe/Berlin',
    hasTouch: size === 'phone', permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(kPatience);
  await context.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`)));
  const page = await context.newPage();
  if (as) await signIn(context, page, as);
  const faults = [];
  watch(page, faults, expected);
  // One more tab of the same browser.
  page.another = async (path) => {
    const other = await context.newPage();
    watch(other, faults, expected);
    await other.goto(path);
    return other;
  };
  page.finish = async () => {
    await context.close();
    assert.deepEqual(faults, [], 'the console has errors');
  };
  await page.goto(path);
  return page;
}

// Time in the page stands still from here on: no timer fires unless the test says page.clock.runFor().
export async function stopClock(page) {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60000);
}

// The same walk at both sizes. walk gets a function that visits at that size, and the size's name.
export function walk(name, steps) {
  for (const size of Object.keys(sizes)) {
    test(`${name} (${size})`, { timeout: 60000 }, () => steps((path, options) => visit(path, { ...options, size }), size));
  }
}

export const heading = (page, name) => page.getByRole('heading', { level: 1, name });
export const toast = (page, text) => page.getByRole('region', { name: 'Messages' }).or(page.locator('.toasts')).getByText(text);

// No rule of WCAG 2.2 A and AA, nor one of axe's best practices, is broken. rules: these alone.
export async function assertAccessible(page, what, { part = null, rules = null } = {}) {
  const axe = new AxeBuilder({ page }).setLegacyMode();  // there are no frames
  if (part) axe.include(part);
  if (rules) axe.withRules(rules);
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  const { violations } = await axe.analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
  assert.deepEqual(told, [], what);
}

// At the sign-in.
export async function fillIn(page, { email, password }) {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export const rowOf = (page, label) => page.getByRole('row').filter({ hasText: label });

export async function eventually(condition, what, patience = kPatience) {
  const until = Date.now() + patience;
  for (;;) {
    if (await condition()) return;
    if (Date.now() > until) assert.fail(`it never came true: ${what}`);
    await new Promise((rest) => setTimeout(rest, 50));
  }
}
