// Short messages at the edge of the page, in a live region. One may have something to do in it, as "Undo".
import { html, useLayoutEffect, useRef, useState } from '../vendor/htm-preact.js';

const listeners = new Set();
let toasts = [];
let lastId = 0;

function change(next) {
  toasts = next;
  listeners.forEach((listener) => listener(toasts));
}

export const dismiss = (id) => change(toasts.filter((toast) => toast.id !== id));

// action: {label, run}, which also ends the message; takesFocus: its button has the focus, because what had it is gone;
// topic: an earlier message about the same is taken away, as is one of the same words with nothing to do in it. Returns the
// message's id.
export function say(text, { action = null, seconds = 5, bad = false, takesFocus = false, topic = null } = {}) {
  const id = ++lastId;
  const others = toasts.filter((toast) => (toast.action || toast.text !== text) && (topic === null || toast.topic !== topic));
  const dropped = others.filter((toast) => !toast.action).slice(0, -2);  // what can still be done stays
  change([...others.filter((toast) => !dropped.includes(toast)), { id, text, action, bad, takesFocus, topic }]);
  setTimeout(() => dismiss(id), seconds * 1000);
  return id;
}

export const sayError = (error) => say(error.requestId ? `${error.message} (request ${error.requestId})` : error.message, { seconds: 10, bad: true });

function Toast({ toast }) {
  const button = useRef(null);
  useLayoutEffect(() => {
    const own = button.current;
    if (toast.takesFocus) own.focus();
    return () => own !== null && own === document.activeElement && document.querySelector('h1')?.focus({ preventScroll: true });
  }, []);
  const run = () => {
    dismiss(toast.id);
    toast.action.run();
  };
  return html`<div class="toast ${toast.bad ? 'bad' : ''}">
    <span>${toast.text}</span>
    ${toast.action && html`<button ref=${button} type="button" onClick=${run}>${toast.action.label}</button>`}
  </div>`;
}

export function Toasts() {
  const [shown, setShown] = useState(toasts);
  useLayoutEffect(() => {
    listeners.add(setShown);
    return () => listeners.delete(setShown);
  }, []);
  return html`<section class="toasts" aria-label="Messages" role="status" aria-live="polite">
    ${shown.map((toast) => html`<${Toast} key=${toast.id} toast=${toast} />`)}
  </section>`;
}
