// The dialog to add a link or to edit one. Of an edited link only what changed is sent, so that two people do not undo
// each other's work.
import { html, useRef } from '../vendor/htm-preact.js';
import { ask } from '../api.js';
import { Buttons, Dialog } from './dialog.js';
import { Field } from './field.js';
import { FormError, useForm } from './form.js';

const fields = ['url', 'label', 'slug', 'program', 'tags', 'add_tags', 'remove_tags', 'fallback_url'];
// A tag may have a comma in it, but no semicolon: where there is one, it is what separates.
const tagsOf = (text) => [...new Set(text.split(text.includes(';') ? ';' : ',').map((tag) => tag.trim()).filter(Boolean))];
const tagsText = (tags) => (tags.some((tag) => tag.includes(',')) ? tags.map((tag) => `${tag};`).join(' ') : tags.join(', '));

// What is to be done to the tags of a link that may have got others meanwhile. The text shows no blanks at their ends.
function tagChanges(link, text) {
  const typed = tagsOf(text);
  const known = new Set(link.tags.map((tag) => tag.trim()));
  const added = typed.filter((tag) => !known.has(tag));
  const removed = link.tags.filter((tag) => !typed.includes(tag.trim()));
  return [['add_tags', added], ['remove_tags', removed]].filter(([, tags]) => tags.length > 0);
}

const textOf = (link, name) => (name === 'tags' ? tagsText(link?.tags ?? []) : (link?.[name] ?? ''));
const valueOf = (name, text) => (name === 'tags' ? tagsOf(text) : text || null);

// The members whose text is not as it was shown: those of a new link that were not left empty, and of an old one what
// changed, null for what was emptied.
function bodyFor(link, values) {
  const changed = Object.entries(values).filter(([name, text]) => text !== textOf(link, name) && text.trim() !== textOf(link, name));
  return Object.fromEntries(changed.flatMap(([name, text]) => (link && name === 'tags' ? tagChanges(link, text) : [[name, valueOf(name, text.trim())]])));
}

// Makes a link. The same body asked for again is the same request, so that an answer that was lost makes no second link;
// but once it was refused, it is another one: the cause may be gone.
function useCreate() {
  const last = useRef({ text: '', key: '' });
  return async (body) => {
    const text = JSON.stringify(body);
    if (text !== last.current.text) last.current = { text, key: crypto.randomUUID() };
    try {
      return await ask('POST', '/api/v1/links', { body, headers: { 'Idempotency-Key': last.current.key }, repeatable: true });
    } catch (error) {
      if (error.status >= 400 && error.status < 500) last.current = { text: '', key: '' };
      throw error;
    }
  };
}

function Fields({ link, faults }) {
  const field = (name) => ({ name, value: textOf(link, name), fault: faults[name] ?? (name === 'tags' ? (faults.add_tags ?? faults.remove_tags) : undefined) });
  return html`
    <${Field} label="Destination" ...${field('url')} type="url" most="2048" required placeholder="https://" data-first=${link ? null : ''}
      hint="The affiliate URL that visitors are sent to." />
    <${Field} label="Label" ...${field('label')} most="200" required=${Boolean(link)} hint=${link ? null : 'Optional. Leave empty to name it after its destination.'} />
    <div class="grid">
      <${Field} label="Slug" ...${field('slug')} pattern="[A-Za-z0-9_\\-]+" most="64" rule="Use only letters, digits, “-” and “_”." required=${Boolean(link)}
        hint=${link ? 'If you change it, the old proxy URL stops working at once.' : 'The end of the proxy URL. Leave empty for a random one.'} />
      <${Field} label="Program" ...${field('program')} most="100" hint=${link ? null : 'Leave empty to detect it.'} />
    </div>
    <${Field} label="Tags" ...${field('tags')} hint="Separate tags with commas; with semicolons if a tag has a comma in it." />
    <${Field} label="Fallback URL" ...${field('fallback_url')} type="url" most="2048" hint="Where visitors go while the link is broken. Leave empty to use the account’s default." />`;
}

// link null: a new one. onSaved gets the link as it is now.
export function LinkForm({ link = null, onClose, onSaved }) {
  const create = useCreate();
  const { busy, error, faults, submit } = useForm(async (values) => {
    const body = bodyFor(link, values);
    const saved = link
      ? Object.keys(body).length > 0 ? await ask('PATCH', `/api/v1/links/${link.id}`, { body }) : link
      : await create(body);
    onSaved(saved);
  });
  return html`<${Dialog} title=${link ? 'Edit link' : 'Add link'} onClose=${onClose} fixed=${busy}>
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} faults=${faults} fields=${fields} />
      <${Fields} link=${link} faults=${faults} />
      <${Buttons} onClose=${onClose} label=${link ? 'Save' : 'Add link'} busy=${busy} />
    </form>
  <//>`;
}
