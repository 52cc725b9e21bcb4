// A link's status: a colour, a shape and the word.
import { html } from '../vendor/htm-preact.js';
import { statuses } from '../words.js';

export function Status({ of }) {
  return html`<span class="status status-${of}"><i aria-hidden="true"></i>${statuses[of] ?? of}</span>`;
}

// A link that is checked only when somebody asks.
export function Paused() {
  return html`<span class="tag paused" title="Checked only when you ask for it">Paused</span>`;
}

// A check's outcome, where that is no status.
export function Outcome({ check }) {
  if (check.status) return html`<${Status} of=${check.status} />`;
  const word = check.outcome === 'refused' ? 'Not checked' : 'Inconclusive';
  return html`<span class="status status-pending"><i aria-hidden="true"></i>${word}</span>`;
}
