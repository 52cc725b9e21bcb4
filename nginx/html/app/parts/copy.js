// Copies a text with one click, and says so.
import { html, useEffect, useState } from '../vendor/htm-preact.js';
import { Icon } from './icons.js';
import { say } from './toasts.js';

// what: for the screen reader and the message, as in "proxy URL". label: shown beside the icon. With a label it says itself
// what came of it, since a dialog lies over other messages.
export function Copy({ text, what, label = null, first = false }) {
  const [done, setDone] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const timer = done && setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      setFailed(false);
      if (!label) say(copied, { seconds: 2 });
    } catch {
      setFailed(true);
      if (!label) say(refused, { bad: true });
    }
  };
  const copied = `Copied the ${what}.`;
  const refused = `Your browser does not allow copying. Select the ${what} and copy it by hand.`;
  return html`<button type="button" class=${label ? 'copy secondary outline' : 'copy plain'} aria-label=${label ? null : `Copy the ${what}`}
      title=${label ? null : `Copy the ${what}`} onClick=${copy} data-first=${first ? '' : null}>
    <${Icon} name=${done ? 'check' : 'copy'} />${label}
  </button>
  ${label && html`<span role="status" class=${failed ? 'small' : 'hidden'}>${failed ? refused : done ? copied : ''}</span>`}`;
}
