// Scenarios that are well formed and can never work, whatever the broker: found before anything starts.
import type { BrokerSpec } from '../model/broker.ts';
import type { Scenario, Step, Target, Trigger } from '../model/scenario.ts';
import { didYouMean } from './problem.ts';
import type { Path, Problem } from './problem.ts';

/** All of them: the broker's own, then those of steps, triggers and contract. */
export function contradictionsOf(scenario: Scenario, spec: BrokerSpec): readonly Problem[] {
  const own = spec.contradictions(scenario).map(({ path, message, hint }): Problem => ({ path: path.split('.'), atKey: false, message, hint }));
  return [...own, ...faultIds(scenario), ...targets(scenario), ...pace(scenario), ...deafTriggers(scenario, spec), ...powerlessContract(scenario), ...selfTwin(scenario)];
}

const contradiction = (path: Path, message: string, hint: string): Problem => ({ path, atKey: false, message, hint });

/** Every `heal` names a fault injected before it, and every fault has a name of its own. */
function faultIds({ steps }: Scenario): readonly Problem[] {
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

function targets(scenario: Scenario): readonly Problem[] {
  return scenario.steps.flatMap((step, index) => (step.kind === 'inject' ? badTarget(step.target, ['steps', index, 'target'], scenario) : []));
}

function badTarget(target: Target, path: Path, { cluster, destination }: Scenario): readonly Problem[] {
  if (target.role === 'node') {
    const nodes = Array.from({ length: cluster.nodes }, (_, index) => `${cluster.broker}-${index + 1}`);
    if (nodes.includes(target.node)) return [];
    return [contradiction([...path, 'node'], `there is no node "${target.node}"${didYouMean(target.node, nodes)}`, `This cluster has ${nodes.join(', ')}.`)];
  }
  if (target.role === 'controller') return [];
  if (target.partition >= destination.partitions) {
    return [contradiction([...path, target.role], `there is no partition ${target.partition}: the destination has ${destination.partitions}`, 'Partitions count from 0.')];
  }
  if (target.role === 'follower' && cluster.nodes === 1) return [contradiction([...path, 'follower'], 'a cluster of one node has no followers', 'Raise cluster.nodes, or strike the leader.')];
  return [];
}

/** `publish` needs producers at rest; `wait` for their traffic needs producers at work. */
function pace({ steps }: Scenario): readonly Problem[] {
  let quiet = false;
  return steps.flatMap((step, index) => {
    if (step.kind === 'quiesce') quiet = true;
    if (step.kind === 'resume') quiet = false;
    if (step.kind === 'publish' && !quiet) {
      return [contradiction(['steps', index, 'publish'], 'a closed number of messages needs producers at rest', 'Put a quiesce step before it.')];
    }
    const stuck = step.kind === 'wait' && quiet && step.trigger.elapsedMs === undefined && step.trigger.delivered === undefined;
    return stuck ? [contradiction(['steps', index, 'wait'], 'never ends: the producers are quiet', 'Put a resume step before it, or add elapsedMs.')] : [];
  });
}

/** Triggers that count what this policy never produces. */
function deafTriggers(scenario: Scenario, spec: BrokerSpec): readonly Problem[] {
  const acknowledges = spec.acknowledges(scenario.producer);
  const waits = scenario.steps.flatMap((step: Step, index) => (step.kind === 'wait' ? [{ trigger: step.trigger, path: ['steps', index, 'wait'] as Path }] : []));
  return [{ trigger: scenario.steady, path: ['steady'] as Path }, ...waits].flatMap(({ trigger, path }) => deafTrigger(trigger, path, acknowledges, scenario.consumer.start === 'steady'));
}

function deafTrigger(trigger: Trigger, path: Path, acknowledges: boolean, consumes: boolean): readonly Problem[] {
  const heard = [
    trigger.attempted, trigger.elapsedMs, acknowledges ? trigger.acknowledged : undefined, acknowledges ? undefined : trigger.handedOver, consumes ? trigger.delivered : undefined,
  ];
  if (heard.some((count) => count !== undefined)) return [];
  const why = [
    trigger.acknowledged === undefined ? [] : ['this policy has no acknowledgements'],
    trigger.handedOver === undefined ? [] : ['this policy acknowledges, so nothing is merely handed over'],
    trigger.delivered === undefined ? [] : ['the consumers start only to drain'],
  ].flat();
  const instead = acknowledges ? 'acknowledged' : 'handedOver';
  return [contradiction(path, `never fires: ${why.join(', and ')}`, `Count ${instead} or attempted, or add elapsedMs.`)];
}

/** Asking for an effect of faults where there is none. */
function powerlessContract({ contract, steps }: Scenario): readonly Problem[] {
  if (steps.some(({ kind }) => kind === 'inject')) return [];
  return Object.entries(contract).flatMap(([measure, clause]) =>
    typeof clause === 'object' && 'equals' in clause && clause.equals === 'exposed'
      ? [contradiction(['contract', measure], 'nothing is ever exposed: no step injects a fault', 'Add an inject step, or state a number.')]
      : [],
  );
}

function selfTwin({ name, twin }: Scenario): readonly Problem[] {
  return name === twin ? [contradiction(['twin'], 'a scenario cannot be its own twin', 'Name the scenario that differs from this one in one policy field.')] : [];
}
