// What leaks now: how much of it in figures, and the worst by clicks at risk.
import { html } from '../vendor/htm-preact.js';
import { count, counted, failureWords, hostOf } from '../words.js';
import { Icon } from './icons.js';
import { Failure, Loading } from './states.js';
import { Paused } from './status.js';
import { Time } from './time.js';
import { usePaused } from '../use_paused.js';

const kShown = 5;
export const leaksPath = '/api/v1/links?status=broken&sort=-clicks_30d&limit=30';
const leaksView = '/app/links?status=broken&sort=-clicks_30d';

const clicksOf = (links) => links.reduce((sum, link) => sum + link.clicks_30d, 0);
export const totalOf = (page) => (page ? count(page.total) + (page.total_exact === false ? '+' : '') : '–');

function Figure({ value, label, href, tone }) {
  const content = html`<span class="figure-value">${value}</span><span class="figure-label">${label}</span>`;
  return html`<li class="figure ${tone ?? ''}">${href ? html`<a href=${href}>${content}</a>` : html`<div>${content}</div>`}</li>`;
}

// What nobody looks for is not shown to be well.
export function Figures({ leaks, moved, all, monitors }) {
  const risk = leaks.data && count(clicksOf(leaks.data.links)) + (leaks.data.has_more ? '+' : '');
  const leaking = leaks.data?.total > 0;
  return html`<ul class="figures" aria-label="Summary">
    <${Figure} value=${totalOf(leaks.data)} label=${leaks.data?.total === 1 ? 'link leaking now' : 'links leaking now'} href=${leaksView} tone=${leaking ? 'bad' : isChecked(monitors) ? 'good' : ''} />
    <${Figure} value=${risk ?? '–'} label=${risk === '1' ? 'click at risk (30 days)' : 'clicks at risk (30 days)'} tone=${leaking ? 'bad' : ''} />
    <${Figure} value=${totalOf(moved.data)} label="moved, should be updated" href="/app/links?status=redirected&sort=-clicks_30d" />
    <${Figure} value=${totalOf(all.data)} label=${all.data?.total === 1 ? 'link in total' : 'links in total'} href="/app/links" />
  </ul>`;
}

function Leak({ link, paused, most }) {
  return html`<li>
    <a href="/app/links/${link.id}">
      <span class="leak-name"><strong>${link.label}</strong><small>${link.program ?? hostOf(link.url)}</small></span>
      <span class="leak-why">${link.failure_mode ? failureWords(link.failure_mode) : 'Broken'} ${paused && html`<${Paused} />`}</span>
      <span class="leak-clicks"><meter min="0" max=${most} value=${link.clicks_30d} aria-hidden="true"></meter><span><strong>${count(link.clicks_30d)}</strong> <small>${link.clicks_30d === 1 ? 'click' : 'clicks'}</small></span></span>
    </a>
  </li>`;
}

// Why nothing is checked, and what is to be done; null if all is well, or not known yet. monitors: what
// GET /api/app/monitors answers.
function standstill(monitors) {
  if (monitors?.at_work === 0) return html`<strong>Your links are not being checked.</strong> No monitor is running: ask whoever runs this installation to start one.`;
  if (monitors?.reaches_nobody_since) return html`<strong>Checks find out nothing at the moment.</strong> Since <${Time} of=${monitors.reaches_nobody_since} exact /> the monitor has reached no website at all, so every link keeps its status. Tell whoever runs this installation.`;
  return null;
}

const isChecked = (monitors) => Boolean(monitors) && !standstill(monitors);

export function Standstill({ monitors }) {
  const why = standstill(monitors);
  return why && html`<p class="notice" role="status">${why}</p>`;
}

// any: there are links. What nobody looks for is not said to be absent.
export function Leaks({ leaks, removed, any, monitors }) {
  if (leaks.error && !leaks.data) return html`<${Failure} error=${leaks.error} retry=${leaks.reload} />`;
  if (!leaks.data) return html`<section class="card" aria-label="Leaking now"><${Loading} lines=${3} label="Loading what leaks" /></section>`;
  return html`<${Worst} leaks=${leaks} removed=${removed} well=${any && isChecked(monitors)} />`;
}

function Worst({ leaks, removed, well }) {
  const paused = usePaused(leaks.data.links);
  const links = leaks.data.links.filter((link) => !removed.has(link.id));
  if (links.length === 0) return well ? html`<p class="all-well"><${Icon} name="check" />No leaks found.</p>` : null;
  const most = Math.max(1, links[0].clicks_30d);
  return html`<section class="card leaks" aria-labelledby="leaks-title">
    <header><h2 id="leaks-title">Leaking now</h2><span class="quiet">by clicks at risk</span></header>
    <ol>${links.slice(0, kShown).map((link) => html`<${Leak} key=${link.id} link=${link} paused=${paused.has(link.id)} most=${most} />`)}</ol>
    ${leaks.data.total > kShown && html`<a class="more" href=${leaksView}>See all ${counted(leaks.data.total, 'leaking link')}</a>`}
  </section>`;
}
