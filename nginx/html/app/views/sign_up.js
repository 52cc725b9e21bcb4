// A new account, where the operator allows that.
import { html } from '../vendor/htm-preact.js';
import { ask } from '../api.js';
import { Button } from '../parts/button.js';
import { Door } from '../parts/door.js';
import { Field } from '../parts/field.js';
import { FormError, useForm } from '../parts/form.js';
import { Loading } from '../parts/states.js';
import { navigate } from '../router.js';
import { useData } from '../use_data.js';

const fields = ['account_name', 'email', 'password'];

function SignUpForm({ onSignedIn }) {
  const { busy, error, faults, submit } = useForm(async (values) => {
    const session = await ask('POST', '/api/app/signup', { body: { ...values, account_name: values.account_name.trim(), email: values.email.trim() } });
    navigate('/app/links', { replace: true });
    onSignedIn(session);
  });
  return html`<form novalidate onSubmit=${submit}>
    <${FormError} error=${error} faults=${faults} fields=${fields} />
    <${Field} label="Account name" name="account_name" hint="Your company or website." autocomplete="organization" most="200" required fault=${faults.account_name} />
    <${Field} label="Email" name="email" type="email" autocomplete="username" required fault=${faults.email} />
    <${Field} label="Password" name="password" type="password" autocomplete="new-password" hint="At least 10 characters." minlength="10" most="200" required fault=${faults.password} />
    <${Button} type="submit" busy=${busy}>Create account<//>
  </form>`;
}

export function SignUp({ onSignedIn }) {
  const { data, error } = useData('/api/app/signup');
  const below = html`Already have an account? <a href="/app/">Sign in</a>`;
  return html`<${Door} title="Create an account" below=${below}>
    ${!data && !error && html`<${Loading} lines=${3} />`}
    ${error && html`<${FormError} error=${error} />`}
    ${data?.open && html`<${SignUpForm} onSignedIn=${onSignedIn} />`}
    ${data && !data.open && html`<p>Sign-up is closed. Ask whoever runs this installation for an account.</p>`}
  <//>`;
}
