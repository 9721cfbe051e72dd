// More client processes than a history can tell apart: each has an index of one byte in its events.
import { defaultOf } from '../../model/fault-parameters.ts';
import type { Scenario, Step } from '../../model/scenario.ts';
import type { Problem } from '../problem.ts';
import { contradiction } from './contradiction.ts';

type Role = 'producer' | 'consumer';
const most = 255;

/** Every replacement is a process of its own, so that what it did is not mixed with what the one before it did. */
export function processes(scenario: Scenario): readonly Problem[] {
  const started: Record<Role, number> = { producer: scenario.producer.count, consumer: scenario.consumer.count };
  return scenario.steps.flatMap((step, index) => {
    if (step.kind !== 'inject' || step.target.role !== 'client') return [];
    const role = step.target.client;
    const before = started[role];
    started[role] += replacements(step);
    if (started[role] <= most || before > most) return [];
    return [contradiction(['steps', index], `would start ${role} process ${started[role]}: a run has at most ${most} of one role, every replacement counted`, 'Let fewer die: lower times, or the number of faults on clients.')];
  });
}

function replacements({ fault, parameters }: Extract<Step, { kind: 'inject' }>): number {
  const times = parameters['times'] ?? defaultOf(fault, 'times') ?? 1;
  switch (fault) {
    case 'kill': case 'stop': case 'restart': return 1;
    // Each but the first that dies is a replacement, and the last death brings the one that lives.
    case 'crash-loop': case 'rebalance-storm': return times;
    default: return 0;
  }
}
