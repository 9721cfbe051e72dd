// The way to write a scenario in TypeScript: checked at once, with all its problems in one error.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LeaderfallError } from '../model/errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { brokerSpecs } from './broker-specs.ts';
import type { BrokerInputs } from './broker-specs.ts';
import { compileScenario } from './compile-scenario.ts';
import type { Compiled } from './compile-scenario.ts';
import type { ScenarioInputOf } from './input.ts';
import { formatPath } from './problem.ts';
import type { Problem } from './problem.ts';

export interface DefineOptions {
  /** The module that defines it (`import.meta.url`): `propertiesFile` and `configFile` are relative to it. Default: the working directory. */
  readonly from?: string | URL;
}

/**
 * Fills in every default and checks the whole.
 * @throws LeaderfallError `E_SCENARIO_INVALID` with every problem in its detail (place, value received, what is allowed);
 * `E_CONTRADICTION` when it is well formed and cannot work.
 */
export function defineScenario<Name extends keyof BrokerInputs>(input: ScenarioInputOf<Name>, options: DefineOptions = {}): Scenario {
  const folder = options.from === undefined ? '.' : dirname(fileURLToPath(options.from));
  const compiled = compileScenario(input, { specs: brokerSpecs, folder, readFile: (path) => readFileSync(resolve(folder, path), 'utf8') });
  if (compiled.ok) return compiled.scenario;
  throw scenarioError(compiled, `Scenario ${nameOf(input)}`, (problem) => formatPath(problem.path));
}

const nameOf = (input: unknown): string =>
  typeof input === 'object' && input !== null && 'name' in input && typeof input.name === 'string' ? `"${input.name}"` : '(without a name)';

/** One error for all problems of a scenario. @param placeOf where a problem is, in the words of the file it came from. */
export function scenarioError({ code, problems }: Extract<Compiled, { ok: false }>, subject: string, placeOf: (problem: Problem) => string): LeaderfallError {
  const what = code === 'E_CONTRADICTION' ? 'contradicts itself' : 'is not valid';
  const detail = problems.map((problem) => `${placeOf(problem)}: ${problem.message}`).join('\n');
  const hints = [...new Set(problems.flatMap(({ hint }) => hint ?? []))];
  const hint = hints.length > 0 ? hints.join(' ') : 'docs/scenarios.md lists every field.';
  return new LeaderfallError(code, `${subject} ${what}: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`, { detail, hint });
}
