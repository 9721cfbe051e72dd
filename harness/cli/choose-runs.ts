// What one call of `run` will run: the choice, on all versions asked for, and of that this machine's part.
import { LeaderfallError } from '../model/errors.ts';
import type { Override } from '../scenario/compile-scenario.ts';
import { namesInShard, type Shard } from '../scenario/shards.ts';
import { versionMatrix, type BrokerVersions, type Matrix } from '../scenario/version-matrix.ts';
import { chooseScenarios } from './choose-scenarios.ts';

export interface RunChoice {
  readonly names: readonly string[];
  readonly tags: readonly string[];
  readonly overrides: readonly Override[];
  readonly versions: BrokerVersions;
  /** null: all of it. */
  readonly shard: Shard | null;
}

export interface ChosenRuns extends Matrix {
  /** The same text on every machine that was given the same choice, whichever shard it runs. */
  readonly choice: string;
}

/** @throws LeaderfallError `E_USAGE` for versions of a broker that no chosen scenario has, and where no version has any of them; and what the catalog throws. */
export async function chooseRuns({ names, tags, overrides, versions, shard }: RunChoice): Promise<ChosenRuns> {
  if (overrides.some(({ path }) => path === 'cluster.version') && versions.size > 0) {
    throw new LeaderfallError('E_USAGE', 'The version is set twice: by --set cluster.version and by --broker-version', { hint: 'Leave --set cluster.version out.' });
  }
  const chosen = await chooseScenarios({ names, tags, withTwins: true });
  for (const broker of versions.keys()) {
    if (chosen.some(({ cluster }) => cluster.broker === broker)) continue;
    throw new LeaderfallError('E_USAGE', `--broker-version names ${broker}, and no chosen scenario runs on it`, { hint: 'Leave it out, or choose scenarios of this broker as well.' });
  }
  const matrix = versionMatrix(chosen, versions, overrides);
  if (matrix.scenarios.length === 0) throw nowhere(matrix);
  const choice = matrix.scenarios.map(({ name, cluster }) => `${name} ${cluster.version}`).join('\n');
  if (shard === null) return { ...matrix, choice };
  const mine = namesInShard(chosen, (name) => matrix.scenarios.filter((scenario) => scenario.name === name).length, shard);
  return {
    choice,
    scenarios: matrix.scenarios.filter(({ name }) => mine.has(name)),
    notApplicable: matrix.notApplicable.filter(({ name }) => mine.has(name)),
  };
}

const nowhere = ({ notApplicable }: Matrix): LeaderfallError =>
  new LeaderfallError('E_USAGE', 'None of the chosen scenarios can be run on these versions', {
    detail: notApplicable.map(({ name, version, reason }) => `${name} on ${version}: ${reason}`).join('\n'),
    hint: 'Choose other versions with --broker-version.',
  });
