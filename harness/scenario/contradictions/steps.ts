// Steps that contradict each other: names of faults, and traffic that rests while it is waited for.
import type { Scenario, Trigger } from '../../model/scenario.ts';
import { didYouMean } from '../problem.ts';
import type { Problem } from '../problem.ts';
import { contradiction } from './contradiction.ts';

/** Every `heal` names a fault injected before it, and every fault has a name of its own. */
export function faultIds({ steps }: Scenario): readonly Problem[] {
  const injected: string[] = [];
  return steps.flatMap((step, index) => {
    if (step.kind === 'inject') {
      const taken = injected.includes(step.id);
      injected.push(step.id);
      return taken ? [contradiction(['steps', index, 'inject'], `two faults are called "${step.id}"`, `Give this one a name of its own: as: ${step.id}-2`)] : [];
    }
    if (step.kind !== 'heal' || injected.includes(step.id)) return [];
    const known = injected.length === 0 ? 'no fault was injected before it' : `injected before it: ${[...new Set(injected)].join(', ')}`;
    return [contradiction(['steps', index, 'heal'], `heals "${step.id}"; ${known}${didYouMean(step.id, injected)}`, 'Name the fault as its inject step does (as, or the name of the fault).')];
  });
}

/** Consumers start once. */
export function consuming({ consumer, steps }: Scenario): readonly Problem[] {
  return steps.flatMap((step, index) => {
    if (step.kind !== 'consume') return [];
    if (consumer.start !== 'drain') return [contradiction(['steps', index], 'the consumers have started already, before the steady traffic', 'Set consumer.start to drain, or take the step out.')];
    return steps.findIndex(({ kind }) => kind === 'consume') === index ? [] : [contradiction(['steps', index], 'the consumers start only once', 'Take one of the consume steps out.')];
  });
}

/** What goes on while the producers rest. */
const heardInQuiet = ['elapsedMs', 'delivered', 'processed', 'inSyncAtMost'] as const satisfies readonly (keyof Trigger)[];

/** `publish` needs producers at rest; `wait` for their traffic needs producers at work. */
export function pace({ steps }: Scenario): readonly Problem[] {
  let quiet = false;
  return steps.flatMap((step, index) => {
    if (step.kind === 'quiesce') quiet = true;
    if (step.kind === 'resume') quiet = false;
    if (step.kind === 'publish' && !quiet) {
      return [contradiction(['steps', index, 'publish'], 'a closed number of messages needs producers at rest', 'Put a quiesce step before it.')];
    }
    const stuck = step.kind === 'wait' && quiet && heardInQuiet.every((count) => step.trigger[count] === undefined);
    return stuck ? [contradiction(['steps', index, 'wait'], 'never ends: the producers are quiet', 'Put a resume step before it, or add elapsedMs.')] : [];
  });
}
