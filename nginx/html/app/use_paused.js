// Which of the links in a list are paused. Lists do not say it, so that they stay quick: it is asked for beside them, once
// for every link that comes in.
import { useEffect, useRef, useState } from './vendor/htm-preact.js';
import { ask, withQuery } from './api.js';

const kAtOnce = 100;

// The ids of those that are known to be; without an answer none is marked.
export function usePaused(links) {
  const [paused, setPaused] = useState(new Set());
  const asked = useRef(new WeakSet()).current;
  useEffect(() => {
    const fresh = links.filter((link) => !asked.has(link)).slice(0, kAtOnce).map((link) => asked.add(link) && link.id);
    if (fresh.length === 0) return;
    ask('GET', withQuery('/api/app/paused', { ids: fresh.join() })).then((answer) => setPaused((old) => {
      const next = new Set(old);
      fresh.forEach((id) => next.delete(id));
      answer.paused.forEach((id) => next.add(id));
      return next;
    }), () => {});
  }, [links]);
  return paused;
}
