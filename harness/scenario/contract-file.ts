// A contract on its own, in YAML: for judging an old run by stricter terms.
import { readFileSync } from 'node:fs';
import type { Contract } from '../model/contract.ts';
import { LeaderfallError } from '../model/errors.ts';
import { scenarioError } from './define-scenario.ts';
import { expandContract } from './expand-presets.ts';
import { formatPath } from './problem.ts';
import { contractSchema } from './schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { readYaml } from './yaml-document.ts';

/**
 * A map of measures to clauses, or the name of a preset, at the top or under `contract:`.
 * @throws LeaderfallError `E_USAGE` when the file cannot be read, `E_SCENARIO_INVALID` with every problem as file:line:column.
 */
export function readContractFile(path: string): Contract {
  const yaml = readYaml(readText(path), path);
  const { value, prefix } = contractIn(yaml.value);
  const expanded = expandContract(value, []);
  const parsed = contractSchema.safeParse(expanded.value);
  if (parsed.success) return parsed.data as Contract;
  const problems = expanded.problems.length > 0 ? expanded.problems : schemaProblems(contractSchema, parsed.error.issues, expanded.value);
  throw scenarioError({ ok: false, code: 'E_SCENARIO_INVALID', problems }, `The contract in ${path}`, (problem) =>
    `${yaml.placeOf([...prefix, ...problem.path], problem.atKey)}: ${formatPath([...prefix, ...problem.path])}`);
}

function contractIn(value: unknown): { readonly value: unknown; readonly prefix: readonly string[] } {
  const wrapped = typeof value === 'object' && value !== null && 'contract' in value && Object.keys(value).length === 1;
  return wrapped ? { value: value.contract, prefix: ['contract'] } : { value, prefix: [] };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new LeaderfallError('E_USAGE', `Cannot read the contract file ${path}`, { cause: error, hint: 'Give a YAML file such as: lost: forbidden' });
  }
}
