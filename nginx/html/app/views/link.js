// One link: what is wrong with it and since when, its clicks, where it leads, and how it is checked.
import { html, useState } from '../vendor/htm-preact.js';
import { CheckHistory, CheckNow, LastCheck, useChecks } from '../parts/checks.js';
import { Clicks } from '../parts/clicks.js';
import { Copy } from '../parts/copy.js';
import { Icon } from '../parts/icons.js';
import { LinkForm } from '../parts/link_form.js';
import { Fallback, Monitoring } from '../parts/monitoring.js';
import { Page } from '../parts/page.js';
import { Failure, Loading } from '../parts/states.js';
import { Paused, Status } from '../parts/status.js';
import { Time } from '../parts/time.js';
import { say } from '../parts/toasts.js';
import { duration } from '../dates.js';
import { removeLinks } from '../removals.js';
import { navigate } from '../router.js';
import { useData } from '../use_data.js';
import { counted, failureSentence, failureWords, webAddress } from '../words.js';

const back = html`<a class="back" href="/app/links">← All links</a>`;

function Verdict({ link, since }) {
  if (!link.failure_mode && link.status !== 'broken') return null;
  const bad = link.status === 'broken';
  return html`<div class=${bad ? 'verdict bad' : 'verdict'}>
    <${Icon} name="warning" />
    <div>
      <p><strong>${link.failure_mode ? failureWords(link.failure_mode) : 'Broken'}</strong>${since && html` for ${duration(since)} <span class="quiet">(since <${Time} of=${since} exact />)</span>`}</p>
      ${link.failure_mode && html`<p>${failureSentence(link.failure_mode)}</p>`}
      ${bad && html`<p><strong>${counted(link.clicks_30d, 'click')}</strong> at risk in the last 30 days.</p>`}
    </div>
  </div>`;
}

function Destination({ url }) {
  const href = webAddress(url);
  return href ? html`<a class="hop-url" href=${href} target="_blank" rel="noopener noreferrer nofollow">${url}<span class="hidden"> (opens in a new tab)</span></a>` : url;
}

function Facts({ link }) {
  return html`<section class="card" aria-label="The link"><dl class="facts">
    <div><dt>Destination</dt><dd><${Destination} url=${link.url} /></dd></div>
    <div><dt>Program</dt><dd>${link.program ?? html`<span class="quiet">None</span>`}</dd></div>
    <div><dt>Tags</dt><dd>${link.tags.length > 0 ? html`<span class="tags">${link.tags.map((tag) => html`<a key=${tag} class="tag" href="/app/links?tag=${encodeURIComponent(tag)}">${tag}</a>`)}</span>` : html`<span class="quiet">None</span>`}</dd></div>
    <div><dt>Clicks (30 days)</dt><dd>${counted(link.clicks_30d, 'click')}</dd></div>
    <div><dt>Last checked</dt><dd><${Time} of=${link.last_checked_at} never="Not yet" /></dd></div>
    <div><dt>Added</dt><dd><${Time} of=${link.created_at} exact /></dd></div>
  </dl></section>`;
}

function Actions({ checks, onEdit, onDelete }) {
  return html`<${CheckNow} checks=${checks} />
    <button type="button" class="secondary outline" onClick=${onEdit}><${Icon} name="edit" />Edit</button>
    <button type="button" class="danger outline" onClick=${onDelete}><${Icon} name="trash" />Delete</button>`;
}

function Heading({ link, paused }) {
  return html`${link.label} <${Status} of=${link.status} />${paused && html` <${Paused} />`}`;
}

// What goes into an article, before all else.
function ProxyUrl({ url }) {
  return html`<p class="proxy-url"><span class="hidden">Proxy URL: </span><span class="hop-url">${url}</span><${Copy} text=${url} what="proxy URL" label="Copy" /></p>`;
}

function Loaded({ link, links, checks, monitoring, since, id }) {
  const refresh = () => [links, checks, monitoring].forEach((one) => one.reload());
  return html`
    <${ProxyUrl} url=${link.proxy_url} />
    <${Verdict} link=${link} since=${since} />
    <div class="columns">
      <div>
        <${Clicks} id=${id} />
        <${LastCheck} checks=${checks} />
        <${CheckHistory} checks=${checks} id=${id} />
      </div>
      <div>
        <${Facts} link=${link} />
        <${Monitoring} id=${id} data=${monitoring} checks=${checks.checks} changed=${refresh} />
        <${Fallback} link=${link} onSaved=${links.set} />
      </div>
    </div>`;
}

export function Link({ id }) {
  const links = useData(`/api/v1/links/${id}`);
  const monitoring = useData(`/api/v1/links/${id}/monitoring`);
  const changes = useData(`/api/v1/events?link_id=${id}&type=link.status_changed&limit=1`);
  const checks = useChecks(id, () => [links, monitoring, changes].forEach((one) => one.reload()));
  const [editing, setEditing] = useState(null);  // the link as it was when its editing began
  const link = links.data;
  const remove = () => {
    removeLinks([link]);
    navigate('/app/links');
  };
  const saved = (changed) => {
    links.set(changed);
    setEditing(null);
    say('Saved.', { seconds: 3 });
  };
  return html`<${Page} title=${link?.label ?? 'Link'} heading=${link ? html`<${Heading} link=${link} paused=${monitoring.data?.paused} />` : 'Link'} above=${back} className="one-link"
      actions=${link && html`<${Actions} checks=${checks} onEdit=${() => setEditing(link)} onDelete=${remove} />`}>
    ${links.error && !link && html`<${Failure} error=${links.error} retry=${links.reload} />`}
    ${!link && !links.error && html`<${Loading} label="Loading the link" />`}
    ${link && html`<${Loaded} id=${id} link=${link} links=${links} checks=${checks} monitoring=${monitoring} since=${changes.data?.events[0]?.created_at} />`}
    ${editing && html`<${LinkForm} link=${editing} onClose=${() => setEditing(null)} onSaved=${saved} />`}
  <//>`;
}
