// Nodes that can send to the other nodes no faster than so much, all of them together: what clients get is not limited.
// The kernel's hierarchical token bucket (tc-htb(8)) has one class for each peer under a class with the limit; other traffic has none.
import type { Node } from '../../model/cluster.ts';
import { waitUntil } from '../../model/wait.ts';
import { nodesOf, onEach, type ActiveFault, type Fault, type FaultContext, type Proof } from '../fault.ts';
import { changeNetwork, restartedSince, sendDatagrams, type NodeNetwork } from './node-network.ts';

const proofTimeoutMs = 5_000;
const burstBytes = 8_192;
/** More than the burst, so that it has to wait. */
const probe = { count: 12, bytes: 1_400 } as const;
/** What waits for longer than this is dropped, as by a router; but never less than two segments of the kernel's largest size. */
const queueSeconds = 0.5;
const queueMinBytes = 131_072;
/** Each limit has a number of its own, so that one which finds another in its place does not take that away with itself. Hexadecimal, four digits at most. */
let limitsMade = 0;
const newHandle = (): string => (0x1000 + (++limitsMade % 0x7000)).toString(16);

export const bandwidthLimit: Fault = {
  name: 'bandwidth-limit',
  strikes: 'link',
  inject: (context) => onEach(nodesOf(context), (node) => limit(node, context.cluster.nodes.filter(({ id }) => id !== node.id), context.parameter('kibPerSecond') * 1_024, context)),
};

async function limit(node: Node, peers: readonly Node[], bytesPerSecond: number, context: FaultContext): Promise<ActiveFault> {
  const shaper: Shaper = { handle: newHandle(), peers, bytesPerSecond };
  const network = await changeNetwork(node, { apply: applyScript(node, shaper), remove: removeScript(node, shaper) }, context);
  return { prove: (proofSignal) => proveLimited(network, shaper, proofSignal) };
}

interface Shaper {
  /** Of its queueing discipline: hexadecimal. */
  readonly handle: string;
  readonly peers: readonly Node[];
  readonly bytesPerSecond: number;
}

const findDevice = ({ address }: Node): string => `device=$(ip -o -4 addr show | awk '$4 ~ /^${address.replaceAll('.', '\\.')}\\// { print $2 }'); test -n "$device"`;
const classOf = (handle: string, index: number): string => `${handle}:${(index + 2).toString(16)}`;

function removeScript(node: Node, { handle }: Shaper): string {
  const isThere = `tc qdisc show dev "$device" | grep -F 'htb ${handle}:'`;
  return `${findDevice(node)}\nif ${isThere}; then tc qdisc del dev "$device" root handle ${handle}:; fi\nif ${isThere}; then exit 1; fi`;
}

function applyScript(node: Node, { handle, peers, bytesPerSecond }: Shaper): string {
  const burst = `burst ${burstBytes} cburst ${burstBytes}`;
  const bits = bytesPerSecond * 8;
  const share = Math.max(8, Math.floor(bits / peers.length));
  const queueBytes = Math.max(queueMinBytes, Math.round(bytesPerSecond * queueSeconds));
  return [
    findDevice(node),
    `tc qdisc add dev "$device" root handle ${handle}: htb default 0`,
    `tc class add dev "$device" parent ${handle}: classid ${handle}:1 htb rate ${bits}bit ${burst}`,
    ...peers.map(({ address }, index) => [
      `tc class add dev "$device" parent ${handle}:1 classid ${classOf(handle, index)} htb rate ${share}bit ceil ${bits}bit ${burst}`,
      `tc qdisc add dev "$device" parent ${classOf(handle, index)} bfifo limit ${queueBytes}`,
      `tc filter add dev "$device" parent ${handle}: protocol ip prio 1 u32 match ip dst ${address}/32 flowid ${classOf(handle, index)}`,
    ].join('\n')),
  ].join('\n');
}

interface ClassStatistics {
  readonly handle: string;
  /** Bytes a second. */
  readonly ceil: number;
  readonly stats: { readonly packets: number; readonly overlimits: number };
}

/** What `tc -s -j class show` says of each peer's class; null: there is none. */
function readClasses(listing: string, { handle, peers }: Shaper): readonly (ClassStatistics | null)[] {
  const classes: readonly ClassStatistics[] = listing.trim() === '' ? [] : JSON.parse(listing);
  return peers.map((_, index) => classes.find((each) => each.handle === classOf(handle, index)) ?? null);
}

/** The limit is in force towards every peer, packets to it have passed through it, and some had to wait. */
async function proveLimited(network: NodeNetwork, shaper: Shaper, signal: AbortSignal): Promise<Proof> {
  const { node, namespace } = network;
  const { peers, bytesPerSecond } = shaper;
  try {
    return await waitUntil(async () => {
      const listing = await network.look(`${findDevice(node)}\ntc -s -j class show dev "$device"`, signal);
      if (listing === null) return { done: true, value: restartedSince(network) };
      const classes = readClasses(listing, shaper);
      const seen = `${node.id} (${namespace}): ${peers.map(({ id }, index) => describeClass(id, classes[index] ?? null)).join('; ')}`;
      const idle = peers.filter((_, index) => !limits(classes[index] ?? null, bytesPerSecond));
      if (idle.length === 0) return { done: true, value: { ok: true, detail: seen } };
      await Promise.all(idle.map((peer) => sendDatagrams(node, peer, probe, signal)));
      return { done: false, seen };
    }, { describe: 'packets to every peer to wait for the limit', timeoutMs: proofTimeoutMs, intervalMs: 100, signal });
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

const limits = (each: ClassStatistics | null, bytesPerSecond: number): boolean =>
  each !== null && each.ceil === bytesPerSecond && each.stats.packets > 0 && each.stats.overlimits > 0;

const describeClass = (peer: string, each: ClassStatistics | null): string =>
  each === null ? `no limit towards ${peer}` : `${each.stats.packets} packets to ${peer} at up to ${each.ceil} bytes a second, held back ${each.stats.overlimits} times`;
