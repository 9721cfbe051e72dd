// Scenarios that are well formed and can never work, whatever the broker: found before anything starts.
import type { BrokerSpec } from '../model/broker.ts';
import type { Scenario } from '../model/scenario.ts';
import { clientContradictions } from './contradictions/clients.ts';
import { contradiction } from './contradictions/contradiction.ts';
import { hopelessContract } from './contradictions/contracts.ts';
import { processes } from './contradictions/processes.ts';
import { silencedClients } from './contradictions/silenced-clients.ts';
import { consuming, faultIds, pace } from './contradictions/steps.ts';
import { targets } from './contradictions/targets.ts';
import { deafTriggers, sinceFaults } from './contradictions/triggers.ts';
import { outsideOnly } from './contradictions/versions.ts';
import { formatPath } from './problem.ts';
import type { Path, Problem } from './problem.ts';

/**
 * All of them: the broker's own, then those of clients, steps, triggers and contract where the broker has not spoken of the same field.
 * On a version without the policy only that counts.
 */
export function contradictionsOf(scenario: Scenario, spec: BrokerSpec): readonly Problem[] {
  const absent = outsideOnly(scenario);
  if (absent !== null) return [absent];
  const own = brokersOwn(scenario, spec);
  const spoken = new Set(own.map(({ path }) => formatPath(path)));
  const common = [
    ...clientContradictions(scenario, spec), ...faultIds(scenario), ...consuming(scenario), ...targets(scenario), ...pace(scenario), ...silencedClients(scenario),
    ...deafTriggers(scenario, spec), ...sinceFaults(scenario), ...processes(scenario), ...hopelessContract(scenario, spec), ...selfTwin(scenario),
  ];
  return [...own, ...common.filter(({ path }) => !spoken.has(formatPath(path)))];
}

/** A setting that nobody wrote is told as what it is: the default. */
function brokersOwn(scenario: Scenario, spec: BrokerSpec): readonly Problem[] {
  return spec.contradictions(scenario).map(({ path, message, hint }) => contradiction(partsOf(path), `${message}${defaultAt(path, scenario)}`, hint));
}

/** `steps[2].target.follower`, as a broker's room writes it. */
const partsOf = (path: string): Path => path.split('.').flatMap((part) => {
  const [, name, index] = /^(\w+)\[(\d+)\]$/.exec(part) ?? [];
  return name === undefined ? [part] : [name, Number(index)];
});

const scopes: Readonly<Record<string, readonly string[]>> = { destination: ['topic', 'queue'], producer: ['producer'], consumer: ['consumer'] };

function defaultAt(path: string, { configuration }: Scenario): string {
  const [scope = '', ...rest] = path.split('.');
  const key = rest.join('.');
  const row = configuration.find((each) => each.key === key && each.source === 'default' && scopes[scope]?.includes(each.scope));
  return row === undefined ? '' : ` (${key} ${row.value} is the default)`;
}

function selfTwin({ name, twin }: Scenario): readonly Problem[] {
  return name === twin ? [contradiction(['twin'], 'a scenario cannot be its own twin', 'Name the scenario that differs from this one in one policy field.')] : [];
}
