// Where the reader is: real paths below /app/, through the history API. Links are plain <a href>; one listener makes
// those that stay here quick.
import { useLayoutEffect, useState } from './vendor/htm-preact.js';

const listeners = new Set();
let visits = 0;
let left = null;  // how far down the page was scrolled when it was left; null: it was not gone back to

const tell = () => listeners.forEach((listener) => listener());
history.scrollRestoration = 'manual';  // what is shown comes later than the browser would scroll
window.addEventListener('popstate', ({ state }) => {
  visits += 1;
  left = state?.left ?? 0;
  tell();
  window.scrollTo(0, left);
});

export function navigate(url, { replace = false } = {}) {
  const before = location.pathname;
  left = null;
  if (!replace) history.replaceState({ left: window.scrollY }, '');
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  if (location.pathname !== before) {
    visits += 1;
    window.scrollTo(0, 0);
  }
  tell();
}

// Of a page that the reader has gone back to: where it was scrolled to; else null.
export const leftAt = () => left;

// How often a path was gone to since the document was loaded; 0: the browser itself cares for the focus.
export const visitCount = () => visits;

export function useLocation() {
  const read = () => location.pathname + location.search;
  const [url, setUrl] = useState(read);
  useLayoutEffect(() => {  // as it appears: nothing that happens before the next frame is missed
    const listener = () => setUrl(read());
    listeners.add(listener);
    listener();
    return () => listeners.delete(listener);
  }, []);
  const { pathname, searchParams } = new URL(url, location.origin);
  return { path: pathname, query: searchParams };
}

const isPlain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

document.addEventListener('click', (event) => {
  const anchor = event.target.closest?.('a[href]');
  if (!anchor || event.defaultPrevented || !isPlain(event) || anchor.target || anchor.hasAttribute('download')) return;
  const url = new URL(anchor.href);
  if (url.origin !== location.origin || !/^\/app(\/|$)/.test(url.pathname) || (url.hash && url.pathname === location.pathname)) return;
  event.preventDefault();
  navigate(url.pathname + url.search + url.hash);
});

// What looks like a button, and is announced as one, is pressed like one.
document.addEventListener('keydown', (event) => {
  if (event.key !== ' ' || !event.target.matches?.('a[role=button]')) return;
  event.preventDefault();
  event.target.click();
});
