// Progress for logs: one line a phase, step and fault, each with the seconds since the start. No colours, no cursor movement.
import type { ProgressEvent } from '../../model/progress.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Counters } from '../../model/workload-control.ts';
import { formatCount } from './format.ts';
import { describeLeader } from './progress-state.ts';
import type { ProgressState } from './progress-state.ts';

/** Edges of a fault worth a line of their own; the others follow within milliseconds. */
const shownEdges: ReadonlySet<string> = new Set(['struck', 'proved', 'healed']);

/**
 * @param state after the event.
 * @returns no line for what would only be noise in a log.
 */
export function plainLines(event: ProgressEvent, state: ProgressState, elapsedMs: number): readonly string[] {
  const prefix = `[${(elapsedMs / 1_000).toFixed(1).padStart(6)}s]`;
  return textsOf(event, state).map((text) => `${prefix} ${text.replaceAll(/\s*\n\s*/g, ' ')}`);
}

function textsOf(event: ProgressEvent, { counters }: ProgressState): readonly string[] {
  switch (event.type) {
    case 'suite-begin':
      return [`${event.suiteId}: ${event.scenarios.length} ${event.scenarios.length === 1 ? 'scenario' : 'scenarios'}, seed ${event.seed}, in ${event.folder}`];
    case 'scenario-begin':
      return [`${event.index + 1} of ${event.count} ${event.name}${event.repetition > 1 ? ` (repetition ${event.repetition})` : ''}: ${event.title}`];
    case 'phase':
      if (event.edge === 'begin') return [`  ${event.phase}`];
      return event.ok ? [] : [`  ${event.phase} failed: ${event.detail}`];
    case 'step':
      return [`    ${event.text}`];
    case 'fault':
      return shownEdges.has(event.edge) ? [`    ! ${event.fault} ${event.nodes.join(', ')} ${event.edge}: ${event.detail}${event.edge === 'struck' ? describeCounters(counters) : ''}`] : [];
    case 'leader':
      return [`    ${describeLeader(event)}`];
    case 'message':
      return [`    ${event.text}`];
    case 'scenario-end':
      return [`  ${resultOf(event.record)}: ${event.record.judgement.sentence}`];
    case 'counters':
      return [];
    case 'suite-end':
      return [`${event.record.verdict}, seed ${event.record.seed}, in ${event.folder}`];
  }
}

/** A run that did not complete has no verdict worth the name. */
export const resultOf = ({ status, judgement }: RunRecord): string => (status === 'completed' ? judgement.verdict : status);

function describeCounters(counters: Counters | null): string {
  if (counters === null) return '';
  const { acknowledged, handedOver, delivered, outstanding } = counters;
  const taken = handedOver > 0 ? `${formatCount(handedOver)} handed over` : `${formatCount(acknowledged)} acknowledged`;
  return ` (${taken}, ${formatCount(delivered)} delivered, ${formatCount(outstanding)} outstanding)`;
}
