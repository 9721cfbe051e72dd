// Every chosen scenario once for each version of its broker that was asked for, each checked anew for that version.
import type { BrokerName } from '../model/cluster.ts';
import type { SuiteRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Override } from './compile-scenario.ts';
import { scenarioError } from './define-scenario.ts';
import { inClusterOrder } from './families.ts';
import { overrideScenario, tryOverride } from './override-scenario.ts';
import { formatPath } from './problem.ts';

/** Brokers that are not in it run on the version that each scenario names. */
export type BrokerVersions = ReadonlyMap<BrokerName, readonly string[]>;

export interface Matrix {
  /** In the order in which they are run: scenarios that share a cluster are neighbours. */
  readonly scenarios: readonly Scenario[];
  readonly notApplicable: SuiteRecord['notApplicable'];
}

/**
 * @param overrides what else the command line set.
 * @throws LeaderfallError `E_SCENARIO_INVALID` or `E_CONTRADICTION` where what was set cannot be; a version that does not have a policy is no error.
 */
export function versionMatrix(scenarios: readonly Scenario[], versions: BrokerVersions, overrides: readonly Override[] = []): Matrix {
  const made: Scenario[] = [];
  const notApplicable: SuiteRecord['notApplicable'][number][] = [];
  for (const [broker, ofBroker] of Map.groupBy(scenarios, ({ cluster }) => cluster.broker)) {
    const asked = versions.get(broker);
    if (asked === undefined) made.push(...ofBroker.map((scenario) => overrideScenario(scenario, overrides)));
    for (const version of asked ?? []) {
      for (const scenario of ofBroker) {
        const cell = onVersion(scenario, version, overrides);
        if (typeof cell === 'string') notApplicable.push({ name: scenario.name, version, reason: cell });
        else made.push(cell);
      }
    }
  }
  return { scenarios: inClusterOrder(made), notApplicable };
}

/** The scenario on a version of its broker, or why there is none. */
function onVersion(scenario: Scenario, version: string, overrides: readonly Override[]): Scenario | string {
  const itself = { path: 'cluster.version', value: version };
  const compiled = tryOverride(scenario, [...overrides, itself]);
  if (compiled.ok) return compiled.scenario;
  const asWritten = overrides.length === 0 ? compiled : tryOverride(scenario, [itself]);
  const isOfVersion = () => {
    const without = [{ path: 'onVersions', value: [] }];
    const onWritten = tryOverride(scenario, without);
    const everywhere = onWritten.ok ? [] : onWritten.problems.map(({ message }) => message);
    const here = tryOverride(scenario, [itself, ...without]);
    // One that goes away with the conditions on versions is a mistake in them, and one that the written version has without them is a mistake in the contract.
    return !here.ok && here.problems.some(({ message }) => !everywhere.includes(message));
  };
  if (!asWritten.ok && asWritten.code === 'E_CONTRADICTION' && isOfVersion()) return asWritten.problems.map(({ message }) => message).join('; ');
  throw scenarioError(compiled, `Scenario "${scenario.name}" on ${scenario.cluster.broker} ${version} with what was set`, (problem) => formatPath(problem.path));
}
