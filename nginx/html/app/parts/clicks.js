// The clicks of one link: totals, and the chart, whose code comes when it is needed.
import { html, useEffect, useState } from '../vendor/htm-preact.js';
import { withQuery } from '../api.js';
import { utcDay } from '../dates.js';
import { useData } from '../use_data.js';
import { count } from '../words.js';
import { Failure, Loading } from './states.js';

const spans = [30, 90, 365];

function useChart() {
  const [chart, setChart] = useState({ view: null });
  useEffect(() => {
    import('./chart.js').then((module) => setChart({ view: module.default }), () => setChart({ view: null, failed: true }));
  }, []);
  return chart;
}

function Spans({ span, onChange }) {
  return html`<div class="segments" role="group" aria-label="Days">
    ${spans.map((days) => html`<button key=${days} type="button" aria-pressed=${days === span ? 'true' : 'false'} onClick=${() => onChange(days)}>${days} days</button>`)}
  </div>`;
}

function Totals({ totals }) {
  return html`<ul class="legend">
    <li class="people"><strong>${count(totals.humans)}</strong> by people</li>
    <li><strong>${count(totals.uniques)}</strong> visitors</li>
    <li class="bots"><strong>${count(totals.bots)}</strong> by bots</li>
  </ul>`;
}

export function Clicks({ id }) {
  const [span, setSpan] = useState(spans[0]);
  const { data, error, reload } = useData(withQuery(`/api/v1/links/${id}/clicks`, { interval: 'day', from: utcDay(span - 1), to: utcDay(0) }));
  const { view: Chart, failed } = useChart();
  return html`<section class="card" aria-labelledby="clicks-title">
    <header><h2 id="clicks-title">Clicks</h2><${Spans} span=${span} onChange=${setSpan} /></header>
    ${error && !data && html`<${Failure} error=${error} retry=${reload} />`}
    ${data && html`<${Totals} totals=${data.totals} />`}
    ${failed && html`<p class="quiet">The chart could not be loaded. Reload this page.</p>`}
    ${data && Chart ? html`<${Chart} data=${data} />` : !error && !failed && html`<div class="chart-place"><${Loading} lines=${4} label="Loading clicks" /></div>`}
  </section>`;
}
