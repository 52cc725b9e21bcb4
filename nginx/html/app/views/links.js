// Links: what leaks now, and all of them with search, filters, and what can be done with one or several.
import { html, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/htm-preact.js';
import { withQuery } from '../api.js';
import { LoadMore } from '../parts/button.js';
import { Icon } from '../parts/icons.js';
import { lazy } from '../parts/lazy.js';
import { Figures, Leaks, leaksPath, Standstill, totalOf } from '../parts/leaks.js';
import { LinkFilters } from '../parts/link_filters.js';
import { LinkTable } from '../parts/link_table.js';
import { Page } from '../parts/page.js';
import { Empty, Failure, Loading } from '../parts/states.js';
import { say, sayError } from '../parts/toasts.js';
import { kMostRemoved, onRemoved, removeLinks, useRemoved } from '../removals.js';
import { navigate, useLocation } from '../router.js';
import { useData } from '../use_data.js';
import { filtersOf, isFiltered, useLinks } from '../use_links.js';
import { usePaused } from '../use_paused.js';

const BulkBar = lazy(async () => (await import('../parts/bulk_bar.js')).BulkBar, { inPage: false });
const ImportDialog = lazy(async () => (await import('../parts/import_dialog.js')).ImportDialog, { inPage: false });
const LinkForm = lazy(async () => (await import('../parts/link_form.js')).LinkForm, { inPage: false });
const kLater = 4000;  // ms; behind all that is seen first

// toggle: of the link, or (through) of all from the one before to it, as with Shift held down.
function useSelection(links) {
  const [ids, setIds] = useState(new Set());
  const latest = useRef(null);
  const selected = links.filter((link) => ids.has(link.id));
  const toggle = (link, through) => {
    const to = links.indexOf(link);
    const from = through ? links.findIndex(({ id }) => id === latest.current) : -1;
    const range = from < 0 ? [link] : links.slice(Math.min(from, to), Math.max(from, to) + 1);
    latest.current = link.id;
    setIds((old) => {
      const next = new Set(old);
      for (const { id } of range) next[old.has(link.id) ? 'delete' : 'add'](id);
      return next;
    });
  };
  const clear = useCallback(() => setIds(new Set()), []);
  return { ids, selected, toggle, clear, toggleAll: () => (selected.length === links.length ? clear() : setIds(new Set(links.map((link) => link.id)))) };
}

function NoLinks({ filtered, onAdd, onImport }) {
  if (filtered) return html`<${Empty} title="No links found"><p>No link matches your search. Try fewer words, or <a href="/app/links">clear the filters</a>.</p><//>`;
  return html`<${Empty} title="No links yet">
    <p>Add an affiliate link and put its proxy URL into your article. QuietLeaks then keeps checking where it leads.</p>
    <p><button type="button" onClick=${onAdd}>Add link</button> <button type="button" class="secondary outline" onClick=${onImport}>Import from CSV</button></p>
  <//>`;
}

function Actions({ filters, setDialog }) {
  return html`
    <button type="button" onClick=${() => setDialog('add')}><${Icon} name="plus" />Add link</button>
    <button type="button" class="secondary outline" onClick=${() => setDialog('import')}><${Icon} name="upload" />Import</button>
    <a role="button" class="secondary outline" href=${withQuery('/api/v1/links/export', filters)} download="links.csv"><${Icon} name="download" />Export</a>`;
}

function List({ list, links, paused, filters, filtered, selection, change, setDialog, onDelete }) {
  if (list.error && !list.data) return html`<${Failure} error=${list.error} retry=${list.reload} />`;
  if (!list.data && !list.stale) return html`<${Loading} lines=${10} label="Loading links" />`;
  if (list.data && links.length === 0 && !list.more) return html`<${NoLinks} filtered=${filtered} onAdd=${() => setDialog('add')} onImport=${() => setDialog('import')} />`;
  return html`
    ${selection.selected.length > 0 && html`<${BulkBar} links=${selection.selected} onClear=${selection.clear} onDelete=${onDelete} onChanged=${list.replace} />`}
    <${LinkTable} links=${links} stale=${list.stale} paused=${paused} sort=${filters.sort || '-created_at'} selection=${selection} onSort=${(sort) => change({ sort })}
      onTag=${(tag) => change({ tag })} onEdit=${(link) => setDialog(link)} onDelete=${(link) => onDelete([link])} />
    ${list.more && html`<${LoadMore} busy=${list.busy} onLoad=${() => list.loadMore().catch(sayError)} entries=".link-name" />`}`;
}

function Dialogs({ dialog, close, list, reload }) {
  const saved = (link) => {
    close();
    if (dialog === 'add') {
      say(`Added “${link.label}”. Its proxy URL is live.`, { seconds: 8, action: { label: 'Open', run: () => navigate(`/app/links/${link.id}`) } });
      reload();
    } else {
      list.replace([link]);
      say('Saved.', { seconds: 3 });
    }
  };
  if (dialog === 'import') return html`<${ImportDialog} onClose=${close} onChanged=${reload} />`;
  if (dialog) return html`<${LinkForm} link=${dialog === 'add' ? null : dialog} onClose=${close} onSaved=${saved} />`;
  return null;
}

export function Links() {
  const { query } = useLocation();
  const filters = filtersOf(query);
  const filtered = isFiltered(filters);
  const removed = useRemoved();
  const list = useLinks(filters, removed);
  const links = useMemo(() => list.links.filter((link) => !removed.has(link.id)), [list.links, removed]);
  const leaks = useData(leaksPath);
  const moved = useData('/api/v1/links?status=redirected&limit=1');
  const all = useData('/api/v1/links?limit=1');
  const paused = usePaused(list.links);
  const [dialog, setDialog] = useState(null);
  const selection = useSelection(links);
  const words = useData('/api/app/words');
  const monitors = useData('/api/app/monitors').data;
  useLayoutEffect(() => onRemoved(() => [leaks, moved, all].forEach((one) => one.reload())), []);
  useEffect(() => {
    if (list.more && links.length === 0 && !list.busy) list.loadMore().catch(sayError);  // all that was listed is deleted
  }, [list.more, links.length]);
  useEffect(selection.clear, [query.toString()]);
  useEffect(() => {
    const timer = setTimeout(() => [LinkForm, BulkBar, ImportDialog].forEach((part) => part.preload()), kLater);
    return () => clearTimeout(timer);
  }, []);

  // From where the reader is now: another filter may have changed while this one was typed.
  const change = (members) => navigate(withQuery(location.pathname, { ...filtersOf(new URLSearchParams(location.search)), ...members }), { replace: true });
  const reload = () => [list, leaks, moved, all, words].forEach((one) => one.reload());
  const remove = (some) => {
    if (some.length > kMostRemoved) {
      say(`You can delete up to ${kMostRemoved} links at once. Select fewer.`, { bad: true });
      return;
    }
    removeLinks(some);
  };
  return html`<${Page} title="Links" actions=${html`<${Actions} filters=${filters} setDialog=${setDialog} />`}>
    <${Standstill} monitors=${monitors} />
    <${Figures} leaks=${leaks} moved=${moved} all=${all} monitors=${monitors} />
    ${!filtered && html`<${Leaks} leaks=${leaks} removed=${removed} any=${all.data?.total > 0} monitors=${monitors} />`}
    <section class="list" aria-labelledby="list-title">
      <header><h2 id="list-title">${filtered ? 'Matching links' : 'All links'}</h2><span class="quiet" role="status">${list.data && filtered ? `${totalOf({ ...list.data, total: list.data.total - (list.links.length - links.length) })} found` : ''}</span></header>
      <${LinkFilters} filters=${filters} words=${words.data} filtered=${filtered} onChange=${change} />
      <${List} list=${list} links=${links} paused=${paused} filters=${filters} filtered=${filtered} selection=${selection} change=${change} setDialog=${setDialog} onDelete=${remove} />
    </section>
    <${Dialogs} dialog=${dialog} close=${() => setDialog(null)} list=${list} reload=${reload} />
  <//>`;
}
