// What can be done with several links at once.
import { html, useState } from '../vendor/htm-preact.js';
import { ask } from '../api.js';
import { count, counted } from '../words.js';
import { Buttons, Dialog } from './dialog.js';
import { Field } from './field.js';
import { FormError, useForm } from './form.js';
import { Icon } from './icons.js';
import { say } from './toasts.js';

const kAtOnce = 100;

// Every change in as many requests as it takes. Resolves to the links as they are now, and why the others did not
// change: `failed` one by one, `broken` what ended it in its midst.
async function updateAll(items) {
  const changed = [];
  const failed = [];
  let broken = null;
  for (let start = 0; start < items.length; start += kAtOnce) {
    const links = items.slice(start, start + kAtOnce).map((item) => ({ action: 'update', ...item }));
    try {
      const answer = await ask('POST', '/api/v1/links/bulk', { body: { links }, repeatable: true });
      for (const { link, error } of answer.results) (error ? failed : changed).push(error ?? link);
    } catch (error) {
      if (changed.length === 0) throw error;
      broken = error;
      break;
    }
  }
  return { changed, failed, broken };
}

const withTag = (links, tag) => links.filter((link) => !link.tags.includes(tag)).map(({ id }) => ({ id, add_tags: [tag] }));
const withoutTag = (links, tag) => links.filter((link) => link.tags.includes(tag)).map(({ id }) => ({ id, remove_tags: [tag] }));

function TagDialog({ links, adds, onClose, onChanged }) {
  const { busy, error, faults, submit } = useForm(async ({ tag }) => {
    const { changed, failed, broken } = await updateAll((adds ? withTag : withoutTag)(links, tag.trim()));
    if (broken) say(`${counted(changed.length, 'link')} changed, then it ended: ${broken.message} All are still selected: try again.`, { bad: true, seconds: 10 });
    else if (failed.length > 0) say(`${counted(failed.length, 'link')} could not be changed: ${failed[0].detail}`, { bad: true, seconds: 10 });
    else say(`${counted(changed.length, 'link')} changed.`);
    onChanged(changed);
  });
  const known = [...new Set(links.flatMap((link) => link.tags))].sort();
  return html`<${Dialog} title=${adds ? 'Add tag' : 'Remove tag'} onClose=${onClose} fixed=${busy}>
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} />
      ${adds
        ? html`<${Field} label="Tag" name="tag" most="50" pattern="[^;]*[^;\\s][^;]*" rule="A tag cannot contain a semicolon." fault=${faults.tag} required data-first=""
            hint=${`Added to ${counted(links.length, 'link')}. Links that already have it stay as they are.`} />`
        : html`<${Field} label="Tag" name="tag" options=${known.map((tag) => [tag, tag])} required data-first="" hint="It is removed from the selected links that have it." />`}
      <${Buttons} onClose=${onClose} label=${adds ? 'Add tag' : 'Remove tag'} busy=${busy} />
    </form>
  <//>`;
}

export function BulkBar({ links, onClear, onDelete, onChanged }) {
  const [dialog, setDialog] = useState(null);
  const close = () => setDialog(null);
  const clear = () => {
    onClear();
    document.querySelector('.select-all input').focus();  // the bar goes
  };
  const changed = (list) => {
    close();
    onChanged(list);
  };
  return html`<div class="bulk-bar" role="region" aria-label="Selected links">
    <strong>${count(links.length)} selected</strong>
    <div class="bulk-buttons">
      <button type="button" class="secondary outline" onClick=${() => setDialog('add')}>Add tag</button>
      <button type="button" class="secondary outline" disabled=${links.every((link) => link.tags.length === 0)} onClick=${() => setDialog('remove')}>Remove tag</button>
      <button type="button" class="danger outline" onClick=${() => onDelete(links)}><${Icon} name="trash" />Delete</button>
      <button type="button" class="plain" onClick=${clear}>Clear</button>
    </div>
  </div>
  ${dialog && html`<${TagDialog} links=${links} adds=${dialog === 'add'} onClose=${close} onChanged=${changed} />`}`;
}
