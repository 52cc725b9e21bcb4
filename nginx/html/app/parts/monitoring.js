// How one link is checked: paused or not, where it has to end, what is accepted, and where its visitors go meanwhile.
import { html, useState } from '../vendor/htm-preact.js';
import { ask } from '../api.js';
import { useSession } from '../session.js';
import { failureWords, statuses } from '../words.js';
import { Button } from './button.js';
import { Buttons, Dialog } from './dialog.js';
import { Field, Switch } from './field.js';
import { FormError, useForm } from './form.js';
import { Failure, Loading } from './states.js';
import { Time } from './time.js';
import { say, sayError } from './toasts.js';

const orNull = (text) => text.trim() || null;

function Suspicion({ of }) {
  if (!of) return null;
  const what = of.failure_mode ? failureWords(of.failure_mode).toLowerCase() : statuses[of.status].toLowerCase();
  return html`<p class="notice">The last ${of.times === 1 ? 'check' : `${of.times} checks`} found: ${what}. The status changes once more checks confirm it.</p>`;
}

function NextCheck({ monitoring: { paused, next_check_at: next } }) {
  if (paused) return 'Paused: checked only when you ask for it.';
  if (next === null) return 'No check is planned. Ask for one with “Check now”.';
  const wait = new Date(next) - Date.now();
  if (wait <= 0) return 'The next check is due now.';
  if (wait < 60000) return 'The next check comes within a minute.';
  return html`Next check <${Time} of=${next} />.`;
}

function Rules({ id, monitoring, onChange }) {
  const { busy, error, faults, submit } = useForm(async ({ expected_host, tag_parameter, watched }) => {
    const rules = { paused: !watched, expected_host: orNull(expected_host), tag_parameter: orNull(tag_parameter) };
    // What was not touched stays as somebody else may have set it meanwhile.
    const body = Object.fromEntries(Object.entries(rules).filter(([name, value]) => value !== monitoring[name]));
    onChange(await ask('PATCH', `/api/v1/links/${id}/monitoring`, { body }));
    say('Saved.', { seconds: 3 });
  });
  return html`<form novalidate onSubmit=${submit}>
    <${FormError} error=${error} faults=${faults} fields=${['expected_host', 'tag_parameter']} />
    <${Switch} label="Check this link regularly" name="watched" defaultChecked=${!monitoring.paused} />
    <p class="quiet small"><${NextCheck} monitoring=${monitoring} /></p>
    <div class="grid">
      <${Field} label="Expected host" name="expected_host" most="253" value=${monitoring.expected_host ?? ''} placeholder="shop.example" hint="The link must end on this host or a subdomain of it." fault=${faults.expected_host} />
      <${Field} label="Tag parameter" name="tag_parameter" most="64" pattern="[A-Za-z0-9_.\\-]+" rule="Use only letters, digits, “.”, “-” and “_”." value=${monitoring.tag_parameter ?? ''} placeholder="tag" hint="The final URL must contain it." fault=${faults.tag_parameter} />
    </div>
    <${Button} type="submit" class="secondary" busy=${busy}>Save<//>
  </form>`;
}

// Of a page that is gone nobody can say that it is fine.
const acceptable = new Set([null, 'silent_redirect', 'tag_dropped', 'moved', 'js_redirect', 'slow']);
const canAccept = (check) => Boolean(check?.final_url) && check.outcome === 'conclusive' && acceptable.has(check.failure_mode);

function ForgetDialog({ url, busy, onClose, onForget }) {
  return html`<${Dialog} title="Forget the baseline?" onClose=${onClose} fixed=${busy}>
    <p>It ends at <span class="hop-url">${url}</span>. We check the link again, and wherever it ends then, if that looks healthy, becomes the new baseline. This cannot be undone.</p>
    <${Buttons} onClose=${onClose} label="Forget" busy=${busy} danger type="button" onClick=${onForget} />
  <//>`;
}

// last: the last check, if there is one; changed() makes everything be asked for again.
function Baseline({ id, monitoring, last, changed }) {
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const act = async (method, words) => {
    setBusy(true);
    try {
      await ask(method, `/api/v1/links/${id}/baseline`, { repeatable: true });
      say(words);
      changed();
    } catch (error) {
      sayError(error);
    }
    setBusy(false);
    setAsked(false);
  };
  const { baseline } = monitoring;
  return html`<div class="baseline">
    <h3>Baseline</h3>
    <p class="quiet small">Where the link ends when all is well: checks compare with it. If we report a redirect that you know is fine, accept where it ends now, and we stop reporting it.</p>
    ${baseline
      ? html`<p>${baseline.accepted ? 'You accepted that it ends at' : 'The last healthy check ended at'} <span class="hop-url">${baseline.url}</span></p>`
      : html`<p>None yet. The next healthy check sets it.</p>`}
    <p class="buttons">
      ${canAccept(last) && html`<${Button} class="secondary outline" busy=${busy} onClick=${() => act('POST', 'Accepted. Checking the link again.')}>Accept where it ends now<//>`}
      ${baseline && html`<button type="button" class="secondary outline" onClick=${() => setAsked(true)}>Forget</button>`}
    </p>
    ${asked && baseline && html`<${ForgetDialog} url=${baseline.url} busy=${busy} onClose=${() => setAsked(false)} onForget=${() => act('DELETE', 'Forgotten. Checking the link again.')} />`}
  </div>`;
}

export function Monitoring({ id, data, checks, changed }) {
  const { data: monitoring, error, reload, set } = data;
  return html`<section class="card" aria-labelledby="monitoring-title">
    <header><h2 id="monitoring-title">Monitoring</h2></header>
    ${error && !monitoring && html`<${Failure} error=${error} retry=${reload} />`}
    ${!monitoring && !error && html`<${Loading} lines=${4} label="Loading monitoring" />`}
    ${monitoring && html`<${Suspicion} of=${monitoring.suspicion} />
      <${Rules} id=${id} monitoring=${monitoring} onChange=${set} />
      <${Baseline} id=${id} monitoring=${monitoring} last=${checks[0]} changed=${changed} />`}
  </section>`;
}

export function Fallback({ link, onSaved }) {
  const { account } = useSession();
  const { busy, error, faults, submit } = useForm(async ({ fallback_url }) => {
    onSaved(await ask('PATCH', `/api/v1/links/${link.id}`, { body: { fallback_url: orNull(fallback_url) } }));
    say('Saved.', { seconds: 3 });
  });
  const hint = account.fallback_url ? `Leave empty to use the account’s default: ${account.fallback_url}` : 'Leave empty to keep sending them to the destination.';
  return html`<section class="card" aria-labelledby="fallback-title">
    <header><h2 id="fallback-title">While it is broken</h2></header>
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} faults=${faults} fields=${['fallback_url']} />
      <${Field} label="Send visitors to" name="fallback_url" type="url" most="2048" value=${link.fallback_url ?? ''} placeholder="https://" hint=${hint} fault=${faults.fallback_url} />
      <${Button} type="submit" class="secondary" busy=${busy}>Save<//>
    </form>
  </section>`;
}
