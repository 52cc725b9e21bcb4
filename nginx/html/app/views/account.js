// Settings → Account: plan, default fallback, password, sessions.
import { html, useState } from '../vendor/htm-preact.js';
import { ask } from '../api.js';
import { Button } from '../parts/button.js';
import { Buttons, Dialog } from '../parts/dialog.js';
import { Field } from '../parts/field.js';
import { FormError, useForm } from '../parts/form.js';
import { Page } from '../parts/page.js';
import { Failure, Loading } from '../parts/states.js';
import { Time } from '../parts/time.js';
import { say, sayError } from '../parts/toasts.js';
import { SettingsTabs } from '../parts/top_bar.js';
import { flushEverywhere } from '../removals.js';
import { useSession } from '../session.js';
import { useData } from '../use_data.js';
import { browserName, count, every, planName } from '../words.js';

function Plan() {
  const { account, plan, user } = useSession();
  const { data: all } = useData('/api/v1/links?limit=1');
  return html`<section class="card" aria-labelledby="plan-title">
    <header><h2 id="plan-title">Account and plan</h2></header>
    <dl class="facts">
      <div><dt>Account</dt><dd>${account.name}</dd></div>
      <div><dt>Signed in as</dt><dd>${user.email}</dd></div>
      <div><dt>Since</dt><dd><${Time} of=${account.created_at} exact /></dd></div>
      <div><dt>Plan</dt><dd><span class="tag">${planName(plan.name)}</span></dd></div>
      <div><dt>Links</dt><dd>${all ? count(all.total) : '–'} of ${account.links_limit === null ? 'any number' : count(account.links_limit)}</dd></div>
      <div><dt>Checks</dt><dd>Each link ${every(plan.check_interval_s)}</dd></div>
      <div><dt>API</dt><dd>${plan.api_access ? `${count(plan.requests_per_minute)} requests a minute per key` : 'Not included'}</dd></div>
    </dl>
    <p class="quiet small">Ask whoever runs this installation to change your plan.</p>
  </section>`;
}

function DefaultFallback() {
  const { account, change } = useSession();
  const { busy, error, faults, submit } = useForm(async ({ fallback_url }) => {
    change({ account: await ask('PATCH', '/api/app/account', { body: { fallback_url: fallback_url.trim() || null } }) });
    say('Saved.', { seconds: 3 });
  });
  return html`<section class="card" aria-labelledby="fallback-title">
    <header><h2 id="fallback-title">Default fallback</h2></header>
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} faults=${faults} fields=${['fallback_url']} />
      <${Field} label="Fallback URL" name="fallback_url" type="url" most="2048" placeholder="https://" value=${account.fallback_url ?? ''} fault=${faults.fallback_url}
        hint="Where visitors of a broken link go, unless that link has its own fallback. Leave empty to keep sending them to the destination." />
      <${Button} type="submit" class="secondary" busy=${busy}>Save<//>
    </form>
  </section>`;
}

// The hidden name tells password managers whose password this is.
function Password({ onChanged }) {
  const { user, load, setSession } = useSession();
  const { busy, error, faults, submit } = useForm(async ({ current_password, new_password }) => {
    await ask('POST', '/api/app/password', { body: { current_password, new_password } });
    say('Password changed. All your other sessions are signed out.');
    try {
      setSession(await ask('GET', '/api/app/session'));  // a new one
    } catch {
      load();
      return;
    }
    onChanged();
  });
  const fields = ['current_password', 'new_password'];
  return html`<section class="card" aria-labelledby="password-title">
    <header><h2 id="password-title">Password</h2></header>
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} faults=${faults} fields=${fields} />
      <input type="hidden" name="username" autocomplete="username" value=${user.email} />
      <${Field} label="Current password" name="current_password" type="password" autocomplete="current-password" required fault=${faults.current_password} />
      <${Field} label="New password" name="new_password" type="password" autocomplete="new-password" minlength="10" most="200" required hint="At least 10 characters. All your other sessions will be signed out." fault=${faults.new_password} />
      <${Button} type="submit" class="secondary" busy=${busy}>Change password<//>
    </form>
  </section>`;
}

function SignOutAll({ onClose }) {
  const { signedOut } = useSession();
  const { busy, error, submit } = useForm(async () => {
    await flushEverywhere();
    await ask('DELETE', '/api/app/sessions');
    signedOut();
  });
  return html`<${Dialog} title="Sign out everywhere?" onClose=${onClose} fixed=${busy}>
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} />
      <p>This ends all your sessions, including this one. API keys keep working.</p>
      <${Buttons} onClose=${onClose} label="Sign out everywhere" busy=${busy} danger />
    </form>
  <//>`;
}

function OneSession({ session, onEnd }) {
  return html`<li>
    <div>
      <strong title=${session.user_agent}>${browserName(session.user_agent)}</strong> ${session.current && html`<span class="tag">This device</span>`}
      <p class="quiet small">${session.remote_addr} · signed in <${Time} of=${session.created_at} exact /> · last used <${Time} of=${session.last_seen_at} /></p>
    </div>
    ${!session.current && html`<button type="button" class="secondary outline" aria-label=${`Sign out ${browserName(session.user_agent)}, ${session.remote_addr}`} onClick=${onEnd}>Sign out</button>`}
  </li>`;
}

function Sessions({ sessions }) {
  const [asking, setAsking] = useState(false);
  const end = async (session) => {
    try {
      await ask('DELETE', `/api/app/sessions/${session.id}`);
      say('That session is signed out.');
    } catch (error) {
      sayError(error);
    }
    sessions.reload();
    document.getElementById('sessions-title').focus();
  };
  return html`<section class="card" aria-labelledby="sessions-title">
    <header><h2 id="sessions-title" tabindex="-1">Sessions</h2><button type="button" class="danger outline" onClick=${() => setAsking(true)}>Sign out everywhere</button></header>
    ${sessions.error && !sessions.data && html`<${Failure} error=${sessions.error} retry=${sessions.reload} />`}
    ${!sessions.data && !sessions.error && html`<${Loading} lines=${3} label="Loading sessions" />`}
    ${sessions.data && html`<ul class="sessions">${sessions.data.sessions.map((session) => html`<${OneSession} key=${session.id} session=${session} onEnd=${() => end(session)} />`)}</ul>`}
    ${asking && html`<${SignOutAll} onClose=${() => setAsking(false)} />`}
  </section>`;
}

export function Account() {
  const sessions = useData('/api/app/sessions');
  return html`<${Page} title="Account" above=${html`<${SettingsTabs} path="/app/settings/account" />`}>
    <div class="columns even">
      <div><${Plan} /><${DefaultFallback} /></div>
      <div><${Password} onChanged=${sessions.reload} /><${Sessions} sessions=${sessions} /></div>
    </div>
  <//>`;
}
