// Scenarios from a user's file: YAML, or a module whose default export is a scenario or a list of them.
import { readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrokerSpec } from '../model/broker.ts';
import { describeError, isLeaderfallError, LeaderfallError } from '../model/errors.ts';
import type { Scenario } from '../model/scenario.ts';
import { brokerSpecs } from './broker-specs.ts';
import { compileScenario, rememberFile } from './compile-scenario.ts';
import type { CompileOptions } from './compile-scenario.ts';
import { scenarioError } from './define-scenario.ts';
import { formatPath } from './problem.ts';

const yamlExtensions = ['.yaml', '.yml'];
const moduleExtensions = ['.ts', '.mts', '.js', '.mjs'];

/** Whether an argument of the command line is a scenario file rather than a name or glob. */
export const isScenarioFile = (argument: string): boolean => [...yamlExtensions, ...moduleExtensions].includes(extname(argument));

/**
 * @param path relative to the working directory. Files that the scenario names are relative to this one.
 * @throws LeaderfallError `E_SCENARIO_UNKNOWN` when the file cannot be read; `E_SCENARIO_INVALID` or `E_CONTRADICTION`
 * with every problem, in YAML as file:line:column.
 */
export async function loadScenarioFile(path: string, specs: readonly BrokerSpec[] = brokerSpecs): Promise<readonly Scenario[]> {
  const text = readText(path);
  const folder = dirname(resolve(path));
  const options: CompileOptions = { specs, folder, readFile: (inner) => readFileSync(resolve(folder, inner), 'utf8') };
  const remembered = (scenarios: readonly Scenario[]) => scenarios.map((scenario) => rememberFile(scenario, path));
  if (yamlExtensions.includes(extname(path))) return remembered(await fromYaml(text, path, options));
  if (moduleExtensions.includes(extname(path))) return remembered(await fromModule(path, options));
  throw new LeaderfallError('E_SCENARIO_INVALID', `${path} is not a scenario file`, { hint: `Scenario files end in ${[...yamlExtensions, ...moduleExtensions].join(', ')}.` });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = missing ? `There is no scenario file ${path}` : `Cannot read the scenario file ${path}`;
    throw new LeaderfallError('E_SCENARIO_UNKNOWN', message, { cause: error, hint: 'Paths are relative to the working directory. `npx leaderfall list` names the shipped scenarios.' });
  }
}

/** The YAML library is loaded only here: most calls of the command line read no file. */
async function fromYaml(text: string, path: string, options: CompileOptions): Promise<readonly Scenario[]> {
  const { readYaml } = await import('./yaml-document.ts');
  const yaml = readYaml(text, path);
  const inputs = Array.isArray(yaml.value) ? yaml.value : [yaml.value];
  return inputs.map((input: unknown, index) => {
    const prefix = Array.isArray(yaml.value) ? [index] : [];
    const compiled = compileScenario(input, options);
    if (compiled.ok) return compiled.scenario;
    throw scenarioError(compiled, path, (problem) => `${yaml.placeOf([...prefix, ...problem.path], problem.atKey)}: ${formatPath(problem.path)}`);
  });
}

async function fromModule(path: string, options: CompileOptions): Promise<readonly Scenario[]> {
  const exported = await importDefault(path);
  const values = Array.isArray(exported) ? exported : [exported];
  return values.map((value: unknown, index) => {
    if (isScenario(value)) return value;
    const compiled = compileScenario(value, options);
    if (compiled.ok) return compiled.scenario;
    const subject = Array.isArray(exported) ? `${path} (scenario ${index + 1} of its default export)` : `${path} (its default export)`;
    throw scenarioError(compiled, subject, (problem) => formatPath(problem.path));
  });
}

async function importDefault(path: string): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
    if (module.default !== undefined) return module.default;
  } catch (error) {
    if (isLeaderfallError(error)) throw error;
    throw new LeaderfallError('E_SCENARIO_INVALID', `${path} cannot be imported: ${describeError(error)}`, { cause: error, hint: 'Run the file by itself with node to see where it fails.' });
  }
  throw new LeaderfallError('E_SCENARIO_INVALID', `${path} has no default export`, { hint: 'export default defineScenario({ … }), or a list of them.' });
}

/** Already compiled by `defineScenario`: what people write has no `configuration`. */
const isScenario = (value: unknown): value is Scenario =>
  typeof value === 'object' && value !== null && 'configuration' in value && Array.isArray(value.configuration) && 'bounds' in value;
