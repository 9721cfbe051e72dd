// Which network faults can work on this engine and its kernel, by trying: a container with NET_ADMIN and no network sets what they set.
import type { Capable } from '../../model/machine-needs.ts';
import { describeError } from '../../model/errors.ts';
import { execInContainer } from './container-output.ts';
import { engineCall } from './engine-call.ts';
import type { Engine } from './engine-client.ts';
import { labelNames, ownerLabels } from '../owner.ts';
import { removeContainer } from './remove.ts';

export interface NetworkProbe {
  /** Packets can be dropped. */
  readonly netAdmin: Capable;
  /** A share of them. */
  readonly packetLoss: Capable;
  /** Their rate can be limited. */
  readonly bandwidth: Capable;
}

const probeTimeoutMs = 20_000;
const commands: Readonly<Record<keyof NetworkProbe, { readonly command: readonly string[]; readonly works: string }>> = {
  netAdmin: { command: ['iptables', '-w', '5', '-A', 'OUTPUT', '-p', 'tcp', '--dport', '1', '-j', 'DROP'], works: 'iptables works in a container with NET_ADMIN' },
  packetLoss: { command: ['iptables', '-w', '5', '-A', 'OUTPUT', '-p', 'tcp', '--dport', '1', '-m', 'statistic', '--mode', 'random', '--probability', '0.5', '-j', 'DROP'], works: 'the kernel has xt_statistic' },
  bandwidth: { command: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'tbf', 'rate', '1mbit', 'burst', '32kbit', 'latency', '400ms'], works: 'the kernel has tbf' },
};

/** @param image the nettools image, present on the engine. @throws the signal's reason when aborted. */
export async function probeNetwork(engine: Engine, image: string, signal: AbortSignal): Promise<NetworkProbe> {
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
      const attempt = async (part: keyof NetworkProbe): Promise<Capable> => {
        const { command, works } = commands[part];
        const { exitCode, output } = await execInContainer(engine.docker, container, command, { timeoutMs: probeTimeoutMs, signal });
        return exitCode === 0 ? { ok: true, reason: works } : { ok: false, reason: `in a container with NET_ADMIN: ${output.trim().replaceAll(/\s*\n\s*/g, '; ')}` };
      };
      const netAdmin = await attempt('netAdmin');
      return netAdmin.ok ? { netAdmin, packetLoss: await attempt('packetLoss'), bandwidth: await attempt('bandwidth') } : allLike(netAdmin);
    } finally {
      await removeContainer(container, AbortSignal.timeout(probeTimeoutMs)).catch(() => {});
    }
  } catch (error) {
    signal.throwIfAborted();
    return allLike({ ok: false, reason: describeError(error) });
  }
}

const allLike = (answer: Capable): NetworkProbe => ({ netAdmin: answer, packetLoss: answer, bandwidth: answer });
