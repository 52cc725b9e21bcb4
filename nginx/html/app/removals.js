// Deleting links with time to think again: they vanish from every list at once, the API is asked six seconds later, and
// "Undo" in between brings them back. Leaving the page asks at once. So few may wait that a page that is left can still
// ask for all of them: browsers send 64 KiB behind a page that is gone, in all.
import { useLayoutEffect, useState } from './vendor/htm-preact.js';
import { ask } from './api.js';
import { dismiss, say } from './parts/toasts.js';
import { counted } from './words.js';

const kSeconds = 6;
const kLock = 'quietleaks.removals';  // held by what waits, in whatever tab, so that who ends the session can wait for it
const kLongestWait = 10000;  // ms; a session that ends sooner leaves what its reader took for deleted
const kAtOnce = 100;  // items of a bulk request
export const kMostRemoved = 300;  // 19 KiB of requests; thrice that may be under way
const waiting = new Set();
const listeners = new Set();
const watchers = new Set();
let removed = new Set();

function change(edit) {
  removed = new Set(removed);
  edit(removed);
  listeners.forEach((listener) => listener(removed));
}

// Ids of links that are not to be shown.
export function useRemoved() {
  const [ids, setIds] = useState(removed);
  useLayoutEffect(() => {
    listeners.add(setIds);
    return () => listeners.delete(setIds);
  }, []);
  return ids;
}

// Called when links are gone for good, six seconds after their deletion; not when they go at once because the page is left
// or the session ends: whatever it asked for would be refused.
export function onRemoved(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

const comeBack = (failed) => change((ids) => failed.forEach((id) => ids.delete(id)));

// Resolves to the errors by link; a link that is gone already is no error.
async function deleteSome(ids) {
  const links = ids.map((id) => ({ action: 'delete', id }));
  try {
    const { results } = await ask('POST', '/api/v1/links/bulk', { body: { links }, keepalive: true, repeatable: true });
    return results.flatMap(({ status, error }, index) => (error && status !== 404 ? [[ids[index], error]] : []));
  } catch (error) {
    return ids.map((id) => [id, error]);
  }
}

function tellFailed(failed) {
  const [first] = failed.values();
  comeBack([...failed.keys()]);
  say(`${counted(failed.size, 'link')} could not be deleted: ${first.detail ?? first.message}`, { bad: true, seconds: 10 });
}

// Resolves to whether a link went.
async function settle(removal) {
  if (!waiting.delete(removal)) return false;
  try {
    return await carryOut(removal);
  } finally {
    removal.release();
  }
}

// All requests at once, since the page may be left at any moment.
async function carryOut(removal) {
  clearTimeout(removal.timer);
  dismiss(removal.toast);
  const batches = Array.from({ length: Math.ceil(removal.ids.length / kAtOnce) }, (_, index) => removal.ids.slice(index * kAtOnce, (index + 1) * kAtOnce));
  const failed = new Map((await Promise.all(batches.map(deleteSome))).flat());
  if (failed.size > 0) tellFailed(failed);
  return failed.size < removal.ids.length;
}

function undo(removal) {
  if (!waiting.delete(removal)) return;
  clearTimeout(removal.timer);
  removal.release();
  comeBack(removal.ids);
  say(`Kept ${removal.what}.`, { seconds: 3 });
  setTimeout(() => document.querySelector(`a[href="/app/links/${removal.ids[0]}"]`)?.focus());
}

// At most kMostRemoved.
export function removeLinks(links) {
  const others = [...waiting].reduce((sum, { ids }) => sum + ids.length, 0);
  if (others + links.length > kMostRemoved) flushRemovals();
  const removal = { ids: links.map((link) => link.id) };
  const over = new Promise((release) => Object.assign(removal, { release }));
  navigator.locks?.request(kLock, { mode: 'shared' }, () => over);
  const what = links.length === 1 ? `“${links[0].label}”` : counted(links.length, 'link');
  removal.what = what;
  removal.toast = say(`Deleted ${what}.`, { seconds: kSeconds, takesFocus: true, action: { label: 'Undo', run: () => undo(removal) } });
  removal.timer = setTimeout(async () => (await settle(removal)) && watchers.forEach((watcher) => watcher()), kSeconds * 1000);
  waiting.add(removal);
  change((ids) => removal.ids.forEach((id) => ids.add(id)));
}

export const flushRemovals = () => Promise.all([...waiting].map((removal) => settle(removal)));

// Those of every tab of this browser: before the session that they belong to ends.
export async function flushEverywhere() {
  await flushRemovals();
  channel.postMessage('flush');
  await navigator.locks?.request(kLock, { signal: AbortSignal.timeout(kLongestWait) }, () => {}).catch(() => {});
}

const channel = new BroadcastChannel(kLock);
channel.onmessage = () => flushRemovals();
window.addEventListener('pagehide', () => flushRemovals());
