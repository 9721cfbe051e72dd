// The faults in the order of the catalogue, each with the scenarios in which it strikes: what `list --faults` and docs/faults.md tell.
import type { BrokerName } from '../model/cluster.ts';
import { familiesOf, faultDeclarations, faultFamilies, type FaultDeclaration, type FaultFamily } from '../model/fault-parameters.ts';
import { faultNames, type FaultName, type Scenario, type Target } from '../model/scenario.ts';

export interface FaultEntry extends FaultDeclaration {
  readonly name: FaultName;
  /** By broker, in the brokers' order of appearance; brokers without any are left out. */
  readonly scenarios: ReadonlyMap<BrokerName, readonly string[]>;
  /** Roles that these scenarios aim it at. */
  readonly aimedAt: readonly string[];
}

export const faultEntries = (scenarios: readonly Scenario[]): readonly FaultEntry[] =>
  faultFamilies.flatMap((family) => faultNames.filter((name) => faultDeclarations[name].family === family).map((name) => entryOf(name, scenarios)));

/** Names of the scenarios in which the broker's own policy is what strikes. */
export const byPolicy = (scenarios: readonly Scenario[]): readonly string[] => scenarios.filter((scenario) => familiesOf(scenario).includes('broker-policy')).map(({ name }) => name);

export const byFamily = (entries: readonly FaultEntry[]): readonly (readonly [FaultFamily, readonly FaultEntry[]])[] => [...Map.groupBy(entries, ({ family }) => family)];

function entryOf(name: FaultName, scenarios: readonly Scenario[]): FaultEntry {
  const steps = scenarios.flatMap((scenario) => scenario.steps.flatMap((step) => (step.kind === 'inject' && step.fault === name ? [{ scenario, target: step.target }] : [])));
  const byBroker = Map.groupBy(new Set(steps.map(({ scenario }) => scenario)), ({ cluster }) => cluster.broker);
  return {
    name, ...faultDeclarations[name],
    scenarios: new Map([...byBroker].map(([broker, ofBroker]) => [broker, ofBroker.map((scenario) => scenario.name)])),
    aimedAt: [...new Set(steps.flatMap(({ target }) => rolesOf(target)))],
  };
}

function rolesOf(target: Target): readonly string[] {
  if (target.role === 'together') return target.targets.flatMap(rolesOf);
  return [target.role === 'client' ? target.client : target.role];
}
