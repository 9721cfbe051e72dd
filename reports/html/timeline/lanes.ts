// Above the rates: the phases as a strip, one lane a fault, one lane for changes of leader. Labels stand left, so they fit every width.
import type { FaultFact, LeaderChange } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import { formatCount, formatInstant } from '../../summary/format.ts';
import { oneLine, truncate } from '../../summary/plain-text.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { percent, type Domain } from './domain.ts';

/** More lanes than this hide the chart that they explain (Jepsen draws as many). */
export const laneLimit = 12;
export const laneHeight = 34;
export const phaseHeight = 20;

export function drawPhases(run: RunRecord, domain: Domain): Markup {
  const inside = run.phases.filter(({ beginMs, endMs }) => endMs > domain.fromMs && beginMs < domain.toMs);
  return markup`${inside.map(({ phase, beginMs, endMs, ok }, index) => {
    const from = domain.place(beginMs);
    const width = domain.place(endMs) - from;
    const className = ok ? (index % 2 === 0 ? 'phase-even' : 'phase-odd') : 'phase-bad';
    return markup`<svg data-say="${phase}" x="${percent(from)}" y="0" width="${percent(width)}" height="${phaseHeight}"><rect class="${className}" width="100%" height="100%" fill="#ebe8e0"/><line class="phase-edge" x1="0" x2="0" y1="0" y2="100%" stroke="#999"/>${phaseLabel(ok ? phase : `${phase} ✗`, width)}</svg>`;
  })}`;
}

/** Where a label has no room on a narrow screen it is shown on wide ones only, and nowhere where it has none at all. */
function phaseLabel(words: string, width: number): Markup {
  const needed = words.length * 6.8 + 10;
  if (width * 850 < needed) return nothing;
  return markup`<text class="${width * 310 < needed ? 'name roomy' : 'name'}" x="6" y="14">${words}</text>`;
}

export function drawFaultLane(fault: FaultFact, top: number, domain: Domain): Markup {
  const end = fault.healedMs ?? domain.toMs;
  const struck = fault.struckMs ?? fault.beginMs;
  const heal = fault.healMs ?? end;
  const name = `${truncate(oneLine(fault.fault), 20)} ${truncate(oneLine(fault.nodes.join(', ')), 40)}`;
  return markup`<line class="grid" x1="0" x2="100%" y1="${top + 27}" y2="${top + 27}" stroke="#ccc" stroke-width=".75"/>${bar(fault.beginMs, struck, top, domain, looks.begun, name)}${bar(struck, heal, top, domain, looks.inForce, name)}${bar(heal, end, top, domain, looks.healing, name)}
`;
}

interface Look {
  readonly series: 'fault' | 'heal';
  readonly className: string;
  readonly fill: string;
  readonly stroke: string;
  readonly says: string;
}

const looks: Readonly<Record<'begun' | 'inForce' | 'healing', Look>> = {
  begun: { series: 'fault', className: 'fault-line', fill: 'none', stroke: '#a8232f', says: 'being injected' },
  inForce: { series: 'fault', className: 'fault-fill', fill: '#a8232f', stroke: 'none', says: 'in force' },
  healing: { series: 'heal', className: 'heal-edge', fill: 'url(#pattern-heal)', stroke: '#7a828a', says: 'healing' },
};

function bar(fromMs: number, toMs: number, top: number, { place }: Domain, { series, className, fill, stroke, says }: Look, name: string): Markup {
  if (toMs <= fromMs) return nothing;
  const width = Math.max(0.003, place(toMs) - place(fromMs));
  return markup`<rect class="${className}" data-series="${series}" data-say="${name} ${says}" x="${percent(place(fromMs))}" y="${top + 18}" width="${percent(width)}" height="9" fill="${fill}" stroke="${stroke}"/>`;
}

/** `kill kafka-2 · 12.3–18.1 s`: short enough for 320 px. */
export function faultLabel(fault: FaultFact): string {
  const nodes = fault.nodes.length > 2 ? `${fault.nodes.length} nodes` : fault.nodes.join(', ');
  const from = ((fault.struckMs ?? fault.beginMs) / 1000).toFixed(1);
  const healed = fault.healedMs === null ? null : formatInstant(fault.healedMs);
  const until = healed === null ? ' s, not healed' : healed === `${from} s` ? ' s' : `–${healed}`;
  return `${truncate(oneLine(fault.fault), 20)} ${truncate(oneLine(nodes), 22)} · ${from}${until}`;
}

export function drawLeaderLane(changes: readonly LeaderChange[], top: number, domain: Domain): Markup {
  const marks = changes.slice(0, 200).map(({ timeMs }) => markup`<svg x="${percent(domain.place(timeMs))}" y="${top + 17}" width="1" height="1" overflow="visible"><path class="leader-mark" d="M-5 0H5L0 9z" fill="#1c2024"/></svg>`);
  return markup`<line class="grid" x1="0" x2="100%" y1="${top + 26}" y2="${top + 26}" stroke="#ccc" stroke-width=".75"/>${marks}
`;
}

/** Drawn last, over the lines that cross it. */
export const laneLabel = (words: string, top: number): Markup => markup`<text class="name over" x="0" y="${top + 12}">${words}</text>`;

export function leaderLabel(changes: readonly LeaderChange[]): string {
  const [first] = changes;
  if (first === undefined) return 'no change of leader';
  const move = `${truncate(oneLine(first.from ?? 'none'), 14)} → ${truncate(oneLine(first.to ?? 'none'), 14)}`;
  return changes.length === 1 ? `leader: ${move} · ${formatInstant(first.timeMs)}` : `${formatCount(changes.length)} changes of leader, first ${move}`;
}

/** When a fault struck and when it was healed, through everything below its lane. */
export function drawFaultLines(fault: FaultFact, top: number, bottom: number, { place }: Domain): Markup {
  const struck = fault.struckMs === null ? nothing : markup`<line class="fault-line" data-series="fault" x1="${percent(place(fault.struckMs))}" x2="${percent(place(fault.struckMs))}" y1="${top}" y2="${bottom}" stroke="#a8232f" stroke-width="1.25"/>`;
  const healed = fault.healedMs === null ? nothing : markup`<line class="healed-line" data-series="heal" x1="${percent(place(fault.healedMs))}" x2="${percent(place(fault.healedMs))}" y1="${top}" y2="${bottom}" stroke="#7a828a" stroke-dasharray="2 3"/>`;
  return markup`${struck}${healed}`;
}
