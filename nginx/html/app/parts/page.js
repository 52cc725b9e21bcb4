// The frame of a view: the document's title, and the heading, which gets the focus when the reader comes here.
import { html, useLayoutEffect, useRef } from '../vendor/htm-preact.js';
import { visitCount } from '../router.js';

export function Page({ title, heading = title, actions, above, children, className = '' }) {
  const h1 = useRef(null);
  useLayoutEffect(() => {
    document.title = `${title} · QuietLeaks`;
  }, [title]);
  useLayoutEffect(() => {
    if (visitCount() > 0) h1.current.focus({ preventScroll: true });
  }, []);
  return html`<main id="main" class="page ${className}">
    ${above}
    <header class="page-head">
      <h1 ref=${h1} tabindex="-1">${heading}</h1>
      ${actions && html`<div class="actions">${actions}</div>`}
    </header>
    ${children}
  </main>`;
}
