// One labelled field of a form, with a hint and what is wrong with its value. A web address may be given without https://.
import { html, useRef, useState } from '../vendor/htm-preact.js';

let lastId = 0;

const kBareAddress = /^(?:\/\/)?((?:[\p{L}\d-]+\.)+\p{L}{2,}(?::\d+)?(?:[/?#].*)?)$/u;

// What the API wants of an address, done when the reader leaves the field or sends the form. Returns what was done.
function complete(input) {
  const done = [];
  const bare = kBareAddress.exec(input.value.trim());
  if (bare) {
    input.value = `https://${bare[1]}`;
    done.push('added https://');
  }
  if (/[^!-~]/.test(input.value.trim()) && URL.canParse(input.value)) {
    input.value = new URL(input.value).href;
    done.push('encoded its special characters');
  }
  return done.length > 0 ? `We ${done.join(' and ')} for you.` : '';
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
// rule: what `pattern` demands; most: characters; both for form.js, because a browser would cut what is pasted.
export function Field({ label, hint, fault, rule, most, ...input }) {
  const id = useRef(`field-${++lastId}`).current;
  const [completed, setCompleted] = useState('');
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ') || null;
  const common = { id, 'aria-describedby': described, 'aria-invalid': fault ? 'true' : null, 'data-rule': rule, 'data-most': most, ...input };
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${input.options ? html`<${Select} ...${common} />` : html`<${Input} onCompleted=${setCompleted} ...${common} />`}
    ${input.type === 'url' && html`<small role="status" class="completed">${completed}</small>`}
    ${hint && html`<small id="${id}-hint">${hint}</small>`}
    ${fault && html`<small id="${id}-fault" class="fault">${told(fault, input.name, label)}</small>`}
  </div>`;
}

export function Switch({ label, ...input }) {
  return html`<label class="switch"><input type="checkbox" role="switch" ...${input} /> ${label}</label>`;
}
