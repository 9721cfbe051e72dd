// What the charts show at one moment, read from their drawings: values of plots, and what spans of time say.
import { all } from './elements.ts';
import { lengthOf, type TimeRange } from './time-range.ts';

export type Read = (timeMs: number) => readonly string[];

/** More parts than this are no reading. */
const mostSpans = 8;

export function readerOf(root: ParentNode, whole: TimeRange): Read {
  const plots = all<SVGElement>(root, 'svg.plot').map(plotReader);
  const spans = all<SVGElement>(root, '[data-say]').map((span) => spanOf(span, whole));
  return (timeMs) => {
    const said = [...new Set(spans.filter((span) => timeMs >= span.fromMs && timeMs < span.toMs && !span.isOff()).map(({ words }) => words))];
    const more = said.length > mostSpans ? [`and ${said.length - mostSpans} more`] : [];
    return [...plots.flatMap((plot) => plot(timeMs)), ...said.slice(0, mostSpans), ...more];
  };
}

function plotReader(plot: SVGElement): Read {
  const { from, step, unit = '', label } = plot.dataset;
  const lines = all<SVGElement>(plot, '[data-values]').map((line) => ({ line, name: line.dataset['series'] ?? '', values: (line.dataset['values'] ?? '').split(',') }));
  const ordered = label === undefined ? lines : lines.reverse();
  return (timeMs) => {
    const bin = Math.floor((timeMs - Number(from)) / Number(step));
    const parts = ordered.flatMap(({ line, name, values }) => {
      const value = values[bin];
      return value === undefined || value === '' || line.classList.contains('off') ? [] : [`${name} ${Number(value).toLocaleString('en')}${unit}`];
    });
    return label === undefined ? parts : parts.length === 0 ? [] : [`${label}: ${parts.join(', ')}`];
  };
}

interface Span extends TimeRange {
  readonly words: string;
  readonly isOff: () => boolean;
}

/** Places on the axis are shares of the whole, in percent. */
function spanOf(element: SVGElement, whole: TimeRange): Span {
  const share = (name: string): number => Number.parseFloat(element.getAttribute(name) ?? '0') / 100;
  const fromMs = whole.fromMs + share('x') * lengthOf(whole);
  return { fromMs, toMs: fromMs + share('width') * lengthOf(whole), words: element.dataset['say'] ?? '', isOff: () => element.classList.contains('off') };
}
