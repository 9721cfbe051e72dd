// `leaderfall.config.yaml` in the working directory: what `run` and `list` do where the command line says nothing.
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { isLeaderfallError, LeaderfallError } from '../model/errors.ts';
import { scenarioError } from '../scenario/define-scenario.ts';
import { formatPath } from '../scenario/problem.ts';
import { schemaProblems } from '../scenario/schema-problems.ts';
import { reporter, type ReporterChoice } from './option-values.ts';

export const configFile = 'leaderfall.config.yaml';

export interface Config {
  /** Names, globs and files, as the command line takes them; empty: all shipped scenarios. */
  readonly scenarios: readonly string[];
  readonly out: string;
  /** Empty: all files. */
  readonly reporters: readonly ReporterChoice[];
  /** Where `run` adds each suite and `trend` reads; null: nowhere. */
  readonly history: string | null;
}

const text = z.string().min(1);
const configSchema = z.strictObject({
  scenarios: z.array(text).default([]),
  out: text.default('reports/runs'),
  reporters: z.array(text).default([]),
  history: text.nullable().default(null),
});

/** @throws LeaderfallError `E_SCENARIO_INVALID` with every problem as file:line:column. */
export async function readConfig(): Promise<Config> {
  if (!existsSync(configFile)) return withReporters(configSchema.parse({}));
  // The YAML library is loaded only here: most folders have no such file.
  const { readYaml } = await import('../scenario/yaml-document.ts');
  const yaml = readYaml(readFileSync(configFile, 'utf8'), configFile);
  const parsed = configSchema.safeParse(yaml.value ?? {});
  if (parsed.success) return withReporters(parsed.data);
  const problems = schemaProblems(configSchema, parsed.error.issues, yaml.value);
  const { code, message, detail = '' } = scenarioError({ ok: false, code: 'E_SCENARIO_INVALID', problems }, configFile, (problem) => `${yaml.placeOf(problem.path, problem.atKey)}: ${formatPath(problem.path)}`);
  throw new LeaderfallError(code, message, { detail, hint: 'It may hold scenarios, out, reporters and history; leaderfall init writes one.' });
}

function withReporters({ reporters, ...config }: z.output<typeof configSchema>): Config {
  try {
    return { ...config, reporters: reporters.map(reporter) };
  } catch (error) {
    if (!isLeaderfallError(error)) throw error;
    throw new LeaderfallError('E_USAGE', `${configFile}: reporters: ${error.message}`, { ...(error.hint === undefined ? {} : { hint: error.hint.replaceAll('--reporter ', 'reporters: ') }) });
  }
}
