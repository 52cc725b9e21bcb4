// Sign-in, at whatever path the reader wanted: what is there is shown next. And once more, over a page whose session has
// ended: it stays, with what was typed into it.
import { html } from '../vendor/htm-preact.js';
import { ask } from '../api.js';
import { Button } from '../parts/button.js';
import { Door } from '../parts/door.js';
import { Field } from '../parts/field.js';
import { FormError, useForm } from '../parts/form.js';
import { useModal } from '../parts/modal.js';
import { flushEverywhere } from '../removals.js';
import { useData } from '../use_data.js';

// email: whose session has ended.
export function SignIn({ email: known = null, onSignedIn }) {
  const signUp = useData('/api/app/signup').data?.open;
  const { busy, error, faults, submit } = useForm(async ({ email, password }) => {
    await flushEverywhere();
    onSignedIn(await ask('POST', '/api/app/session', { body: { email: email.trim(), password }, repeatable: true }));
  });
  const below = signUp && html`No account yet? <a href="/app/signup">Create one</a>`;
  return html`<${Door} title="Sign in" below=${known === null && below} tag=${known === null ? 'main' : 'div'}>
    ${known !== null && !error && html`<p class="notice" role="status">Your session has ended. Sign in to continue where you left off.</p>`}
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} />
      <${Field} label="Email" name="email" type="email" autocomplete="username" value=${known} required fault=${faults.email} />
      <${Field} label="Password" name="password" type="password" autocomplete="current-password" required fault=${faults.password} />
      <${Button} type="submit" busy=${busy}>Sign in<//>
    </form>
    <p class="quiet small">Forgot your password? Whoever runs this installation can send you a link to set a new one.</p>
  <//>`;
}

export function SignInAgain(props) {
  return html`<dialog ...${useModal(() => {}, '[type=password]')} class="again" aria-label="Sign in"><${SignIn} ...${props} /></dialog>`;
}
