// Whether network faults can work on this engine, by trying: a container with NET_ADMIN and no network lists its firewall rules.
import { describeError } from '../../model/errors.ts';
import { execInContainer } from './container-output.ts';
import { engineCall } from './engine-call.ts';
import type { Engine } from './engine-client.ts';
import { labelNames, ownerLabels } from '../owner.ts';
import { removeContainer } from './remove.ts';

export interface NetAdminProbe {
  readonly ok: boolean;
  readonly reason: string;
}

const probeTimeoutMs = 20_000;

/** @param image the nettools image, present on the engine. */
export async function probeNetAdmin(engine: Engine, image: string, signal: AbortSignal): Promise<NetAdminProbe> {
  const call = { describe: 'run a container with NET_ADMIN', signal, timeoutMs: probeTimeoutMs, code: 'E_CAPABILITY' } as const;
  try {
    const container = await engineCall(call, (abortSignal) => engine.docker.createContainer({
      Image: image,
      Labels: { ...ownerLabels('doctor', false), [labelNames.role]: 'probe' },
      HostConfig: { NetworkMode: 'none', CapAdd: ['NET_ADMIN', 'NET_RAW'] },
      abortSignal,
    }));
    try {
      await engineCall(call, (abortSignal) => container.start({ abortSignal }));
      const { exitCode, output } = await execInContainer(engine.docker, container, ['iptables', '-w', '5', '-L', '-n'], { timeoutMs: probeTimeoutMs, signal });
      return exitCode === 0 ? { ok: true, reason: 'iptables works in a sidecar with NET_ADMIN' } : { ok: false, reason: `iptables in a sidecar: ${output.trim()}` };
    } finally {
      await removeContainer(container, AbortSignal.timeout(probeTimeoutMs)).catch(() => {});
    }
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, reason: describeError(error) };
  }
}
