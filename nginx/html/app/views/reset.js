// A new password by a one-time link: /app/reset#token=… The token is behind the #, so that no server's log has it, and
// it is taken out of the address at once.
import { html, useLayoutEffect, useState } from '../vendor/htm-preact.js';
import { ask } from '../api.js';
import { Button } from '../parts/button.js';
import { Door } from '../parts/door.js';
import { Field } from '../parts/field.js';
import { FormError, useForm } from '../parts/form.js';

function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token) history.replaceState(null, '', location.pathname);
  return token;
}

function ResetForm({ token, onDone, onSpent }) {
  const { busy, error, faults, submit } = useForm(async ({ new_password }) => {
    try {
      await ask('POST', '/api/app/password/reset', { body: { token, new_password } });
      onDone();
    } catch (failure) {
      if (failure.code !== 'invalid_reset_token') throw failure;
      onSpent();
    }
  });
  return html`<form novalidate onSubmit=${submit}>
    <${FormError} error=${error} faults=${faults} fields=${['new_password']} />
    <${Field} label="New password" name="new_password" type="password" autocomplete="new-password" hint="At least 10 characters. You will be signed out everywhere."
      minlength="10" most="200" required fault=${faults.new_password} />
    <${Button} type="submit" busy=${busy}>Save password<//>
  </form>`;
}

export function Reset() {
  const [token, setToken] = useState(takeToken);
  const [end, setEnd] = useState(null);  // 'done' or 'spent'
  useLayoutEffect(() => {
    // The link, opened where this page is already: the document stays.
    const takeNext = () => {
      setToken((old) => takeToken() ?? old);
      setEnd(null);
    };
    window.addEventListener('hashchange', takeNext);
    return () => window.removeEventListener('hashchange', takeNext);
  }, []);
  return html`<${Door} title="Choose a new password">
    ${end === 'done' && html`<p role="status">Your new password is saved. Sign in with it now.</p><a href="/app/" role="button">Sign in</a>`}
    ${end === 'spent' && html`<p role="alert">This link was used before, or is more than 24 hours old. Ask for a new one, or <a href="/app/">sign in</a>.</p>`}
    ${!end && token && html`<${ResetForm} key=${token} token=${token} onDone=${() => setEnd('done')} onSpent=${() => setEnd('spent')} />`}
    ${!end && !token && html`<p>This link is incomplete. Open it again from the message you got, or ask for a new one.</p>`}
  <//>`;
}
