// Search and filters of the list of links. They live in the page's address, so that a view can be kept and sent on.
import { html, useEffect, useRef, useState } from '../vendor/htm-preact.js';
import { statuses } from '../words.js';
import { useSession } from '../session.js';
import { Icon } from './icons.js';

const kTypingPause = 250;  // ms without a key before a search begins

const sorts = [
  ['', 'Newest first'],
  ['created_at', 'Oldest first'],
  ['-clicks_30d', 'Most clicks'],
  ['clicks_30d', 'Fewest clicks'],
  ['label', 'Label, A to Z'],
  ['-label', 'Label, Z to A'],
  ['-last_checked_at', 'Recently checked'],
  ['last_checked_at', 'Least recently checked'],
];

// Of a proxy URL that is pasted, what is searched is its slug.
function slugIn(text, publicUrl) {
  const bare = text.replace(/^https?:\/\//i, '');
  const { host } = new URL(publicUrl);
  return /^\/go\/([\w-]+)/.exec(bare.startsWith(host) ? bare.slice(host.length) : bare)?.[1] ?? text;
}

// A text that is told of when the typing pauses, and follows `value` if that changes from outside. round: another one drops
// what was not told yet.
function Typed({ value, round, onChange, ...input }) {
  const [text, setText] = useState(value);
  const timer = useRef(null);
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    setText(value);
    return () => clearTimeout(timer.current);
  }, [round]);
  const tell = (next) => {
    told.current = next.trim();
    onChange(told.current);
  };
  const type = (event) => {
    const next = event.target.value;
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell(next), kTypingPause);
  };
  return html`<input ...${input} value=${text} onInput=${type} />`;
}

function Choice({ label, value, options, onChange, className }) {
  return html`<select aria-label=${label} class=${className} onChange=${(event) => onChange(event.target.value)}>
    ${options.map(([option, words]) => html`<option key=${option} value=${option} selected=${option === value}>${words}</option>`)}
  </select>`;
}

function Known({ id, words }) {
  return html`<datalist id=${id}>${words.map((word) => html`<option key=${word} value=${word}></option>`)}</datalist>`;
}

// words: {programs, tags} to propose, once they are known. onChange gets the members that changed.
export function LinkFilters({ filters, words, filtered, onChange }) {
  const { public_url: publicUrl } = useSession();
  const [round, setRound] = useState(0);
  const clear = () => {
    setRound(round + 1);
    onChange({ q: '', status: '', program: '', tag: '' });
    document.querySelector('.filters [type=search]').focus();  // the button goes
  };
  return html`<search class="filters">
    <div class="search"><${Icon} name="search" /><${Typed} round=${round} type="search" aria-label="Search labels, destinations and slugs" placeholder="Search links" maxlength="200" value=${filters.q} onChange=${(q) => onChange({ q: slugIn(q, publicUrl) })} /></div>
    <${Choice} label="Status" value=${filters.status} options=${[['', 'Any status'], ...Object.entries(statuses)]} onChange=${(status) => onChange({ status })} />
    <${Typed} round=${round} type="text" aria-label="Program" placeholder="Any program" list="known-programs" maxlength="100" value=${filters.program} onChange=${(program) => onChange({ program })} />
    <${Typed} round=${round} type="text" aria-label="Tag" placeholder="Any tag" list="known-tags" maxlength="50" value=${filters.tag} onChange=${(tag) => onChange({ tag })} />
    <${Choice} label="Sort by" value=${filters.sort} options=${sorts} onChange=${(sort) => onChange({ sort })} />
    ${filtered && html`<button type="button" class="plain" onClick=${clear}>Clear filters</button>`}
    <${Known} id="known-programs" words=${words?.programs ?? []} />
    <${Known} id="known-tags" words=${words?.tags ?? []} />
  </search>`;
}
