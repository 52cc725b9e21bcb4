// The dialogs of API keys: make one, show its secret once, regenerate, revoke.
import { html, useEffect, useState } from '../vendor/htm-preact.js';
import { ask } from '../api.js';
import { Copy } from './copy.js';
import { Buttons, Dialog } from './dialog.js';
import { Field } from './field.js';
import { FormError, useForm } from './form.js';

const scopes = [['read', 'Read: see links, clicks, checks and events'], ['write', 'Write: the same, and change links']];
const expiries = [['', 'Never'], ['30', 'In 30 days'], ['90', 'In 90 days'], ['365', 'In a year']];
const overlaps = [['86400', 'In a day'], ['604800', 'In a week'], ['3600', 'In an hour'], ['0', 'Now']];

const inDays = (days) => (days === '' ? null : `${new Date(Date.now() + Number(days) * 86400000).toISOString().slice(0, 19)}Z`);
const curlLine = (publicUrl) => `curl -H "Authorization: Bearer $QL_API_KEY" "${publicUrl}/api/v1/links?limit=5"`;

// Of a host with a certificate of its own making, most likely: the page cannot see what the browser was told to accept.
const isLocal = (url) => /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);

export function CurlLine({ publicUrl }) {
  const line = curlLine(publicUrl);
  return html`<div class="code-line"><pre tabindex="0" aria-label="A line to try"><code>${line}</code></pre><${Copy} text=${line} what="line" label="Copy" /></div>
    ${isLocal(publicUrl) && html`<p class="quiet small">If the certificate is self-signed, tell curl where it is: add <code>--cacert</code> and its path, which whoever runs this installation knows.</p>`}`;
}

export function NewKeyDialog({ onClose, onMade }) {
  const { busy, error, faults, submit } = useForm(async ({ name, scope, expires }) => {
    onMade(await ask('POST', '/api/app/keys', { body: { name: name.trim(), scope, expires_at: inDays(expires) } }));
  });
  return html`<${Dialog} title="Generate an API key" onClose=${onClose} fixed=${busy}>
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} faults=${faults} fields=${['name', 'scope', 'expires_at']} />
      <${Field} label="Name" name="name" most="200" required placeholder="CMS" hint="What will use this key?" fault=${faults.name} data-first="" />
      <${Field} label="Scope" name="scope" options=${scopes} value="read" fault=${faults.scope} />
      <${Field} label="Expires" name="expires" options=${expiries} value="" fault=${faults.expires_at} />
      <${Buttons} onClose=${onClose} label="Generate" busy=${busy} />
    </form>
  <//>`;
}

// The only time that the secret is shown. Neither Escape nor a click beside closes it by mistake, nor does the tab close
// without asking.
export function SecretDialog({ made, publicUrl, onClose }) {
  useEffect(() => {
    const warn = (event) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
  return html`<${Dialog} title="Your new API key" onClose=${onClose} fixed wide>
    <p class="notice"><strong>Copy it now.</strong> You will not see it again: we store only a fingerprint of it.</p>
    <div class="code-line"><pre tabindex="0" aria-label="The key"><code class="secret">${made.key}</code></pre><${Copy} text=${made.key} what="key" label="Copy" first /></div>
    <p>To try it, put it into the shell variable <code>QL_API_KEY</code>, then run:</p>
    <${CurlLine} publicUrl=${publicUrl} />
    <footer><button type="button" data-careful="" onClick=${onClose}>I’ve copied it</button></footer>
  <//>`;
}

export function RegenerateDialog({ apiKey, onClose, onMade }) {
  const [overlap, setOverlap] = useState('86400');
  const { busy, error, submit } = useForm(async (values) => {
    onMade(await ask('POST', `/api/app/keys/${apiKey.id}/regenerate`, { body: { overlap_s: Number(values.overlap) } }));
  });
  return html`<${Dialog} title="Regenerate “${apiKey.name}”" onClose=${onClose} fixed=${busy}>
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} />
      <p>You get a new key with the same name, scope and expiry. Use it wherever the old one, ending in <code>${apiKey.last_four}</code>, is used now.</p>
      <${Field} label="The old key stops working" name="overlap" options=${overlaps} value="86400" data-first="" onChange=${(event) => setOverlap(event.target.value)}
        hint=${overlap === '0' ? 'Whatever still uses the old key is refused within a second.' : 'Until then both keys work, so you can replace the old one without an interruption.'} />
      <${Buttons} onClose=${onClose} label="Regenerate" busy=${busy} />
    </form>
  <//>`;
}

export function RevokeDialog({ apiKey, onClose, onRevoked }) {
  const { busy, error, submit } = useForm(async () => {
    try {
      await ask('DELETE', `/api/app/keys/${apiKey.id}`);
    } catch (error) {
      if (error.status !== 404) throw error;  // an answer that was lost was this one's, or somebody else was quicker
    }
    onRevoked();
  });
  return html`<${Dialog} title="Revoke “${apiKey.name}”?" onClose=${onClose} fixed=${busy}>
    <form novalidate onSubmit=${submit}>
      <${FormError} error=${error} />
      <p>Whatever uses the key ending in <code>${apiKey.last_four}</code> is refused within a second. This cannot be undone.</p>
      <${Buttons} onClose=${onClose} label="Revoke key" busy=${busy} danger cancel="Keep it" />
    </form>
  <//>`;
}
