// Triggers that count what this policy never produces, or from what has not passed.
import type { BrokerSpec } from '../../model/broker.ts';
import type { Scenario, Trigger } from '../../model/scenario.ts';
import { didYouMean } from '../problem.ts';
import type { Path, Problem } from '../problem.ts';
import { contradiction } from './contradiction.ts';

export function deafTriggers(scenario: Scenario, spec: BrokerSpec): readonly Problem[] {
  const acknowledges = spec.acknowledges(scenario.producer);
  let consumes = scenario.consumer.start === 'steady';
  const waits = scenario.steps.flatMap((step, index) => {
    if (step.kind === 'consume') consumes = true;
    return step.kind === 'wait' ? deafTrigger(step.trigger, ['steps', index, 'wait'], { acknowledges, consumes }) : [];
  });
  return [...deafTrigger(scenario.steady, ['steady'], { acknowledges, consumes: scenario.consumer.start === 'steady' }), ...waits];
}

interface Hearing {
  readonly acknowledges: boolean;
  readonly consumes: boolean;
}

function deafTrigger(trigger: Trigger, path: Path, { acknowledges, consumes }: Hearing): readonly Problem[] {
  const heard = [
    trigger.attempted, trigger.elapsedMs, trigger.inSyncAtMost,
    acknowledges ? trigger.acknowledged : trigger.handedOver,
    ...(consumes ? [trigger.delivered, trigger.processed] : []),
  ];
  if (heard.some((count) => count !== undefined)) return [];
  const why = [
    trigger.acknowledged === undefined ? [] : ['this policy has no acknowledgements'],
    trigger.handedOver === undefined ? [] : ['this policy acknowledges, so nothing is merely handed over'],
    trigger.delivered === undefined && trigger.processed === undefined ? [] : ['the consumers have not started by then'],
  ].flat();
  return [contradiction(path, `never fires: ${why.join(', and ')}`, `Count ${acknowledges ? 'acknowledged' : 'handedOver'} or attempted, or add elapsedMs.`)];
}

/** `since` counts from an edge that has passed when the wait begins: the fault was injected before, and healed before where its end is meant. */
export function sinceFaults({ steady, steps }: Scenario): readonly Problem[] {
  const begun: string[] = [];
  const ended: string[] = [];
  const first = steady.since === undefined ? [] : [contradiction(['steady', 'since'], 'no fault comes before the steady traffic', 'Take since out.')];
  return [...first, ...steps.flatMap((step, index) => {
    if (step.kind === 'inject') begun.push(step.id);
    if (step.kind === 'heal') ended.push(step.id);
    return step.kind === 'wait' && step.trigger.since !== undefined ? unpassed(step.trigger.since, begun, ended, ['steps', index, 'wait', 'since']) : [];
  })];
}

function unpassed({ fault, edge }: NonNullable<Trigger['since']>, begun: readonly string[], ended: readonly string[], path: Path): readonly Problem[] {
  if (!begun.includes(fault)) {
    const known = begun.length === 0 ? 'no fault was injected before it' : `injected before it: ${begun.join(', ')}`;
    return [contradiction([...path, 'fault'], `counts from "${fault}"; ${known}${didYouMean(fault, begun)}`, 'Name the fault as its inject step does, and put the wait after it.')];
  }
  if (edge === 'begin' || ended.includes(fault)) return [];
  return [contradiction([...path, 'edge'], `"${fault}" has not ended by then`, `Put heal: ${fault} before the wait, or count from its begin.`)];
}
