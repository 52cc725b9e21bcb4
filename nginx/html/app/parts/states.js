// What stands in a view's place while it has nothing to show: loading, empty, failed.
import { html, useEffect } from '../vendor/htm-preact.js';
import { Icon } from './icons.js';

export function Loading({ lines = 6, label = 'Loading' }) {
  return html`<div class="skeleton" role="status" aria-label=${label}>
    ${Array.from({ length: lines }, (_, line) => html`<span key=${line}></span>`)}
  </div>`;
}

export function Empty({ title, children }) {
  return html`<div class="empty">
    <img src="/app/mark.svg" alt="" width="40" height="40" />
    <p class="empty-title">${title}</p>
    ${children}
  </div>`;
}

const advice = {
  offline: 'Check your connection. This page keeps trying.',
  cut_answer: 'Try again.',
  not_found: 'It may have been deleted.',
};

function adviceFor(error) {
  if (advice[error.code]) return advice[error.code];
  if (error.status === 429) return '';  // it says when to try again
  if (error.status >= 500) return 'This is not your fault. Try again in a moment. If it keeps happening, give the request ID below to whoever runs this installation.';
  return 'If you think this is wrong, give the request ID below to whoever runs this installation.';
}

const titles = { offline: 'No connection to the server' };

const kAgain = 5000;  // ms

export function Failure({ error, retry }) {
  useEffect(() => {
    const timer = retry && error.code === 'offline' && setTimeout(retry, kAgain);
    return () => clearTimeout(timer);
  }, [error]);
  return html`<div class="failure" role="alert">
    <${Icon} name="warning" />
    <div>
      <p><strong>${titles[error.code] ?? error.title}</strong></p>
      <p>${error.message} ${adviceFor(error)}</p>
      ${error.requestId && html`<p class="quiet">Request ID <code>${error.requestId}</code></p>`}
      ${retry && error.status !== 404 && html`<button type="button" class="secondary outline" onClick=${retry}>Try again</button>`}
    </div>
  </div>`;
}
