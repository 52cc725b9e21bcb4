// A button that does nothing while it is at work, but keeps the focus: what is `disabled` loses it.
import { html } from '../vendor/htm-preact.js';

export function Button({ busy, type = 'button', onClick, children, ...others }) {
  const press = (event) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return html`<button ...${others} type=${type} aria-busy=${busy ? 'true' : null} aria-disabled=${busy ? 'true' : null} onClick=${press}>${children}</button>`;
}

// The rest of a list, page by page. entries: a selector of what in each entry can have the focus; it goes to the first new
// one when there is no more to load.
export function LoadMore({ busy, onLoad, entries }) {
  const load = async () => {
    const before = document.querySelectorAll(entries).length;
    await onLoad();
    setTimeout(() => {
      if (document.activeElement === document.body) document.querySelectorAll(entries)[before]?.focus();
    });
  };
  return html`<p class="load-more"><${Button} class="secondary outline" busy=${busy} onClick=${load}>Load more<//></p>`;
}
