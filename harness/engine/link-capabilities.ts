// What a cluster offers to faults on the links between its nodes, the same for every broker.
import type { Capability } from '../model/cluster.ts';
import type { NetAbility, NetCapability } from '../model/engine.ts';

export interface Offer {
  readonly capabilities: readonly Capability[];
  readonly lacking: Readonly<Partial<Record<Capability, string>>>;
}

/** A cluster of one node has no such links, which is nobody's fault. */
export function linkCapabilities(network: NetCapability, nodes: number): Offer {
  if (nodes === 1) return { capabilities: [], lacking: {} };
  const abilities: readonly (readonly [Capability, NetAbility])[] = [['node-links', network], ['packet-loss', network.packetLoss], ['bandwidth', network.bandwidth]];
  return {
    capabilities: abilities.flatMap(([capability, { ok }]) => (ok ? [capability] : [])),
    lacking: Object.fromEntries(abilities.flatMap(([capability, { ok, reason }]) => (ok ? [] : [[capability, reason]]))),
  };
}
