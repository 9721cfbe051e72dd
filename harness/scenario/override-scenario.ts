// Fields set on the command line, over what the scenario says: checked like everything else, and recorded as `flag`.
import { LeaderfallError } from '../model/errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { compileScenario, fileOf, originOf, rememberFile } from './compile-scenario.ts';
import type { Compiled, Override } from './compile-scenario.ts';
import { scenarioError } from './define-scenario.ts';
import { formatPath } from './problem.ts';

/**
 * @returns the scenario made anew, or the same one when there is nothing to set.
 * @throws LeaderfallError `E_SCENARIO_INVALID` or `E_CONTRADICTION` when the result cannot be, `E_USAGE` for a scenario that another copy of Leaderfall made.
 */
export function overrideScenario(scenario: Scenario, overrides: readonly Override[]): Scenario {
  if (overrides.length === 0) return scenario;
  const compiled = tryOverride(scenario, overrides);
  if (compiled.ok) return compiled.scenario;
  throw scenarioError(compiled, `Scenario "${scenario.name}" with what was set`, (problem) => formatPath(problem.path));
}

/** The same, with what is wrong as a value. What was set before stays set. @throws LeaderfallError `E_USAGE` as above. */
export function tryOverride(scenario: Scenario, overrides: readonly Override[]): Compiled {
  const origin = originOf(scenario);
  if (origin === undefined) throw new LeaderfallError('E_USAGE', `Nothing can be set in "${scenario.name}"`, { hint: 'Change the field in its file, or export the plain fields instead of what another copy of defineScenario returned.' });
  const input = structuredClone(origin.input);
  for (const { path, value } of overrides) setAt(input as Record<string, unknown>, path.split('.'), value);
  const compiled = compileScenario(input, { ...origin.options, overrides: [...(origin.options.overrides ?? []), ...overrides] });
  const file = fileOf(scenario);
  if (compiled.ok && file !== null) rememberFile(compiled.scenario, file);
  return compiled;
}

/** Maps on the way are made where they are missing; a broker property's own dots stay together. */
function setAt(map: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0 || key === 'properties') {
    const last = rest.length === 0 ? map : child(map, key);
    last[rest.length === 0 ? key : rest.join('.')] = value;
    return;
  }
  setAt(child(map, key), rest, value);
}

function child(map: Record<string, unknown>, key: string): Record<string, unknown> {
  const inner = map[key];
  if (typeof inner === 'object' && inner !== null) return inner as Record<string, unknown>;
  const made: Record<string, unknown> = {};
  map[key] = made;
  return made;
}
