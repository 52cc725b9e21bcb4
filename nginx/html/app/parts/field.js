// One labelled field of a form, with a hint and what is wrong with its value. A web address may be given without https://.
import { html, useRef, useState } from '../vendor/htm-preact.js';

let lastId = 0;

const kBareAddress = /^(?:\/\/)?((?:[\p{L}\d-]+\.)+\p{L}{2,}(?::\d+)?(?:[/?#].*)?)$/u;

// Completes an address that has no scheme when the reader leaves the field or sends the form; did it?
function complete(input) {
  const bare = kBareAddress.exec(input.value.trim());
  if (bare) input.value = `https://${bare[1]}`;
  return Boolean(bare);
}

function Input({ value, onCompleted, ...input }) {
  const change = input.type === 'url' ? (event) => onCompleted(complete(event.target)) : null;
  return html`<input type="text" defaultValue=${value} onChange=${change} ...${input} />`;
}

function Select({ value, options, ...input }) {
  return html`<select ...${input}>${options.map(([option, words]) => html`<option key=${option} value=${option} selected=${option === value}>${words}</option>`)}</select>`;
}

// The API calls a member by its name; the reader knows the label.
const told = (fault, name, label) => (fault?.startsWith(`${name} `) ? label + fault.slice(name.length) : fault);

// Other properties go to the input; value is what it begins with. fault: a sentence, or nothing. options: [[value, words]] makes a select.
// rule: what `pattern` demands, for form.js.
export function Field({ label, hint, fault, rule, ...input }) {
  const id = useRef(`field-${++lastId}`).current;
  const [completed, setCompleted] = useState(false);
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || null;
  const common = { id, 'aria-describedby': described, 'aria-invalid': fault ? 'true' : null, 'data-rule': rule, ...input };
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${input.options ? html`<${Select} ...${common} />` : html`<${Input} onCompleted=${setCompleted} ...${common} />`}
    ${input.type === 'url' && html`<small role="status" class="completed">${completed && 'We added https:// for you.'}</small>`}
    ${hint && html`<small id="${id}-hint">${hint}</small>`}
    ${fault && html`<small id="${id}-fault" class="fault">${told(fault, input.name, label)}</small>`}
  </div>`;
}

export function Switch({ label, ...input }) {
  return html`<label class="switch"><input type="checkbox" role="switch" ...${input} /> ${label}</label>`;
}
