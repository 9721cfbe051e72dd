// What a cluster's nodes and this machine offer to faults, the same for every broker.
import type { Capability, Node } from '../model/cluster.ts';
import type { NetAbility, NetCapability } from '../model/engine.ts';

export interface Offer {
  readonly capabilities: readonly Capability[];
  readonly lacking: Readonly<Partial<Record<Capability, string>>>;
}

/** A cluster of one node has no links between nodes, which is nobody's fault. */
export function offerOf(nodes: readonly Pick<Node, 'disk' | 'clientLink'>[], network: NetCapability): Offer {
  const links: readonly (readonly [Capability, NetAbility])[] = nodes.length === 1 ? [] : [['node-links', network], ['packet-loss', network.packetLoss], ['bandwidth', network.bandwidth]];
  return {
    capabilities: [
      'kill', 'stop', 'pause',
      ...links.flatMap(([capability, { ok }]) => (ok ? [capability] : [])),
      ...(nodes.every(({ disk }) => disk !== undefined) ? (['disk'] as const) : []),
      ...(nodes.every(({ clientLink }) => clientLink !== undefined) ? (['client-links'] as const) : []),
    ],
    lacking: Object.fromEntries(links.flatMap(([capability, { ok, reason }]) => (ok ? [] : [[capability, reason]]))),
  };
}
