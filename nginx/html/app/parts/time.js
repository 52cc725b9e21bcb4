// A time in the reader's zone; UTC on hover.
import { html, useEffect, useState } from '../vendor/htm-preact.js';
import { localTime, relativeTime, utcTime } from '../dates.js';

const listeners = new Set();
setInterval(() => listeners.forEach((listener) => listener(Date.now())), 60000);

// Draws what uses it anew each minute.
function useMinutes() {
  const [, setNow] = useState(0);
  useEffect(() => {
    listeners.add(setNow);
    return () => listeners.delete(setNow);
  }, []);
}

// of: the API's time, or null for `never`. exact: the date rather than how long ago.
export function Time({ of, never = 'Never', exact = false }) {
  useMinutes();
  if (!of) return html`<span class="quiet">${never}</span>`;
  const title = exact ? utcTime(of) : `${localTime(of)} (${utcTime(of)})`;
  return html`<time datetime=${of} title=${title}>${exact ? localTime(of) : relativeTime(of)}</time>`;
}
