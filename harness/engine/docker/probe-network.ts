// Which network faults can work on this engine and its kernel, by trying: a container with NET_ADMIN and no network sets what they set.
import type { NetCapability } from '../../model/engine.ts';
import { describeError } from '../../model/errors.ts';
import { execInContainer } from './container-output.ts';
import { engineCall } from './engine-call.ts';
import type { Engine } from './engine-client.ts';
import { netTrialCommand, noNetAbility, readNetTrials } from './net-abilities.ts';
import { labelNames, ownerLabels } from '../owner.ts';
import { removeContainer } from './remove.ts';

const probeTimeoutMs = 20_000;

/** @param image the nettools image, present on the engine. @throws the signal's reason when aborted. */
export async function probeNetwork(engine: Engine, image: string, signal: AbortSignal): Promise<NetCapability> {
  const call = { describe: 'run a container with NET_ADMIN', signal, timeoutMs: probeTimeoutMs, code: 'E_CAPABILITY' } as const;
  try {
    const container = await engineCall(call, (abortSignal) => engine.docker.createContainer({
      Image: image,
      Labels: { ...ownerLabels('probe', false), [labelNames.role]: 'probe' },
      HostConfig: { NetworkMode: 'none', CapAdd: ['NET_ADMIN', 'NET_RAW'] },
      abortSignal,
    }));
    try {
      await engineCall(call, (abortSignal) => container.start({ abortSignal }));
      return readNetTrials((await execInContainer(engine.docker, container, netTrialCommand, { timeoutMs: probeTimeoutMs, signal })).output);
    } finally {
      await removeContainer(container, AbortSignal.timeout(probeTimeoutMs)).catch(() => {});
    }
  } catch (error) {
    signal.throwIfAborted();
    return noNetAbility(describeError(error));
  }
}
