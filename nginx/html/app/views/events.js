// Events: what happened to links and keys, newest first.
import { html, useState } from '../vendor/htm-preact.js';
import { ask, withQuery } from '../api.js';
import { LoadMore } from '../parts/button.js';
import { Page } from '../parts/page.js';
import { Empty, Failure, Loading } from '../parts/states.js';
import { Status } from '../parts/status.js';
import { Table } from '../parts/table.js';
import { Time } from '../parts/time.js';
import { sayError } from '../parts/toasts.js';
import { navigate, useLocation } from '../router.js';
import { useData } from '../use_data.js';
import { eventTypes, failureWords, statuses } from '../words.js';

const kPage = 50;
const actors = { monitor: 'Monitor', operator: 'Operator', user: 'User', api_key: 'API key' };
const members = { label: 'label', url: 'destination', slug: 'slug', program: 'program', tags: 'tags', fallback_url: 'fallback URL', paused: 'paused', expected_host: 'expected host', tag_parameter: 'tag parameter', baseline: 'baseline' };

function inWords(value) {
  if (value === null || value === '' || value?.length === 0) return 'none';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? (value.url ?? JSON.stringify(value)) : String(value);
}

function StatusChange({ event }) {
  const { status, failure_mode: mode } = event.changes;
  return html`<span class="change">${status?.from && statuses[status.from] ? html`<${Status} of=${status.from} /><span aria-hidden="true">→</span><span class="hidden">to</span>` : null}
    ${status ? html`<${Status} of=${status.to} />` : null}${mode?.to && html`<small class="why">${failureWords(mode.to)}</small>`}</span>`;
}

function Changes({ event }) {
  const changes = Object.entries(event.changes);
  if (event.type === 'link.status_changed') return html`<${StatusChange} event=${event} />`;
  if (event.key) return html`${event.key.name} <span class="quiet">(${event.key.scope}, …${event.key.last_four})</span>`;
  if (changes.length === 0) return html`<span class="quiet">–</span>`;
  if (event.changes.paused && changes.length === 1) return event.changes.paused.to ? 'Regular checks paused' : 'Regular checks resumed';
  return html`<ul class="changes">${changes.map(([name, { from, to }]) => html`<li key=${name}>${members[name] ?? name}: <del>${inWords(from)}</del> <span aria-hidden="true">→</span> <ins>${inWords(to)}</ins></li>`)}</ul>`;
}

function Subject({ event }) {
  if (!event.link) return html`<span class="quiet">${event.key ? 'API key' : '–'}</span>`;
  if (event.type === 'link.deleted') return event.link.label;
  return html`<a href="/app/links/${event.link_id}">${event.link.label}</a>`;
}

const columns = [
  { label: 'Event', rowHeader: true, cell: (event) => eventTypes[event.type] ?? event.type },
  { label: 'Link', words: true, cell: (event) => html`<${Subject} event=${event} />` },
  { label: 'Change', words: true, className: 'change-cell', cell: (event) => html`<${Changes} event=${event} />` },
  { label: 'Who', words: true, className: 'actor', cell: ({ actor }) => html`${actors[actor.type] ?? actor.type}${actor.name && html` <small class="quiet">${actor.name}</small>`}` },
  { label: 'When', className: 'when', cell: (event) => html`<${Time} of=${event.created_at} />` },
];

// Pages are held by what they continue, so that a page of other filters is never added to a list.
function useEvents(type) {
  const path = withQuery('/api/v1/events', { type, limit: kPage });
  const first = useData(path);
  const [rest, setRest] = useState({ of: null, events: [], more: false });
  const [busy, setBusy] = useState(false);
  const later = rest.of === first.data ? rest : { events: [], more: first.data?.has_more ?? false };
  const events = [...(first.data?.events ?? []), ...later.events];
  const loadMore = async () => {
    setBusy(true);
    try {
      const page = await ask('GET', withQuery('/api/v1/events', { type, limit: kPage, before: events.at(-1).seq }));
      setRest({ of: first.data, events: [...later.events, ...page.events], more: page.has_more });
    } catch (error) {
      sayError(error);
    }
    setBusy(false);
  };
  return { ...first, events, more: later.more, busy, loadMore };
}

function List({ list }) {
  if (list.error && !list.data) return html`<${Failure} error=${list.error} retry=${list.reload} />`;
  if (!list.data) return html`<${Loading} lines=${10} label="Loading events" />`;
  if (list.events.length === 0) return html`<${Empty} title="No events yet"><p>You will see here when a link breaks, recovers or is changed.</p><//>`;
  return html`<${Table} caption="Events, newest first" rows=${list.events} columns=${columns} />
    ${list.more && html`<${LoadMore} busy=${list.busy} onLoad=${list.loadMore} entries="[aria-label='Events, newest first'] a" />`}`;
}

export function Events() {
  const type = useLocation().query.get('type') ?? '';
  const list = useEvents(type);
  const choose = (event) => navigate(withQuery('/app/events', { type: event.target.value }), { replace: true });
  return html`<${Page} title="Events">
    <search class="filters">
      <select aria-label="Type" onChange=${choose}>
        <option value="" selected=${type === ''}>Any type</option>
        ${Object.entries(eventTypes).map(([value, words]) => html`<option key=${value} value=${value} selected=${value === type}>${words}</option>`)}
      </select>
      <button type="button" class="secondary outline" onClick=${list.reload}>Refresh</button>
    </search>
    <${List} list=${list} />
  <//>`;
}
