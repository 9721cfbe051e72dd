// Scenarios for names, globs and files of the command line.
import { createCatalog } from '../scenario/catalog.ts';
import { isScenarioFile, loadScenarioFile } from '../scenario/load-scenario-file.ts';
import type { Scenario } from '../model/scenario.ts';
import { suites } from '../../suites/index.ts';

export interface Choice {
  readonly names: readonly string[];
  readonly tags: readonly string[];
  readonly withTwins: boolean;
}

/** A file stands for all scenarios in it; their twins may be shipped ones. @throws what the catalog and the loader throw. */
export async function chooseScenarios({ names, tags, withTwins }: Choice): Promise<readonly Scenario[]> {
  const fromFiles = new Map<string, readonly Scenario[]>();
  for (const name of names.filter(isScenarioFile)) fromFiles.set(name, await loadScenarioFile(name));
  const catalog = createCatalog([...suites, ...[...fromFiles.values()].flat()]);
  const patterns = names.flatMap((name) => fromFiles.get(name)?.map((scenario) => scenario.name) ?? [name]);
  return catalog.select(patterns, { tags, withTwins });
}
