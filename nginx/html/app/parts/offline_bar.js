// Says so while the browser is offline.
import { html, useLayoutEffect, useState } from '../vendor/htm-preact.js';

export function OfflineBar() {
  const [online, setOnline] = useState(navigator.onLine);
  useLayoutEffect(() => {
    const update = () => setOnline(navigator.onLine);
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  }, []);
  return html`<div role="status">${!online && html`<p class="offline">You are offline. What you see may be out of date. It reloads as soon as you are back online.</p>`}</div>`;
}
