// Numbers of two runs beside each other. Single runs vary: nothing here is called a change for the better or the worse, only what
// moved farther than such runs do by themselves is told.
import { measures } from '../../harness/model/contract.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { formatCount, formatDuration, formatRange, rangeOf, type Range } from '../summary/format.ts';
import { isDuration, measureWords } from '../summary/measure-words.ts';
import { quantityOf } from '../summary/quantity.ts';
import { recoveryOf } from '../summary/summarise.ts';

export interface NumberBeside {
  /** Stable: `acknowledgeP99Ms`, `timeToRecoverMs`, or the name of a measure. */
  readonly name: string;
  readonly label: string;
  readonly unit: 'ms' | 'messages';
  /** Over the repetitions; null: not known in any of them. */
  readonly base: Range | null;
  readonly run: Range | null;
}

interface Reader {
  readonly name: string;
  readonly label: string;
  readonly unit: NumberBeside['unit'];
  /** null: not known. */
  readonly read: (run: RunRecord) => number | null;
}

const readers: readonly Reader[] = [
  { name: 'base', label: 'accepted', unit: 'messages', read: ({ facts }) => facts?.accounting.baseCount ?? null },
  { name: 'acknowledgeP50Ms', label: 'acknowledged p50', unit: 'ms', read: ({ facts }) => facts?.acknowledgeLatency?.p50Ms ?? null },
  { name: 'acknowledgeP99Ms', label: 'acknowledged p99', unit: 'ms', read: ({ facts }) => facts?.acknowledgeLatency?.p99Ms ?? null },
  { name: 'timeToRecoverMs', label: 'time to recover', unit: 'ms', read: (run) => numberOr(recoveryOf(run)) },
  ...measures.map((measure): Reader => ({ name: measure, label: measureWords[measure].label, unit: isDuration(measure) ? 'ms' : 'messages', read: (run) => exact(quantityOf(run, measure)) })),
];

const numberOr = (value: number | string | null): number | null => (typeof value === 'number' ? value : null);
const exact = (quantity: ReturnType<typeof quantityOf>): number | null => (quantity?.certainty === 'exact' ? quantity.count : null);

/** What is zero on both sides, or known on neither, is left out. */
export function numbersBeside(base: readonly RunRecord[], run: readonly RunRecord[]): readonly NumberBeside[] {
  const over = (runs: readonly RunRecord[], read: Reader['read']): Range | null => rangeOf(runs.map(read).filter((value) => value !== null));
  return readers
    .map(({ name, label, unit, read }): NumberBeside => ({ name, label, unit, base: over(base, read), run: over(run, read) }))
    .filter(({ base: before, run: after }) => (before?.most ?? 0) > 0 || (after?.most ?? 0) > 0);
}

/** Below these two runs of one plan differ as a matter of course: a half more of a time or a count, and by as much as anybody would look at. */
const noise = { ratio: 1.5, ms: 100, messages: 20 } as const;

/** Whether the two ranges lie apart by more than noise. What must be zero has none: where one side is, any other number has moved; so has what is known on one side only. */
export function hasMoved({ unit, base, run }: NumberBeside): boolean {
  if (base === null || run === null) return base !== run;
  const [low, high] = base.most < run.least ? [base.most, run.least] : run.most < base.least ? [run.most, base.least] : [0, 0];
  if (low === high) return false;
  return unit === 'messages' && low === 0 ? true : high > low * noise.ratio && high - low > noise[unit];
}

/** "time to recover 3.1 s → 3.5 s". */
export function numberWords({ label, unit, base, run }: NumberBeside): string {
  const words = (range: Range | null): string => (range === null ? '—' : formatRange(range, unit === 'ms' ? formatDuration : formatCount));
  return `${label} ${words(base)} → ${words(run)}`;
}
