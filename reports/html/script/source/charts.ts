// All charts of a run on one axis: one cursor, one part that is shown, and what is drawn or left out.
import { chartOf, type Chart } from './chart.ts';
import { all, button, make } from './elements.ts';
import { readerOf } from './readings.ts';
import type { Settings } from './settings.ts';
import { fitted, formatRange, lengthOf, moved, parseRange, zoomed, type TimeRange } from './time-range.ts';

const paper = matchMedia('print');
const hint = 'Move a pointer over a chart, or the slider, to read all of them at that moment; draw sideways over one to zoom.';

/** `root`: has the charts of one run, and says when their axis begins and ends. */
export function attachCharts(root: HTMLElement, settings: Settings): void {
  const whole: TimeRange = { fromMs: Number(root.dataset['from']), toMs: Number(root.dataset['to']) };
  if (!(lengthOf(whole) > 0)) return;
  const read = readerOf(root, whole);
  const tools = makeTools();
  let range = whole;
  let cursorMs: number | null = null;
  const timeAt = (share: number): number => range.fromMs + share * lengthOf(range);
  const charts = all<SVGSVGElement>(root, 'svg.chart').map((svg) => chartOf(svg, {
    point: (share) => point(timeAt(share)),
    span: (from, to) => show(fitted({ fromMs: timeAt(from), toMs: timeAt(to) }, whole)),
    reset: () => show(whole),
  })).filter((chart): chart is Chart => chart !== null);
  if (charts.length === 0) return;

  const draw = (shown: TimeRange): void => {
    for (const chart of charts) chart.show(shown, whole);
    mark(shown);
  };
  const mark = (shown: TimeRange): void => {
    const share = cursorMs === null || paper.matches ? null : (cursorMs - shown.fromMs) / lengthOf(shown);
    for (const chart of charts) chart.mark(share === null || share < 0 || share > 1 ? null : share);
  };
  const point = (timeMs: number | null): void => {
    cursorMs = timeMs;
    mark(range);
    const words = timeMs === null ? [] : [`${(timeMs / 1000).toFixed(3)} s`, ...read(timeMs)];
    tools.readings.replaceChildren(...(words.length === 0 ? [make('span', { class: 'muted' }, hint)] : words.map((each) => make('span', {}, each))));
    if (timeMs !== null) tools.slider.value = String(timeMs);
    tools.slider.setAttribute('aria-valuetext', words.length === 0 ? 'no moment chosen' : words.join(', '));
  };
  const set = (wanted: TimeRange): void => {
    range = wanted;
    tools.slider.min = String(range.fromMs);
    tools.slider.max = String(range.toMs);
    const isWhole = lengthOf(range) === lengthOf(whole);
    for (const each of [tools.reset, tools.out]) each.setAttribute('aria-disabled', String(isWhole));
    tools.shown.textContent = isWhole ? '' : `${formatRange(range).replace('-', ' to ')} s shown`;
    draw(range);
  };
  const show = (wanted: TimeRange): void => {
    set(wanted);
    settings.changed();
  };
  const zoom = (factor: number): void => show(zoomed(range, cursorMs !== null && cursorMs >= range.fromMs && cursorMs <= range.toMs ? cursorMs : timeAt(0.5), factor, whole));

  tools.slider.addEventListener('input', () => point(Number(tools.slider.value)));
  const actions: Readonly<Record<string, () => void>> = { in: () => zoom(0.5), out: () => zoom(2), earlier: () => show(moved(range, -0.25, whole)), later: () => show(moved(range, 0.25, whole)), reset: () => show(whole) };
  for (const [name, act] of Object.entries(actions)) tools[name as Action].addEventListener('click', act);
  tools.bar.addEventListener('keydown', (event) => {
    const keys: Readonly<Record<string, () => void>> = { '+': () => zoom(0.5), '-': () => zoom(2), Escape: () => (cursorMs === null ? show(whole) : point(null)) };
    if (event.ctrlKey || event.metaKey || event.altKey || keys[event.key] === undefined) return;
    keys[event.key]!();
    event.preventDefault();
  });
  // Paper has the whole axis, whatever the screen shows.
  paper.addEventListener('change', () => draw(paper.matches ? whole : range));
  settings.add(`${root.id}.time`, { read: () => (lengthOf(range) === lengthOf(whole) ? '' : formatRange(range)), write: (value) => set(parseRange(value, whole) ?? whole) });
  attachLegends(root, settings);
  root.prepend(tools.bar);
  point(null);
  set(whole);
}

type Action = 'in' | 'out' | 'earlier' | 'later' | 'reset';

interface Tools extends Readonly<Record<Action, HTMLButtonElement>> {
  readonly bar: HTMLElement;
  readonly slider: HTMLInputElement;
  readonly readings: HTMLElement;
  readonly shown: HTMLElement;
}

function makeTools(): Tools {
  const press = (): void => undefined;
  const buttons: Readonly<Record<Action, HTMLButtonElement>> = {
    in: button('+', 'Zoom in', press), out: button('−', 'Zoom out', press), earlier: button('←', 'Earlier', press), later: button('→', 'Later', press), reset: button('Whole run', 'Whole run', press),
  };
  const slider = make('input', { type: 'range', step: 'any', 'aria-label': 'Moment on the time axis of all charts' });
  const readings = make('p', { class: 'readings' });
  const shown = make('span', { class: 'muted', role: 'status' });
  const bar = make('div', { class: 'tools time-tools', role: 'group', 'aria-label': 'Time axis of all charts' },
    make('div', { class: 'row' }, make('span', { class: 'muted' }, 'Time axis'), buttons.in, buttons.out, buttons.earlier, buttons.later, buttons.reset, slider, shown), readings);
  return { ...buttons, bar, slider, readings, shown };
}

/** Each entry of a legend becomes a switch of what it stands for, in its own chart. */
function attachLegends(root: HTMLElement, settings: Settings): void {
  for (const legend of all<HTMLElement>(root, '.legend')) {
    const figure = legend.closest('figure');
    const svg = figure?.querySelector('svg.chart');
    if (svg === null || svg === undefined) continue;
    const switches = all<HTMLElement>(legend, 'li[data-series]').map((entry) => {
      const name = entry.dataset['series']!;
      const drawn = all<SVGElement>(svg, '[data-series]').filter((element) => element.dataset['series'] === name);
      const made = make('button', { type: 'button', 'aria-pressed': 'true', title: `Show or hide ${entry.textContent}` }, ...entry.childNodes);
      entry.replaceChildren(made);
      const turn = (on: boolean): void => {
        made.setAttribute('aria-pressed', String(on));
        for (const element of drawn) element.classList.toggle('off', !on);
      };
      const isOn = (): boolean => made.getAttribute('aria-pressed') === 'true';
      made.addEventListener('click', () => {
        turn(!isOn());
        settings.changed();
      });
      return { name, isOn, turn };
    });
    const block = legend.closest<HTMLElement>('.block');
    settings.add(`${block?.id ?? root.id}.hide`, {
      read: () => switches.filter(({ isOn }) => !isOn()).map(({ name }) => name).join(','),
      write: (value) => { for (const { name, turn } of switches) turn(!value.split(',').includes(name)); },
    });
  }
}
