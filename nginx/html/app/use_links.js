// The list of links by the reader's filters, page by page: each begins behind the last link of the one before, which
// costs the same at any depth.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from './vendor/htm-preact.js';
import { ask, withQuery } from './api.js';
import { leftAt } from './router.js';
import { useData } from './use_data.js';

const kPage = 30;
const filterNames = ['q', 'status', 'program', 'tag'];

// {q, status, program, tag, sort} of a URL's query; '' where it has none.
export function filtersOf(query) {
  return Object.fromEntries([...filterNames, 'sort'].map((name) => [name, query.get(name) ?? '']));
}

export const isFiltered = (filters) => filterNames.some((name) => filters[name] !== '');

// Those that are not listed yet: behind a removed one it begins with the one before it.
function fresh(listed, links) {
  const known = new Set(listed.map(({ id }) => id));
  return links.filter(({ id }) => !known.has(id));
}

// The first page as it is now, and what had been listed behind its last link, so that nobody loses their place. Where that
// link was not listed there may be others between, and the list begins anew.
function renewed(list, path, page) {
  const last = page.links.at(-1)?.id;
  const at = list.path === path && page.has_more ? list.links.findIndex(({ id }) => id === last) : -1;
  const rest = at < 0 ? [] : fresh(page.links, list.links.slice(at + 1));
  return { path, links: [...page.links, ...rest], more: rest.length > 0 ? list.more : page.has_more };
}

const nothing = { path: null, links: [], more: false };
let kept = { list: nothing, data: null };  // as it was left, for whoever goes back to it

// removed: ids that are not shown; a page cannot begin behind one that may be gone.
export function useLinks(filters, removed) {
  const path = withQuery('/api/v1/links', { ...filters, limit: kPage });
  const first = useData(path);
  const [back] = useState(() => (leftAt() !== null && kept.list.path === path ? kept : { list: nothing, data: null }));
  const [list, setList] = useState(back.list);
  const [busy, setBusy] = useState(false);
  const data = first.data ?? (back.list.path === path ? back.data : null);
  const current = useRef(null);
  current.current = path;
  useEffect(() => {
    if (first.data) setList((old) => renewed(old, path, first.data));
  }, [first.data]);
  useLayoutEffect(() => {
    if (back.data) window.scrollTo(0, leftAt());
  }, []);
  useEffect(() => {
    kept = { list, data };
  }, [list, data]);

  const loadMore = useCallback(async () => {
    setBusy(true);
    try {
      const anew = () => {
        setList(nothing);
        first.reload();
      };
      const last = list.links.findLast((link) => !removed.has(link.id)) ?? list.links.at(-1);
      const page = await ask('GET', `${path}&starting_after=${last.id}`).catch((error) => {
        if (error.status !== 400) throw error;
        anew();  // it is deleted
        return null;
      });
      if (page === null) return;
      if (current.current === path) setList((old) => ({ ...old, links: [...old.links, ...fresh(old.links, page.links)], more: page.has_more }));
    } finally {
      setBusy(false);
    }
  }, [path, list, removed]);
  const replace = useCallback((changed) => {
    const byId = new Map(changed.map((link) => [link.id, link]));
    setList((old) => ({ ...old, links: old.links.map((link) => byId.get(link.id) ?? link) }));
  }, []);
  // Until the answer to another filter or order comes, what was listed stays.
  const stale = !data && list.path !== null && list.path !== path;
  const shown = list.path === path || stale ? list : { links: data?.links ?? [], more: false };
  return { ...first, data, stale, links: shown.links, more: shown.more && !stale, busy, loadMore, replace };
}
