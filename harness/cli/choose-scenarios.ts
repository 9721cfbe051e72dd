// Scenarios for names, globs and files of the command line, or of the configuration where the command line chooses nothing.
import { globSync } from 'node:fs';
import { LeaderfallError } from '../model/errors.ts';
import { createCatalog } from '../scenario/catalog.ts';
import { isScenarioFile, loadScenarioFile } from '../scenario/load-scenario-file.ts';
import type { Scenario } from '../model/scenario.ts';
import { suites } from '../../suites/index.ts';
import { configFile, readConfig } from './config.ts';

export interface Choice {
  readonly names: readonly string[];
  readonly tags: readonly string[];
  readonly withTwins: boolean;
}

/**
 * A file stands for all scenarios in it; their twins may be shipped ones. Nothing chosen: what the configuration names, else all shipped ones.
 * @throws what the catalog and the loader throw; `E_SCENARIO_UNKNOWN` for a glob of the configuration without a file.
 */
export async function chooseScenarios({ names, tags, withTwins }: Choice): Promise<readonly Scenario[]> {
  const chosen = names.length > 0 || tags.length > 0 ? names : (await readConfig()).scenarios.flatMap(filesOf);
  const fromFiles = new Map<string, readonly Scenario[]>();
  for (const name of chosen.filter(isScenarioFile)) fromFiles.set(name, await loadScenarioFile(name));
  const catalog = createCatalog([...suites, ...[...fromFiles.values()].flat()]);
  const patterns = chosen.flatMap((name) => fromFiles.get(name)?.map((scenario) => scenario.name) ?? [name]);
  return catalog.select(patterns, { tags, withTwins });
}

/** On the command line the shell does this. */
function filesOf(pattern: string): readonly string[] {
  if (!isScenarioFile(pattern) || !/[*?[{]/.test(pattern)) return [pattern];
  const files = globSync(pattern).sort();
  if (files.length > 0) return files;
  throw new LeaderfallError('E_SCENARIO_UNKNOWN', `No file is called ${pattern}, as ${configFile} says`, { hint: 'Write a scenario there (leaderfall init writes a first one), or change scenarios.' });
}
