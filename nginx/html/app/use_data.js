// What a view shows of the API: asked for when the path changes, again when the connection is back, or the reader has
// signed in again or comes back to the tab, and never shown once another path is asked for.
import { useCallback, useEffect, useRef, useState } from './vendor/htm-preact.js';
import { ask } from './api.js';

const kFresh = 60000;  // ms; what is older is asked for again when the tab is seen again
export const kAgain = 'quietleaks:signed-in';  // an event of the window
export const askAgain = () => window.dispatchEvent(new Event(kAgain));

const nothing = { data: null, error: null, loading: true };

// path null: nothing is asked for. reload() keeps showing what is there until the new answer.
export function useData(path) {
  const [state, setState] = useState({ ...nothing, path });
  const controller = useRef(null);
  const asked = useRef(0);
  const load = useCallback(async () => {
    controller.current?.abort();
    if (path === null) return;
    const mine = (controller.current = new AbortController());
    asked.current = Date.now();
    setState((old) => (old.path === path ? { ...old, loading: true } : { ...nothing, path }));
    try {
      const data = await ask('GET', path, { signal: mine.signal });
      setState({ data, error: null, loading: false, path });
    } catch (error) {
      if (!mine.signal.aborted) setState((old) => ({ ...old, error, loading: false }));
    }
  }, [path]);
  useEffect(() => {
    load();
    const seen = () => document.visibilityState === 'visible' && Date.now() - asked.current > kFresh && load();
    for (const event of ['online', kAgain]) window.addEventListener(event, load);
    document.addEventListener('visibilitychange', seen);
    return () => {
      for (const event of ['online', kAgain]) window.removeEventListener(event, load);
      document.removeEventListener('visibilitychange', seen);
      controller.current?.abort();
    };
  }, [load]);
  // What is being asked for is older than what is set. next: the data, or a function of what is there, which adds to it.
  const set = useCallback((next) => {
    if (typeof next === 'function') return setState((old) => ({ ...old, data: next(old.data) }));
    controller.current?.abort();
    return setState((old) => ({ ...old, data: next, error: null, loading: false }));
  }, []);
  return { ...(state.path === path ? state : nothing), reload: load, set };
}
