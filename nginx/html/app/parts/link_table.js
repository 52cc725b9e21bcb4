// The table of links.
import { html } from '../vendor/htm-preact.js';
import { count, failureWords, hostOf } from '../words.js';
import { Copy } from './copy.js';
import { Icon } from './icons.js';
import { Paused, Status } from './status.js';
import { Table } from './table.js';
import { Time } from './time.js';

function Name({ link, onTag }) {
  return html`<a class="link-name" href="/app/links/${link.id}">${link.label}</a>
    <span class="link-proxy"><span title=${link.url}>${hostOf(link.proxy_url)}/go/<b>${link.slug}</b></span><${Copy} text=${link.proxy_url} what=${`proxy URL of ${link.label}`} /></span>
    ${link.tags.length > 0 && html`<span class="tags">${link.tags.map((tag) => html`<button key=${tag} type="button" class="tag" title="Show links with this tag" onClick=${() => onTag(tag)}>${tag}</button>`)}</span>`}`;
}

function Buttons({ link, onEdit, onDelete }) {
  return html`<span class="row-buttons">
    <button type="button" class="plain" aria-label="Edit ${link.label}" title="Edit" onClick=${() => onEdit(link)}><${Icon} name="edit" /></button>
    <button type="button" class="plain" aria-label="Delete ${link.label}" title="Delete" data-careful="" onClick=${() => onDelete(link)}><${Icon} name="trash" /></button>
  </span>`;
}

function SelectAll({ links, selection }) {
  const all = links.length > 0 && selection.selected.length === links.length;
  const some = selection.selected.length > 0 && !all;
  return html`<label class="select-all"><input type="checkbox" checked=${all} indeterminate=${some} onChange=${selection.toggleAll} />Select all shown</label>`;
}

function columnsFor({ paused, selection, onTag, onEdit, onDelete }) {
  // With Shift, the press would select text as well.
  const box = (link) => html`<input type="checkbox" aria-label="Select ${link.label}" checked=${selection.ids.has(link.id)}
    onMouseDown=${(event) => event.shiftKey && event.preventDefault()} onClick=${(event) => selection.toggle(link, event.shiftKey)} />`;
  const status = (link) => html`<span class="states"><${Status} of=${link.status} />${paused.has(link.id) && html`<${Paused} />`}</span>${link.failure_mode && html`<small class="why">${failureWords(link.failure_mode)}</small>`}`;
  return [
    { label: 'Select', hidden: true, className: 'select', cell: box },
    { label: 'Link', sort: 'label', rowHeader: true, cell: (link) => html`<${Name} link=${link} onTag=${onTag} />` },
    { label: 'Status', cell: status, className: 'status-cell' },
    { label: 'Program', words: true, className: 'program', cell: (link) => link.program ?? html`<span class="quiet">None</span>` },
    { label: 'Clicks (30 days)', sort: 'clicks_30d', numeric: true, className: 'clicks', cell: (link) => html`${count(link.clicks_30d)}<span class="unit">${link.clicks_30d === 1 ? 'click' : 'clicks'}</span>` },
    { label: 'Last checked', sort: 'last_checked_at', descendsFirst: true, className: 'checked', cell: (link) => html`<${Time} of=${link.last_checked_at} never="Not checked yet" />` },
    { label: 'Actions', hidden: true, className: 'row-actions', cell: (link) => html`<${Buttons} link=${link} onEdit=${onEdit} onDelete=${onDelete} />` },
  ];
}

// stale: they are still those of another filter or order.
export function LinkTable({ links, stale, sort, onSort, selection, ...actions }) {
  return html`<div class=${stale ? 'stale' : null} aria-busy=${stale ? 'true' : null}>
    <${SelectAll} links=${links} selection=${selection} />
    <${Table} caption="Links" className="link-list" rows=${links} columns=${columnsFor({ selection, ...actions })} sort=${sort} onSort=${onSort}
      rowClass=${(link) => (selection.ids.has(link.id) ? 'selected' : null)} />
  </div>`;
}
