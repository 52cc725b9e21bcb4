// The frame of the views for those who are not signed in: one card in the middle.
import { html, useLayoutEffect, useRef } from '../vendor/htm-preact.js';
import { visitCount } from '../router.js';
import { Mark } from './icons.js';

// tag: what the frame is; `main`, unless a page is behind it.
export function Door({ title, children, below, tag = 'main' }) {
  const h1 = useRef(null);
  useLayoutEffect(() => {
    const before = document.title;
    document.title = `${title} · QuietLeaks`;
    if (tag !== 'main') return () => { document.title = before; };
    if (visitCount() > 0) h1.current.focus();
    return undefined;
  }, [title]);
  return html`<${tag} id=${tag === 'main' ? 'main' : null} class="door">
    <a class="brand" href="/"><${Mark} /><span>QuietLeaks</span></a>
    <article>
      <h1 ref=${h1} tabindex="-1">${title}</h1>
      ${children}
    </article>
    ${below && html`<p class="below">${below}</p>`}
  <//>`;
}
