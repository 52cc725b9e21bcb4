// A part of the page whose code comes when it is first shown.
import { html, useEffect, useState } from '../vendor/htm-preact.js';
import { noAnswer } from '../api.js';
import { Failure, Loading } from './states.js';
import { sayError } from './toasts.js';

const page = (content) => html`<main id="main" class="page">${content}</main>`;

// Modules that could not be had stay so for the document, in some browsers: it begins again, once there is an answer; else
// the browser would put a page of its own in the place of this one.
function Failed() {
  const [error, setError] = useState(noAnswer);
  const again = () => fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).then(() => location.reload(), () => setError(noAnswer()));
  useEffect(() => {
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, []);
  return html`<${Failure} error=${error} retry=${again} />`;
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
