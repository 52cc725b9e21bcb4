// The checks of one link: the last one's chain, those before it, and "check now", which waits for the new one. The first
// check of a new link comes by itself.
import { html, useCallback, useEffect, useRef, useState } from '../vendor/htm-preact.js';
import { ask } from '../api.js';
import { useData } from '../use_data.js';
import { counted, failureWords } from '../words.js';
import { Button, LoadMore } from './button.js';
import { Chain } from './chain.js';
import { Icon } from './icons.js';
import { Failure, Loading } from './states.js';
import { Outcome } from './status.js';
import { Time } from './time.js';
import { say, sayError } from './toasts.js';

const kPoll = 2000;      // ms
const kPatience = 60000;
const kPage = 10;

// {checks, waiting, checkNow, ...}; onNew is called when a check has come that was not there before.
export function useChecks(id, onNew) {
  const path = `/api/v1/links/${id}/checks?limit=${kPage}`;
  const list = useData(path);
  const [waiting, setWaiting] = useState(false);
  const timer = useRef(null);
  const here = useRef(true);
  const round = useRef(0);  // who begins to wait ends the wait before
  useEffect(() => () => {
    here.current = false;
    clearTimeout(timer.current);
  }, []);

  // quiet: nobody asked for it, nothing is said.
  const wait = useCallback((since, lastId, quiet = false) => {
    const mine = ++round.current;
    clearTimeout(timer.current);
    timer.current = setTimeout(async () => {
      const page = await ask('GET', path).catch(() => null);
      if (!here.current || mine !== round.current) return;
      if (page && (page.checks[0]?.id ?? null) !== lastId) {
        list.set(page);
        setWaiting(false);
        if (!quiet) say('Check finished.', { topic: 'check' });
        onNew();
      } else if (Date.now() - since > kPatience) {
        setWaiting(false);
        if (!quiet) say('The check has not come back yet. The monitor may be busy or not running. Reload this page later to see the result.', { seconds: 10, topic: 'check' });
      } else wait(since, lastId, quiet);
    }, kPoll);
  }, [path]);
  useEffect(() => {
    if (list.data?.checks.length === 0) wait(Date.now(), null, true);
  }, [list.data]);
  const checkNow = async () => {
    setWaiting(true);
    try {
      const lastId = list.data?.checks[0]?.id ?? null;
      await ask('POST', `/api/v1/links/${id}/check`, { repeatable: true });
      wait(Date.now(), lastId);
    } catch (error) {
      setWaiting(false);
      if (error.code === 'check_too_soon') say(`This link was checked less than a minute ago. Try again in ${counted(error.retryAfter ?? 60, 'second')}.`, { topic: 'check' });
      else sayError(error);
    }
  };
  return { ...list, checks: list.data?.checks ?? [], waiting, checkNow };
}

export function CheckNow({ checks }) {
  return html`<${Button} class="secondary outline" busy=${checks.waiting} onClick=${checks.checkNow}>
    ${!checks.waiting && html`<${Icon} name="refresh" />`}${checks.waiting ? 'Checking…' : 'Check now'}
  <//>`;
}

export function LastCheck({ checks }) {
  const [last] = checks.checks;
  return html`<section class="card" aria-labelledby="chain-title">
    <header><h2 id="chain-title">Where it leads</h2>${last && html`<span class="quiet">Checked <${Time} of=${last.checked_at} /></span>`}</header>
    <p role="status" class="quiet">${checks.waiting && 'Checking now. A destination that answers slowly, or not at all, takes up to a minute.'}</p>
    ${checks.error && !checks.data && html`<${Failure} error=${checks.error} retry=${checks.reload} />`}
    ${!checks.data && !checks.error && html`<${Loading} lines=${3} label="Loading checks" />`}
    ${checks.data && !last && html`<p class="quiet">No checks yet. Check it now to see where it leads.</p>`}
    ${last && html`<${Chain} check=${last} />`}
  </section>`;
}

function OldCheck({ check }) {
  return html`<li><details>
    <summary>
      <span class="check-time"><${Time} of=${check.checked_at} exact /></span>
      <${Outcome} check=${check} />
      <span class="check-why">${check.failure_mode && failureWords(check.failure_mode)}${!check.confirmed && check.status && html`<small>Not confirmed yet</small>`}</span>
      <span class="quiet check-end">${check.http_status ?? '–'} · ${check.duration_ms} ms</span>
    </summary>
    <${Chain} check=${check} />
  </details></li>`;
}

export function CheckHistory({ checks, id }) {
  const [busy, setBusy] = useState(false);
  const more = async () => {
    setBusy(true);
    try {
      const page = await ask('GET', `/api/v1/links/${id}/checks?limit=${kPage}&starting_after=${checks.checks.at(-1).id}`);
      checks.set((now) => ({ ...page, checks: [...now.checks, ...page.checks] }));
    } catch (error) {
      sayError(error);
    }
    setBusy(false);
  };
  if (checks.checks.length === 0) return null;
  return html`<section class="card" aria-labelledby="history-title">
    <header><h2 id="history-title">Check history</h2></header>
    <ul class="checks">${checks.checks.map((check) => html`<${OldCheck} key=${check.id} check=${check} />`)}</ul>
    ${checks.data.has_more && html`<${LoadMore} busy=${busy} onLoad=${more} entries=".checks summary" />`}
  </section>`;
}
