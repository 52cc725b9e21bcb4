// The chart of clicks by day. Loaded only where it is shown, with uPlot and its stylesheet.
import uPlot from '../vendor/uplot.js';
import { html, useEffect, useRef, useState } from '../vendor/htm-preact.js';
import { utcDay } from '../dates.js';
import { count, counted } from '../words.js';

const kHeight = 240;
const kHalfDay = 43200;  // s; a bar stands in the middle of its day
const kRest = '66';  // opacity of a day that is not over
const shortDays = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const nameOfDay = (day) => days.format(new Date(`${day}T00:00:00Z`));

function addStylesheet() {
  if (document.getElementById('uplot-style')) return;
  const link = Object.assign(document.createElement('link'), { id: 'uplot-style', rel: 'stylesheet', href: '/app/vendor/uplot.css' });
  document.head.append(link);
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Bots stand on top of people: their bar is the sum of both, and that of people is drawn over it.
function bars(label, name, isOver) {
  const own = colour(name);
  return { label, stroke: own, fill: isOver ? own : own + kRest, width: isOver ? 0 : 1, points: { show: false }, paths: uPlot.paths.bars({ size: [0.72, 48], radius: 0.12 }) };
}

function options(width, onHover) {
  const axis = { stroke: colour('--chart-text'), grid: { stroke: colour('--chart-grid'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  return {
    width,
    height: kHeight,
    padding: [8, 0, 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { range: (_, first, last) => [first - kHalfDay, last + kHalfDay] }, y: { range: (_, __, most) => [0, Math.max(5, most * 1.08)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 64, values: (_, values) => values.map((value) => shortDays.format(new Date(value * 1000))) },
      { ...axis, size: 48, values: (_, values) => values.map((value) => (Number.isInteger(value) ? count(value) : '')) },
    ],
    series: [{}, bars('Bots', '--chart-bots', true), bars('People', '--chart-people', true), bars('Bots today', '--chart-bots', false), bars('People today', '--chart-people', false)],
    hooks: { setCursor: [(plot) => onHover(plot.cursor.idx ?? null)] },
  };
}

const isToday = ({ day }) => day === utcDay(0);

function columns(clicks) {
  const where = (condition, value) => clicks.map((one) => (condition(one) ? value(one) : null));
  const all = ({ humans, bots }) => humans + bots;
  const people = ({ humans }) => humans;
  const over = (one) => !isToday(one);
  return [clicks.map(({ day }) => Date.parse(`${day}T00:00:00Z`) / 1000), where(over, all), where(over, people), where(isToday, all), where(isToday, people)];
}

// Drawn anew when the data, the width or the colour scheme changes.
function usePlot(frame, clicks, onHover) {
  useEffect(() => {
    let plot = null;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(options(frame.current.clientWidth, onHover), columns(clicks), frame.current);
    };
    addStylesheet();
    draw();
    const observer = new ResizeObserver(() => plot.width !== frame.current.clientWidth && plot.setSize({ width: frame.current.clientWidth, height: kHeight }));
    observer.observe(frame.current);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', draw);
      plot.destroy();
    };
  }, [clicks]);
}

// Of the day under the pointer, or else of the last one.
function Reading({ clicks, index }) {
  const one = clicks[index] ?? clicks.at(-1);
  if (!one) return null;
  return html`<p class="reading" aria-hidden="true"><strong>${isToday(one) ? 'Today so far' : nameOfDay(one.day)}</strong> ${counted(one.humans, 'click')} by people (${counted(one.uniques, 'visitor')}), ${count(one.bots)} by bots</p>`;
}

function AsTable({ clicks }) {
  return html`<details class="as-table"><summary>As a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Clicks by day"><table>
      <thead><tr><th scope="col">Day (UTC)</th><th scope="col" class="number">People</th><th scope="col" class="number">Visitors</th><th scope="col" class="number">Bots</th></tr></thead>
      <tbody>${[...clicks].reverse().map(({ day, humans, uniques, bots }) => html`<tr key=${day}><th scope="row">${nameOfDay(day)}${day === utcDay(0) ? ' (so far)' : ''}</th><td class="number">${count(humans)}</td><td class="number">${count(uniques)}</td><td class="number">${count(bots)}</td></tr>`)}</tbody>
    </table></div>
  </details>`;
}

// data: what GET …/clicks answers.
export default function Chart({ data }) {
  const frame = useRef(null);
  const [index, setIndex] = useState(null);
  usePlot(frame, data.clicks, setIndex);
  const words = `Clicks by day from ${nameOfDay(data.from)} to ${nameOfDay(data.to)}${data.clicks.some(isToday) ? ', which is not over yet' : ''}: ${count(data.totals.humans)} by people, ${count(data.totals.bots)} by bots.`;
  return html`<div ref=${frame} class="chart" role="img" aria-label=${words}></div>
    <${Reading} clicks=${data.clicks} index=${index} />
    <${AsTable} clicks=${data.clicks} />`;
}
