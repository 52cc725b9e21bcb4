// A check's redirect chain, hop by hop, with the one at fault marked and what was seen there.
import { html } from '../vendor/htm-preact.js';
import { failureSentence, webAddress } from '../words.js';

const kinds = { http: 'redirect', meta: 'redirect by meta refresh', script: 'redirect by script' };

// host, and what comes behind it; the part that people look for first stands out.
function Address({ url }) {
  const href = webAddress(url);
  if (!href) return html`<span class="hop-url">${url}</span>`;
  const { host } = new URL(href);
  const rest = url.slice(url.indexOf(host) + host.length);
  return html`<a class="hop-url" href=${href} target="_blank" rel="noopener noreferrer nofollow"><b>${host}</b>${url.includes(host) ? rest : ''}<span class="hidden"> (opens in a new tab)</span></a>`;
}

function wordsFor(hop, last) {
  if (hop.http_status === null) return 'no answer';
  return last ? `${hop.http_status} · final page` : `${hop.http_status} · ${kinds[hop.kind] ?? hop.kind}`;
}

function Hop({ hop, index, last, fault, check }) {
  const { evidence, failure_mode: mode } = check;
  return html`<li class=${fault ? 'hop fault' : last && check.status === 'healthy' ? 'hop good' : 'hop'}>
    <span class="hop-number" aria-hidden="true">${index + 1}</span>
    <div>
      <${Address} url=${hop.url} />
      <p class="hop-facts">${wordsFor(hop, last)} · ${hop.duration_ms} ms</p>
      ${fault && html`<p class="hop-fault"><strong>The leak is here.</strong> ${evidence.summary || (mode && failureSentence(mode))}${evidence.detail && html`<br /><code>${evidence.detail}</code>`}</p>`}
    </div>
  </li>`;
}

export function Chain({ check }) {
  const { hops, evidence } = check;
  const marked = evidence?.hop ?? null;
  const untold = marked === null || !hops[marked];
  return html`
    ${untold && evidence?.summary && html`<p>${evidence.summary}${evidence.detail && html` <code>${evidence.detail}</code>`}</p>`}
    ${hops.length > 0 && html`<ol class="chain">
      ${hops.map((hop, index) => html`<${Hop} key=${index} hop=${hop} index=${index} last=${index === hops.length - 1} fault=${index === marked && check.failure_mode !== null} check=${check} />`)}
    </ol>`}`;
}
