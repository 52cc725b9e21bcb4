// A modal dialog: the browser's own, so that the focus stays inside and Escape closes. Where something was typed, Escape
// has to be pressed twice. The focus goes back to where it was, or to the heading if that is gone.
import { html, useEffect, useRef, useState } from '../vendor/htm-preact.js';

let lastId = 0;

function giveBack(opener) {
  const target = opener?.isConnected ? opener : document.querySelector('h1');
  target?.focus();
}

// onClose is called once, however it is closed. fixed: neither Escape nor the cross closes it, as while an answer is
// waited for, which must not find another dialog in the place of its own.
export function Dialog({ title, onClose, children, fixed = false, wide = false }) {
  const dialog = useRef(null);
  const mounted = useRef(true);
  const id = useRef(`dialog-${++lastId}`).current;
  const typed = useRef(false);
  const [warned, setWarned] = useState(false);
  const type = ({ target }) => {
    if (target.matches('input:not([type=file])')) typed.current = true;
    setWarned(false);
  };
  useEffect(() => {
    const opener = document.activeElement;
    const shown = dialog.current;
    shown.showModal();
    shown.querySelector('[data-first]')?.focus();
    return () => {
      mounted.current = false;
      shown.close();  // nothing behind an open one takes the focus
      giveBack(opener);
    };
  }, []);
  const cancel = (event) => {
    event.preventDefault();
    if (fixed) return;
    if (typed.current && !warned) setWarned(true);
    else onClose();
  };
  // Browsers close it of their own accord when Escape is pressed again and again.
  const closed = () => {
    if (!mounted.current) return;
    if (fixed) dialog.current.showModal();
    else onClose();
  };
  return html`<dialog ref=${dialog} aria-labelledby=${id} onCancel=${cancel} onClose=${closed} onInput=${type} class=${wide ? 'wide' : ''}>
    <article>
      <header>
        <h2 id=${id}>${title}</h2>
        ${!fixed && html`<button type="button" class="shut" aria-label="Close" onClick=${onClose}>×</button>`}
      </header>
      ${warned && html`<p class="notice" role="alert">Press Escape again to discard what you typed.</p>`}
      ${children}
    </article>
  </dialog>`;
}

// The way out of a dialog, and the way on.
export function Buttons({ onClose, label, busy, danger = false, cancel = 'Cancel', type = 'submit', onClick }) {
  return html`<footer>
    <button type="button" class="secondary outline" disabled=${busy} onClick=${onClose}>${cancel}</button>
    <button type=${type} class=${danger ? 'danger' : ''} aria-busy=${busy ? 'true' : null} disabled=${busy} onClick=${onClick}>${label}</button>
  </footer>`;
}
