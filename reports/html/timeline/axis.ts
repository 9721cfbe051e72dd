// The time axis that every chart of a run shares, and the stretches of faults behind what is drawn over it.
import type { FaultFact } from '../../../harness/model/facts.ts';
import { markup, type Content, type Markup } from '../markup.ts';
import { percent, type Domain } from './domain.ts';
import { laneLimit } from './lanes.ts';

/** What lies on the time axis and nothing else, in a drawing of its own: made wider and moved, it shows a part of the run, and no text is stretched. */
export const timeLayer = (content: Content): Markup => markup`<svg class="time">${content}</svg>`;

export function timeAxis(domain: Domain, bottom: number): Markup {
  const ticks = domain.place.copy().domain([domain.fromMs / 1000, domain.toMs / 1000]).ticks(6);
  return markup`<g class="ticks" data-bottom="${bottom}">${ticks.map((seconds) => {
    const share = domain.place(seconds * 1000);
    const anchor = share < 0.03 ? 'start' : share > 0.95 ? 'end' : 'middle';
    return markup`<line class="axis" x1="${percent(share)}" x2="${percent(share)}" y1="${bottom}" y2="${bottom + 5}" stroke="#777"/><text x="${percent(share)}" y="${bottom + 18}" text-anchor="${anchor}">${Number(seconds.toFixed(2))} s</text>`;
  })}</g>`;
}

/** From each strike until it was healed; where several overlap the ground is darker. */
export function faultBands(faults: readonly FaultFact[], { place, toMs }: Domain, top: number, height: number): Markup {
  const struck = faults.slice(0, laneLimit).filter(({ struckMs }) => struckMs !== null);
  return markup`${struck.map(({ struckMs, healedMs }) => {
    const from = place(struckMs!);
    return markup`<rect class="fault-band" data-series="fault" x="${percent(from)}" y="${top}" width="${percent(Math.max(0.001, place(healedMs ?? toMs) - from))}" height="${height}" fill="#a8232f" fill-opacity=".1"/>`;
  })}`;
}
