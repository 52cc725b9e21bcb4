// A modal dialog, which Escape closes. Where something was typed, Escape has to be pressed twice.
import { html, useRef, useState } from '../vendor/htm-preact.js';
import { Button } from './button.js';
import { useModal } from './modal.js';

let lastId = 0;

// fixed: neither Escape nor the cross closes it, as while an answer is waited for, which must not find another dialog in
// the place of its own.
export function Dialog({ title, onClose, children, fixed = false, wide = false }) {
  const id = useRef(`dialog-${++lastId}`).current;
  const typed = useRef(false);
  const [warned, setWarned] = useState(false);
  const type = ({ target }) => {
    if (target.matches('input:not([type=file])')) typed.current = true;
    setWarned(false);
  };
  const leave = () => {
    if (fixed) return;
    if (typed.current && !warned) setWarned(true);
    else onClose();
  };
  return html`<dialog ...${useModal(leave, '[data-first]')} aria-labelledby=${id} onInput=${type} class=${wide ? 'wide' : ''}>
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
    <${Button} type=${type} class=${danger ? 'danger' : ''} busy=${busy} onClick=${onClick}>${label}<//>
  </footer>`;
}
