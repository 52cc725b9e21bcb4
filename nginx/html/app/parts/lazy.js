// A part of the page whose code comes when it is first shown.
import { html, useEffect, useState } from '../vendor/htm-preact.js';
import { noAnswer } from '../api.js';
import { Failure, Loading } from './states.js';
import { sayError } from './toasts.js';

const page = (content) => html`<main id="main" class="page">${content}</main>`;

// Modules that could not be had stay so for the document, in some browsers: it begins again.
function Failed() {
  useEffect(() => {
    const again = () => location.reload();
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, []);
  return html`<${Failure} error=${noAnswer()} retry=${() => location.reload()} />`;
}

// load resolves to the component. inPage: it is a whole view, so that it has one's place while it comes. The result has
// preload(), to begin ahead.
export function lazy(load, { inPage = true } = {}) {
  let part = null;
  const preload = async () => {
    part ??= await load();
  };
  function Lazy(props) {
    const [state, setState] = useState(part ? 'here' : 'waiting');
    const failed = () => {
      setState('failed');
      if (inPage) return;
      sayError(noAnswer());
      props.onClose?.();
    };
    useEffect(() => {
      if (state === 'waiting') preload().then(() => setState('here'), failed);
    }, [state]);
    if (state === 'here') return html`<${part} ...${props} />`;
    if (inPage) return page(state === 'failed' ? html`<${Failed} />` : html`<${Loading} />`);
    return null;
  }
  Lazy.preload = () => preload().catch(() => {});
  return Lazy;
}
