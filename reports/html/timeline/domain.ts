// Which stretch of the run the timeline shows: traffic, faults and everything that hangs on them, without long quiet ends.
import { extent } from 'd3-array';
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { Facts } from '../../../harness/model/facts.ts';
import type { RunRecord } from '../../../harness/model/run-record.ts';
import type { Phase } from '../../../harness/model/scenario.ts';
import { seriesNames } from './bins.ts';

export interface Domain {
  readonly fromMs: number;
  readonly toMs: number;
  /** Milliseconds to a share of the width, 0 to 1, clamped. */
  readonly place: ScaleLinear<number, number>;
}

/** Phases that a reader looks for on the axis; what comes before and after is set-up and clean-up. */
const shown: ReadonlySet<Phase> = new Set(['steady', 'chaos', 'heal', 'recover', 'drain']);

export function timeDomain(run: RunRecord, facts: Facts): Domain {
  const phaseTimes = run.phases.filter(({ phase }) => shown.has(phase)).flatMap(({ beginMs, endMs }) => [beginMs, endMs]);
  const faultTimes = facts.faults.flatMap((fault) => [fault.triggerMs, fault.beginMs, fault.struckMs, fault.healMs, fault.healedMs]);
  const windowTimes = facts.unavailable.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
  const times = [...phaseTimes, ...faultTimes, ...windowTimes, ...trafficTimes(facts), ...facts.leaderChanges.map(({ timeMs }) => timeMs)];
  const [least, most] = extent(times.filter((time): time is number => time !== null && Number.isFinite(time)));
  const fromMs = least ?? 0;
  const toMs = Math.max(most ?? run.durationMs, fromMs + 1);
  return { fromMs, toMs, place: scaleLinear([fromMs, toMs], [0, 1]).clamp(true) };
}

/** Where the first and the last counted bin lie. */
function trafficTimes({ series }: Facts): readonly number[] {
  const columns = seriesNames.map((name) => series[name]);
  const firsts = columns.map((column) => column.findIndex((count) => count > 0)).filter((index) => index >= 0);
  const lasts = columns.map((column) => column.findLastIndex((count) => count > 0)).filter((index) => index >= 0);
  return firsts.length === 0 ? [] : [Math.min(...firsts) * series.binMs, (Math.max(...lasts) + 1) * series.binMs];
}

/** A place on the time axis as an SVG length, so that text keeps its size at every width. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`;
