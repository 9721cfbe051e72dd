// One chart on the shared axis: shows a part of it, marks a moment, and tells where a pointer went.
import { draw } from './elements.ts';
import { lengthOf, roundTicks, type TimeRange } from './time-range.ts';

/** What a pointer wants. Shares are of the chart's width. */
export interface Wishes {
  readonly point: (share: number) => void;
  readonly span: (fromShare: number, toShare: number) => void;
  readonly reset: () => void;
}

export interface Chart {
  readonly show: (range: TimeRange, whole: TimeRange) => void;
  /** null: no moment. */
  readonly mark: (share: number | null) => void;
}

/** A shorter way than this is a click. */
const leastDragPx = 5;
const percentOf = (share: number): string => `${(share * 100).toFixed(3)}%`;

/** null where the drawing has no time axis. */
export function chartOf(svg: SVGSVGElement, wishes: Wishes): Chart | null {
  const layer = svg.querySelector<SVGSVGElement>('svg.time');
  const ticks = svg.querySelector<SVGGElement>('g.ticks');
  if (layer === null || ticks === null) return null;
  const line = draw('line', { class: 'cursor', y1: 0, y2: ticks.dataset['bottom'] ?? '100%', visibility: 'hidden' });
  svg.append(line);
  svg.classList.add('live');
  listen(svg, ticks.dataset['bottom'] ?? '100%', wishes);
  return {
    show: (range, whole) => {
      layer.setAttribute('x', percentOf((whole.fromMs - range.fromMs) / lengthOf(range)));
      layer.setAttribute('width', percentOf(lengthOf(whole) / lengthOf(range)));
      drawTicks(ticks, range);
    },
    mark: (share) => {
      line.setAttribute('visibility', share === null ? 'hidden' : 'visible');
      for (const end of ['x1', 'x2']) line.setAttribute(end, percentOf(share ?? 0));
    },
  };
}

function drawTicks(group: SVGGElement, range: TimeRange): void {
  const bottom = Number(group.dataset['bottom']);
  group.replaceChildren(...roundTicks(range, 6).flatMap((seconds) => {
    const share = (seconds * 1000 - range.fromMs) / lengthOf(range);
    const text = draw('text', { x: percentOf(share), y: bottom + 18, 'text-anchor': share < 0.03 ? 'start' : share > 0.95 ? 'end' : 'middle' });
    text.textContent = `${seconds} s`;
    return [draw('line', { class: 'axis', x1: percentOf(share), x2: percentOf(share), y1: bottom, y2: bottom + 5, stroke: '#777' }), text];
  }));
}

/** A pointer that moves marks a moment; drawn sideways it chooses a part; twice pressed it goes back to the whole. */
function listen(svg: SVGSVGElement, height: string, { point, span, reset }: Wishes): void {
  const shareOf = ({ clientX }: PointerEvent): number => {
    const { left, width } = svg.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - left) / Math.max(1, width)));
  };
  const brush = draw('rect', { class: 'brush', y: 0, height, visibility: 'hidden' });
  svg.append(brush);
  let from: { readonly share: number; readonly x: number } | null = null;
  let draws = false;
  const end = (): void => {
    from = null;
    draws = false;
    brush.setAttribute('visibility', 'hidden');
  };
  svg.addEventListener('pointerdown', (event) => {
    if (event.button === 0 && event.isPrimary) from = { share: shareOf(event), x: event.clientX };
  });
  svg.addEventListener('pointermove', (event) => {
    const share = shareOf(event);
    point(share);
    if (from === null || (!draws && Math.abs(event.clientX - from.x) < leastDragPx)) return;
    if (!draws) svg.setPointerCapture(event.pointerId);
    draws = true;
    brush.setAttribute('x', percentOf(Math.min(share, from.share)));
    brush.setAttribute('width', percentOf(Math.abs(share - from.share)));
    brush.setAttribute('visibility', 'visible');
  });
  svg.addEventListener('pointerup', (event) => {
    const share = shareOf(event);
    if (from !== null && draws) span(Math.min(share, from.share), Math.max(share, from.share));
    else if (from !== null) point(share);
    end();
  });
  svg.addEventListener('pointercancel', end);
  svg.addEventListener('dblclick', reset);
}
