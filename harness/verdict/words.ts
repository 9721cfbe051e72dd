// How the verdict's sentences spell numbers, times, measures and faults.
import { deedOf } from '../model/fault-parameters.ts';
import type { Measure } from '../model/contract.ts';
import type { Accounting, Facts, FaultFact } from '../model/facts.ts';
import type { Scenario } from '../model/scenario.ts';

/** `1,234`: commas survive terminals, XML and Markdown alike. */
export const formatCount = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');

export const formatSeconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;

/** `1 message`, `2 messages`. */
export const messages = (count: number): string => `${formatCount(count)} ${count === 1 ? 'message' : 'messages'}`;

/** `12 acknowledged messages`, `1 message handed over`: what a loss is counted against. */
export const ofBase = (count: number, base: Accounting['base']): string =>
  base === 'acknowledged' ? `${formatCount(count)} acknowledged ${count === 1 ? 'message' : 'messages'}` : `${messages(count)} handed over`;

/** Completes "12 messages …" or stands alone after a count. */
export const measureWords: Readonly<Record<Measure, string>> = {
  lost: 'lost',
  deadLettered: 'put aside in a dead-letter target',
  stuck: 'stuck: stored and never processed',
  unseen: 'unaccounted for',
  erased: 'erased from the log',
  phantom: 'delivered that nobody sent',
  ghost: 'delivered although every attempt was refused',
  recovered: 'found although their outcome was unknown',
  unroutable: 'acknowledged and returned as unroutable',
  copies: 'stored again from one attempt',
  republished: 'stored again from another attempt',
  redelivered: 'delivered again',
  repeated: 'delivered again, cause unknown',
  processedTwice: 'processed again',
  settledUnprocessed: 'settled and never processed',
  duplicated: 'duplicated',
  reordered: 'out of order',
  skipped: 'passed over by consumers',
  rewound: 'gone back over by consumers',
  offsetConflicts: 'whose receipts name the place of another',
  corrupted: 'with a body that does not match its checksum',
  strangers: 'from outside this run',
  unavailableMs: 'ms unavailable',
  failed: 'refused',
  indeterminate: 'with an unknown outcome',
};

/** `kafka-1, leader of partition 0, was killed at 13.0 s`. */
export function describeFault(fault: FaultFact, scenario: Scenario, { storeKind }: Pick<Facts, 'storeKind'>): string {
  const nodes = fault.nodes.length === 0 ? 'nothing' : fault.nodes.join(', ');
  const at = formatSeconds(fault.struckMs ?? fault.beginMs);
  const deed = deedOf(fault.fault);
  if (deed.includes('%')) return `${deed.replace('%', () => nodes)} at ${at}`;
  return `${nodes}${roleOf(fault, scenario, storeKind)} ${fault.nodes.length > 1 ? 'were' : 'was'} ${deedAndTime(fault)}`;
}

/** `killed at 13.0 s`; what takes its time, from when to when. */
export function deedAndTime({ fault, beginMs, struckMs }: FaultFact): string {
  const [from, to] = [formatSeconds(beginMs), formatSeconds(struckMs ?? beginMs)];
  return `${deedOf(fault)} ${fault === 'crash-loop' && from !== to ? `between ${from} and ${to}` : `at ${to}`}`;
}

/** Whether its sentence is `… was done at …`: then a second deed to the same victim needs no subject. */
export const hasDeed = (fault: string): boolean => !deedOf(fault).includes('%');

/** Only what is on record: without proof of leadership a victim has no role. */
function roleOf({ id, led }: FaultFact, { steps }: Scenario, storeKind: Facts['storeKind']): string {
  const step = steps.find((candidate) => candidate.kind === 'inject' && candidate.id === id);
  if (led !== true || step?.kind !== 'inject' || step.target.role !== 'leader') return '';
  return storeKind === 'queue' ? ', leader of the queue,' : `, leader of partition ${step.target.partition},`;
}
