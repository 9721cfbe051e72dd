// Steps that need clients of which none is left: killed or frozen by a fault that nothing has healed.
import type { FaultName, Scenario, Step, Target, Trigger } from '../../model/scenario.ts';
import type { Path, Problem } from '../problem.ts';
import { contradiction } from './contradiction.ts';

type Silenced = Extract<Target, { role: 'client' }> & { readonly fault: FaultName };
type Role = Silenced['client'];

/** After these a client does nothing until the fault is healed. */
const silencing: readonly FaultName[] = ['kill', 'stop', 'pause', 'crash-loop'];
const countsOf: Readonly<Record<Role, readonly string[]>> = {
  producer: ['acknowledged', 'handedOver', 'attempted'] satisfies readonly (keyof Trigger)[],
  consumer: ['delivered', 'processed'] satisfies readonly (keyof Trigger)[],
};

export function silencedClients(scenario: Scenario): readonly Problem[] {
  const silenced = new Map<string, Silenced>();
  return scenario.steps.flatMap((step, index) => {
    if (step.kind === 'inject' && step.target.role === 'client' && silencing.includes(step.fault)) silenced.set(step.id, { ...step.target, fault: step.fault });
    if (step.kind === 'heal') silenced.delete(step.id);
    const now = [...silenced.values()];
    const path = ['steps', index];
    return step.kind === 'wait' ? endlessWait(step.trigger, rolesGone(now, scenario), [...path, 'wait']) : unheard(step, now, scenario, path);
  });
}

/** Roles of which every client is silenced. */
const rolesGone = (silenced: readonly Silenced[], scenario: Scenario): readonly Role[] =>
  (['producer', 'consumer'] as const).filter((role) => new Set(silenced.filter(({ client }) => client === role).map(({ index }) => index)).size >= scenario[role].count);

function endlessWait(trigger: Trigger, gone: readonly Role[], path: Path): readonly Problem[] {
  const deaf = gone.flatMap((role) => countsOf[role]);
  if (Object.keys(trigger).some((count) => count !== 'since' && !deaf.includes(count))) return [];
  return [contradiction(path, `never ends: every ${gone.join(' and every ')} is dead or frozen by then`, 'Heal one of them before it, or add elapsedMs.')];
}

/** The producers are asked, and each is waited for. */
function unheard({ kind }: Step, silenced: readonly Silenced[], scenario: Scenario, path: Path): readonly Problem[] {
  if (kind !== 'quiesce' && kind !== 'publish' && kind !== 'resume') return [];
  if (silenced.some(({ client, fault }) => client === 'producer' && fault === 'pause')) return [contradiction(path, 'a frozen producer hears nothing', 'Heal the pause before it.')];
  if (kind !== 'publish' || !rolesGone(silenced, scenario).includes('producer')) return [];
  return [contradiction([...path, 'publish'], 'every producer is dead by then', 'Heal one of them before it.')];
}
