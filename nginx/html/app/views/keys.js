// Settings → API Keys.
import { html, useLayoutEffect, useState } from '../vendor/htm-preact.js';
import { Icon } from '../parts/icons.js';
import { CurlLine, NewKeyDialog, RegenerateDialog, RevokeDialog, SecretDialog } from '../parts/key_dialogs.js';
import { Page } from '../parts/page.js';
import { Empty, Failure, Loading } from '../parts/states.js';
import { Table } from '../parts/table.js';
import { Time } from '../parts/time.js';
import { say } from '../parts/toasts.js';
import { SettingsTabs } from '../parts/top_bar.js';
import { navigate } from '../router.js';
import { useSession } from '../session.js';
import { useData } from '../use_data.js';
import { count, planName } from '../words.js';

function NoAccess({ plan }) {
  return html`<div class="verdict">
    <${Icon} name="warning" />
    <div><p><strong>Your plan does not include the API.</strong></p>
      <p>Your account is on the ${planName(plan.name)} plan. The API comes with the Agency plan, because scripts make far more requests than people do. Until then, requests with this account’s keys get 403. Whoever runs this installation can change your plan; your keys then work right away.</p></div>
  </div>`;
}

function Usage({ used, limit }) {
  return html`<span class="usage"><meter min="0" max=${limit} high=${limit * 0.9} value=${used} aria-hidden="true"></meter><span>${count(used)} of ${count(limit)}</span></span>`;
}

// Without the API there is nothing that a key could be used for, or replaced for.
function columnsFor(plan, setDialog) {
  const act = (kind, key) => () => setDialog({ kind, key });
  const buttons = (key) => html`<span class="row-buttons">
    ${plan.api_access && !key.replaced_at && html`<button type="button" class="secondary outline" aria-label="Regenerate ${key.name}" onClick=${act('regenerate', key)}>Regenerate</button>`}
    <button type="button" class="danger outline" aria-label="Revoke ${key.name}" onClick=${act('revoke', key)}>Revoke</button>
  </span>`;
  return [
    { label: 'Name', rowHeader: true, cell: (key) => html`<span class="key-name">${key.name}</span><code class="quiet">ql_…${key.last_four}</code> ${key.replaced_at && html`<span class="tag" title="Works until it expires">Replaced</span>`}` },
    { label: 'Scope', cell: (key) => html`<span class="tag">${key.scope}</span>` },
    { label: 'Created', cell: (key) => html`<${Time} of=${key.created_at} />` },
    { label: 'Last used', cell: (key) => html`<${Time} of=${key.last_used_at} />` },
    { label: 'Expires', cell: (key) => html`<${Time} of=${key.expires_at} />` },
    ...(plan.api_access ? [{ label: 'Requests (last minute)', numeric: true, cell: (key) => html`<${Usage} used=${key.requests_last_minute} limit=${plan.requests_per_minute} />` }] : []),
    { label: 'Actions', hidden: true, className: 'row-actions', cell: buttons },
  ];
}

function List({ keys, plan, setDialog }) {
  if (keys.error && !keys.data) return html`<${Failure} error=${keys.error} retry=${keys.reload} />`;
  if (!keys.data) return html`<${Loading} lines=${4} label="Loading keys" />`;
  if (keys.data.keys.length === 0) {
    return html`<${Empty} title="No API keys yet"><p>A key lets your CMS, a script or an automation work with your links.</p>
      ${plan.api_access && html`<button type="button" onClick=${() => setDialog({ kind: 'new' })}>Generate an API key</button>`}<//>`;
  }
  return html`<${Table} caption="API keys" rows=${keys.data.keys} columns=${columnsFor(plan, setDialog)} />`;
}

// The dialog with a secret that its reader has not put away: who leaves it by the browser's Back finds it here again.
let unseen = { account: null, dialog: null };
let tell = null;  // shows it in the view that is there, if there is one: not always the one that asked for the key

function Dialogs({ dialog, setDialog, reload, publicUrl, account }) {
  // An answer that was lost may have been a key's.
  const close = () => {
    unseen = { account: null, dialog: null };
    setDialog(null);
    reload();
  };
  const made = (key) => {
    unseen = { account: account.id, dialog: { kind: 'secret', key } };
    if (tell) tell();
    else say(`The key “${key.name}” is ready.`, { seconds: 60, action: { label: 'Show', run: () => navigate('/app/settings/keys') } });
  };
  const revoked = () => {
    close();
    say('Key revoked.');
    setTimeout(() => document.querySelector('h1').focus());  // what had it goes with the row
  };
  switch (dialog?.kind) {
    case 'new': return html`<${NewKeyDialog} onClose=${close} onMade=${made} />`;
    case 'secret': return html`<${SecretDialog} made=${dialog.key} publicUrl=${publicUrl} onClose=${close} />`;
    case 'regenerate': return html`<${RegenerateDialog} apiKey=${dialog.key} onClose=${close} onMade=${made} />`;
    case 'revoke': return html`<${RevokeDialog} apiKey=${dialog.key} onClose=${close} onRevoked=${revoked} />`;
    default: return null;
  }
}

export function Keys() {
  const { plan, account, public_url: publicUrl } = useSession();
  const keys = useData('/api/app/keys');
  const [dialog, setDialog] = useState(unseen.account === account.id ? unseen.dialog : null);
  useLayoutEffect(() => {
    const show = () => {
      setDialog(unseen.dialog);
      keys.reload();
    };
    tell = show;
    return () => {
      if (tell === show) tell = null;
    };
  }, []);
  const add = plan.api_access && html`<button type="button" onClick=${() => setDialog({ kind: 'new' })}><${Icon} name="plus" />Generate an API key</button>`;
  return html`<${Page} title="API Keys" above=${html`<${SettingsTabs} path="/app/settings/keys" />`} actions=${add}>
    ${!plan.api_access && html`<${NoAccess} plan=${plan} />`}
    <${List} keys=${keys} plan=${plan} setDialog=${setDialog} />
    ${plan.api_access && html`<section class="card" aria-labelledby="try-title">
      <header><h2 id="try-title">Try it</h2><a href="/docs/api">API documentation</a></header>
      <p>Put a key into the variable <code>QL_API_KEY</code> and run this line. Each key can make ${count(plan.requests_per_minute)} requests per minute.</p>
      <${CurlLine} publicUrl=${publicUrl} />
    </section>`}
    <${Dialogs} dialog=${dialog} setDialog=${setDialog} reload=${keys.reload} publicUrl=${publicUrl} account=${account} />
  <//>`;
}
