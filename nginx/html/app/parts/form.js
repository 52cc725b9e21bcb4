// A form that asks the API when it is sent: one request at a time, and what is wrong with its values beside the fields,
// in our words, whether the browser knows it (its own bubbles are off: forms are `novalidate`) or the API says it.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/htm-preact.js';
import { faultsByMember } from '../api.js';
import { kAgain } from '../use_data.js';
import { count } from '../words.js';

const wrongKind = {
  url: 'Enter a full web address, such as https://shop.example/desk.',
  email: 'Enter an email address, such as ann@agency.example.',
};

const isTooLong = ({ value, dataset }) => dataset.most !== undefined && [...value.trim()].length > Number(dataset.most);

// Blanks at the ends are no part of what is typed, but of a password.
const isMissing = ({ type, required, value }) => required && type !== 'password' && value.trim() === '';
const fits = ({ pattern, value }) => new RegExp(`^(?:${pattern})$`, 'u').test(value.trim());

// '' where there is none.
function faultOf(field) {
  const { validity } = field;
  if (isTooLong(field)) return `Use at most ${count(Number(field.dataset.most))} characters. These are ${count([...field.value.trim()].length)}.`;
  if (validity.valueMissing || isMissing(field)) return 'This field is required.';
  if (validity.typeMismatch) return wrongKind[field.type];
  if (validity.tooShort) return `Use at least ${field.minLength} characters.`;
  if (validity.patternMismatch) return fits(field) ? '' : field.dataset.rule;
  return field.validationMessage;
}

const faultsOf = (form) => Object.fromEntries([...form.elements].filter((field) => field.name).map((field) => [field.name, faultOf(field)]).filter(([, fault]) => fault));

// send: what to do with the form's values; rejects with ApiError. Returns {busy, error, faults, submit}, submit being
// the form's onSubmit.
export function useForm(send) {
  const [state, setState] = useState({ busy: false, error: null, faults: {} });
  const busy = useRef(false);
  // With the words of what is wrong, and not later: the reader may be typing elsewhere by then.
  const refused = useRef(null);
  useLayoutEffect(() => {
    refused.current?.querySelector('[aria-invalid=true]')?.focus();
    refused.current = null;
  }, [state.faults]);
  // What the end of a session hindered can be done now.
  useEffect(() => {
    const again = () => setState((old) => (old.error?.status === 401 ? { ...old, error: null } : old));
    window.addEventListener(kAgain, again);
    return () => window.removeEventListener(kAgain, again);
  }, []);
  const submit = async (event) => {
    event?.preventDefault();
    if (busy.current) return;
    const form = event?.currentTarget;
    const faults = form ? faultsOf(form) : {};
    if (Object.keys(faults).length > 0) {
      refused.current = form;
      setState({ busy: false, error: null, faults });
      return;
    }
    busy.current = true;
    setState({ busy: true, error: null, faults });
    try {
      await send(form ? Object.fromEntries(new FormData(form)) : null);
      form?.reset();  // to what is stored now: what is not touched from here on follows it
      setState({ busy: false, error: null, faults });
    } catch (error) {
      if (!('requestId' in error)) throw error;
      refused.current = form;
      setState({ busy: false, error, faults: faultsByMember(error) });
    } finally {
      busy.current = false;
    }
  };
  return { ...state, submit };
}

// The error, unless all of it is said beside the fields.
export function FormError({ error, faults = {}, fields = [] }) {
  if (!error) return null;
  const said = Object.keys(faults);
  if (said.length > 0 && said.every((member) => fields.includes(member))) return null;
  return html`<p class="form-error" role="alert">${error.message}
    ${error.requestId && error.status >= 500 && html`<br /><small>Request ID <code>${error.requestId}</code></small>`}</p>`;
}
