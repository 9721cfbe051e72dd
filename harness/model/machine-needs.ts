// What a scenario asks of the machine beside Node.js: its faults and its cluster's equipment say it. Pure, so that `list`, `run`, `doctor`
// and the documentation tell the same.
import type { Capability } from './cluster.ts';
import { faultDeclarations } from './fault-parameters.ts';
import type { Equipment, Scenario } from './scenario.ts';

/** What a machine can lack; every other capability is a matter of the broker alone. In the order in which a reason is looked for. */
export const machineNeeds = ['engine', 'node-links', 'replication-cut', 'packet-loss', 'bandwidth', 'client-links', 'disk'] as const;
export type MachineNeed = (typeof machineNeeds)[number];

/** What it takes, as a person would check it. */
export const capabilityWords: Readonly<Record<Capability | 'engine', string>> = {
  engine: 'a container engine',
  kill: 'nothing beside the broker',
  stop: 'nothing beside the broker',
  pause: 'nothing beside the broker',
  'replication-cut': "a broker that replicates on a port of its own; an engine that gives a container NET_ADMIN in the node's network",
  'node-links': "an engine that gives a container NET_ADMIN in the node's network",
  'packet-loss': "an engine that gives a container NET_ADMIN in the node's network; a kernel with xt_statistic",
  bandwidth: "an engine that gives a container NET_ADMIN in the node's network; a kernel with htb",
  'client-links': 'the image of the proxy, through which clients then reach every node',
  disk: "root on the engine's own machine, loop devices, ext4 with its tools and a writable /sys/fs/ext4: each node's data then lies on a filesystem of its own",
  leadership: 'a broker that can be asked to move a leader',
};

const equipmentNeeds: Readonly<Record<Equipment, MachineNeed | null>> = { disk: 'disk', proxy: 'client-links', streams: null };

/** None on the embedded broker: that is child processes of ours. */
export function machineNeedsOf({ cluster, steps }: Pick<Scenario, 'cluster' | 'steps'>): readonly MachineNeed[] {
  if (cluster.broker === 'memory') return [];
  const ofFaults = steps.flatMap((step) => (step.kind === 'inject' && step.target.role !== 'client' ? [faultDeclarations[step.fault].needs] : []));
  const wanted = new Set<Capability | 'engine' | null>(['engine', ...ofFaults, ...(cluster.equipment ?? []).map((equipment) => equipmentNeeds[equipment])]);
  return machineNeeds.filter((need) => wanted.has(need));
}

/** What a fault asks of the machine, whatever scenario it is in. */
export function machineNeedsOfFault(needs: Capability | null): readonly MachineNeed[] {
  return machineNeeds.filter((need) => need === needs);
}

/** Whether this machine can, or why not. */
export interface Capable {
  readonly ok: boolean;
  readonly reason: string;
  /** It could not be tried without getting an image first, so `ok` is a guess. */
  readonly untried?: true;
}

export type Capabilities = ReadonlyMap<MachineNeed, Capable>;

/** The first thing that is missing; null: nothing that was asked for. */
export function firstMissing(needs: readonly MachineNeed[], here: Capabilities): { readonly need: MachineNeed; readonly reason: string } | null {
  for (const need of needs) {
    const found = here.get(need);
    if (found !== undefined && !found.ok) return { need, reason: found.reason };
  }
  return null;
}
