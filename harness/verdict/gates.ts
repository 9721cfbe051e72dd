// Preconditions of believing a result. Universal ones always apply; the others belong to the faults of the scenario.
import type { Gate } from '../model/contract.ts';
import type { Facts, FaultFact } from '../model/facts.ts';
import { effectOf, familyOf, type FaultEffect } from '../model/fault-parameters.ts';
import type { Scenario, Step, Target } from '../model/scenario.ts';
import { formatCount, messages } from './words.ts';

type Inject = Extract<Step, { kind: 'inject' }>;

/** A fault of the plan beside what became of it; null: it never began. */
interface Played {
  readonly step: Inject;
  readonly fact: FaultFact | null;
}

/**
 * `target-hit` applies to every fault; what else does, its declared effect says. `exposed` is asked of all of them taken together, for a recipe
 * may freeze an idle leader before it sends to it; `traffic-met` of links and disks that are in the way: attempts were under way meanwhile; `led-when-struck` of those aimed at a leader; `leadership-moved` of those of them that
 * end a process or ask for it, where another replica was in sync so that somebody could take over (`leadershipMoved` is null elsewhere: a classic queue's
 * home node, one replica). A frozen leader may thaw as the leader: whether it is replaced is what such a scenario asks. A baseline has no fault, and none of these gates.
 */
export function gatesOf(scenario: Scenario, facts: Facts): readonly Gate[] {
  const played = scenario.steps.filter((step) => step.kind === 'inject').map((step): Played => (
    { step, fact: facts.faults.find(({ id }) => id === step.id) ?? null }
  ));
  return [...universal(facts), ...faultGates(played), ...trafficGates(played, facts)];
}

function universal({ conditions, accounting }: Facts): readonly Gate[] {
  const { baseCount, base, processed, deadLettered, stuck, lost, unseen } = accounting;
  const sum = [processed, deadLettered, stuck, lost, unseen].map(formatCount).join(' + ');
  return [
    gate('history', conditions.historyWhole, conditions.historyDetail),
    gate('accounting', accounting.addsUp, `${formatCount(baseCount)} ${base} = ${sum} (processed + dead-lettered + stuck + lost + unseen)`),
    gate('workers', conditions.deadWorkers.length === 0, conditions.deadWorkers.length === 0 ? 'every worker ended as told' : `ended by itself: ${conditions.deadWorkers.join(', ')}`),
    gate('steady', conditions.steadyOk, conditions.steadyOk ? 'traffic was healthy before anything was done to it' : 'traffic never became healthy'),
    gate('steps', conditions.stepsComplete, conditions.stepsDetail),
    gate('drain', conditions.drainComplete, conditions.drainDetail),
    gate('audit', conditions.auditComplete, conditions.auditDetail),
  ];
}

function faultGates(played: readonly Played[]): readonly Gate[] {
  const having = (...effects: readonly FaultEffect[]) => played.filter(({ step }) => effects.includes(effectOf(step.fault)));
  const striking = having('ends', 'halts');
  const hindering = having('hinders').filter(({ step }) => step.target.role !== 'client' && familyOf(step.fault) !== 'leadership');
  const atLeaders = having('ends', 'halts', 'moves').filter(({ step }) => namesLeader(step.target));
  const movable = having('ends', 'moves').filter(({ step, fact }) => namesLeader(step.target) && (fact === null || fact.leadershipMoved !== null));
  return [
    ...overAll('target-hit', played, ({ fact }) => fact?.proved === true && fact.struckMs !== null, ({ fact }) => fact?.proof ?? 'it was never injected'),
    ...overAll('exposed', striking, ({ fact }) => fact?.exposure != null && striking.some((one) => (one.fact?.exposure?.count ?? 0) >= 1), describeExposure),
    ...overAll('traffic-met', hindering, ({ fact }) => (fact?.attemptsMet ?? 0) >= 1, ({ fact }) => (fact === null ? 'it was never injected' : `${formatCount(fact.attemptsMet ?? 0)} attempts ended while it was on, or waited for its end`)),
    ...overAll('led-when-struck', atLeaders, ({ fact }) => fact?.led === true, ({ fact }) => fact?.ledDetail || 'nobody saw who led'),
    ...overAll('leadership-moved', movable, ({ fact }) => fact?.leadershipMoved === true, ({ fact }) => (fact?.leadershipMoved ? 'another node took over' : 'no other node took over')),
  ];
}

const namesLeader = (target: Target): boolean => target.role === 'leader' || (target.role === 'together' && target.targets.some(namesLeader));

function describeExposure({ fact }: Played): string {
  const exposure = fact?.exposure ?? null;
  if (exposure === null) return 'nothing was exposed, for nothing was struck';
  return `${messages(exposure.count)} ${exposure.kind === 'closed' ? 'of a closed publish' : 'in flight or not yet processed at the strike'}`;
}

function trafficGates(played: readonly Played[], { conditions }: Facts): readonly Gate[] {
  if (played.length === 0) return [];
  const { healComplete, acknowledgedBeforeFault, acknowledgedAfterHeal } = conditions;
  return [
    gate('heal', healComplete, healComplete ? 'every fault was ended, and the cluster agreed' : 'the cluster was not healed'),
    gate('acknowledged-before', acknowledgedBeforeFault >= 1, `${messages(acknowledgedBeforeFault)} taken before the first fault`),
    gate('probe-after', acknowledgedAfterHeal >= 1, `${messages(acknowledgedAfterHeal)} taken after healing`),
  ];
}

/** One gate over all faults that it applies to; none where it applies to none. One that fails tells of those that made it fail. */
function overAll(name: string, played: readonly Played[], passes: (one: Played) => boolean, describe: (one: Played) => string): readonly Gate[] {
  if (played.length === 0) return [];
  const failing = played.filter((one) => !passes(one));
  return [gate(name, failing.length === 0, (failing.length === 0 ? played : failing).map((one) => `${one.step.id}: ${describe(one)}`).join('; '))];
}

const gate = (name: string, passed: boolean, detail: string): Gate => ({ name, passed, detail });

/**
 * Gates without which no count can be believed: a loss that they leave open is no loss yet. The others say whether the
 * fault had power: without them nothing is upheld, but a proven loss stays one.
 */
export const evidenceGates: ReadonlySet<string> = new Set(['history', 'accounting', 'workers']);
