// Eligible leader replicas (KIP-966): a feature of the cluster, switched while it runs and read back, for no broker setting tells it.
import { apiVersionsV3, FeatureUpgradeTypes, updateFeaturesV1 } from '@platformatic/kafka';
import type { Configured } from '../../model/configuration.ts';
import { LeaderfallError } from '../../model/errors.ts';
import type { ClusterSpec } from '../../model/scenario.ts';
import { waitUntil } from '../../model/wait.ts';
import { eligibleLeaderReplicas, hasEligibleLeaderReplicas } from './vocabulary.ts';
import { codeName, codes } from './wire/codes.ts';
import type { Wire } from './wire/wire.ts';

const withinMs = 20_000;
const requestTimeoutMs = 10_000;

/** @returns the level that holds, for the run's configuration. @throws LeaderfallError `E_BROKER_SETTING` where the cluster refuses it, `E_TIMEOUT`. */
export async function switchFeatures(wire: Wire, { version, properties }: ClusterSpec, signal: AbortSignal): Promise<readonly Configured[]> {
  if (!hasEligibleLeaderReplicas(version)) return [];
  const asked = properties[eligibleLeaderReplicas];
  const level = await currentLevel(wire, signal);
  if (asked !== undefined && Number(asked) !== level) await change(wire, level, Number(asked), signal);
  return [{ scope: 'broker', key: eligibleLeaderReplicas, value: asked ?? String(level), source: asked === undefined ? 'default' : 'scenario' }];
}

/** A feature at level 0 is not in the answer. */
async function currentLevel(wire: Wire, signal: AbortSignal): Promise<number> {
  const { finalizedFeatures } = await wire.any('admin', 'tell the features of the cluster', signal, (link) => link.ask(apiVersionsV3.api, 'leaderfall', '1'));
  return finalizedFeatures?.find(({ name }) => name === eligibleLeaderReplicas)?.maxVersionLevel ?? 0;
}

async function change(wire: Wire, from: number, to: number, signal: AbortSignal): Promise<void> {
  const upgradeType = to > from ? FeatureUpgradeTypes.UPGRADE : FeatureUpgradeTypes.SAFE_DOWNGRADE;
  const update = { feature: eligibleLeaderReplicas, maxVersionLevel: to, upgradeType };
  const { errorCode, errorMessage } = await wire.any('admin', 'switch a feature', signal, (link) => link.ask(updateFeaturesV1.api, requestTimeoutMs, [update], false));
  if (errorCode !== codes.none) {
    throw new LeaderfallError('E_BROKER_SETTING', `Kafka refuses ${eligibleLeaderReplicas}=${to}: ${errorMessage ?? codeName(errorCode)}`, {
      hint: `Leave cluster.properties ${eligibleLeaderReplicas} out, or use a version that has it.`,
    });
  }
  await waitUntil(async () => {
    const level = await currentLevel(wire, signal);
    return level === to ? { done: true, value: null } : { done: false, seen: `level ${level}` };
  }, { describe: `${eligibleLeaderReplicas} to be ${to}`, timeoutMs: withinMs, signal });
}
