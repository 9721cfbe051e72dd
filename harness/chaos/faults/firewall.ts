// Firewall rules between nodes, as several faults set them: all of a node's rules or none, marked as this fault's, counted each by itself,
// and removed by their mark, so that healing twice is healing once and no other fault's rule goes with them.
import type { Node } from '../../model/cluster.ts';
import { invariant } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';
import { onEach, type ActiveFault, type FaultContext, type Proof } from '../fault.ts';
import { changeNetwork, restartedSince, sendDatagrams, type NodeNetwork } from './node-network.ts';

const proofTimeoutMs = 5_000;
const lookEveryMs = 50;

/** Packets from or to one peer that a node drops. */
export interface Rule {
  readonly node: Node;
  readonly peer: Node;
  /** As the node sees it. */
  readonly direction: 'from' | 'to';
  /** What of them it drops, in the words of iptables; nothing: all. */
  readonly match?: readonly string[];
}

export interface Block {
  readonly rules: readonly Rule[];
  /** What must have dropped packets, but for what comes from or goes to a peer that is dead. `rule`: every one. `peer`: either direction, for a link on which one side waits for the other. */
  readonly counted: 'rule' | 'peer';
  /** Datagrams of our own that are sent through a rule which has dropped nothing; 0: only what flows by itself counts. */
  readonly probes: number;
}

/** So that no two faults of this process have the same mark, and none begins with another's. */
let marks = 0;

/** Drops what the rules say, on all their nodes at once. @throws LeaderfallError `E_CAPABILITY`. */
export function dropPackets(fault: string, { rules, counted, probes }: Block, context: Pick<FaultContext, 'healWith' | 'signal'>): Promise<ActiveFault> {
  const mark = `leaderfall-${++marks}-${fault}`;
  invariant(rules.length > 0, `${fault} without a rule strikes nothing`);
  const nodes = [...new Set(rules.map(({ node }) => node))];
  return onEach(nodes, (node) => dropAt(node, mark, { rules: rules.filter((rule) => rule.node === node), counted, probes }, context));
}

async function dropAt(node: Node, mark: string, block: Block, context: Pick<FaultContext, 'healWith' | 'signal'>): Promise<ActiveFault> {
  const apply = restore(block.rules.map((rule) => `-A ${wordsOf(rule, mark)}`));
  const network = await changeNetwork(node, { apply, remove: removeMarked(mark) }, context);
  return { prove: (proofSignal) => proveDropped(network, mark, block, proofSignal) };
}

const chainOf = { from: 'INPUT', to: 'OUTPUT' } as const;
const sideOf = { from: '-s', to: '-d' } as const;

const wordsOf = ({ peer, direction, match = [] }: Rule, mark: string): string =>
  [chainOf[direction], sideOf[direction], peer.address, ...match, '-m', 'comment', '--comment', mark, '-j', 'DROP'].join(' ');

/** One transaction: a rule that is refused takes the others with it. */
const restore = (lines: readonly string[]): string => `iptables-restore -w 5 --noflush <<'END'\n${['*filter', ...lines, 'COMMIT'].join('\n')}\nEND`;

const list = 'iptables-save -c -t filter';

/** Ends with an error while a rule with the mark is left. */
const removeMarked = (mark: string): string => [
  `{ echo '*filter'; iptables-save -t filter | sed -n '/--comment ${mark} /s/^-A/-D/p'; echo COMMIT; } | iptables-restore -w 5 --noflush`,
  `if iptables-save -t filter | grep -F -- '--comment ${mark} '; then exit 1; fi`,
].join('\n');

/** Packets dropped by each rule, in the rules' order; null: there is no such rule. */
export function countDropped(listing: string, mark: string, rules: readonly Pick<Rule, 'peer' | 'direction'>[]): readonly (number | null)[] {
  const lines = listing.split('\n').filter((line) => line.includes(`--comment ${mark} `));
  return rules.map(({ peer, direction }) => {
    const line = lines.find((each) => each.includes(`-A ${chainOf[direction]} ${sideOf[direction]} ${peer.address}/32 `));
    return line === undefined ? null : Number(/^\[(\d+):/.exec(line)?.[1] ?? 0);
  });
}

/** The kernel's own counts, in the namespace that was struck. Where nothing flows by itself, datagrams of ours are sent to be dropped. */
async function proveDropped(network: NodeNetwork, mark: string, block: Block, signal: AbortSignal): Promise<Proof> {
  const { node, namespace } = network;
  try {
    return await waitUntil(async () => {
      const listing = await network.look(list, signal);
      if (listing === null) return { done: true, value: restartedSince(network) };
      const counts = countDropped(listing, mark, block.rules);
      const uncounted = block.rules.filter((rule, index) => !isCounted(rule, index, block, counts));
      const dead = await deadAmong(uncounted.map(({ peer }) => peer), signal);
      const seen = `dropped at ${node.id} (${namespace}): ${block.rules.map((rule, index) => `${counts[index] ?? 'no rule'} ${rule.direction} ${rule.peer.id}`).join(', ')}${dead.map(({ id }) => `; ${id} is dead`).join('')}`;
      const idle = uncounted.filter(({ peer }) => !dead.includes(peer));
      if (idle.length === 0 && standWithout(dead, block, counts)) return { done: true, value: { ok: true, detail: `packets ${seen}` } };
      if (block.probes > 0) await Promise.all(idle.map((rule) => probe(rule, block.probes, signal)));
      return { done: false, seen };
    }, { describe: 'packets to be dropped by every rule', timeoutMs: proofTimeoutMs, intervalMs: lookEveryMs, signal });
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function isCounted({ peer }: Rule, index: number, { rules, counted }: Block, counts: readonly (number | null)[]): boolean {
  if (counted === 'rule') return (counts[index] ?? 0) > 0;
  return rules.some((other, place) => other.peer.id === peer.id && (counts[place] ?? 0) > 0);
}

/** A peer that does not run sends nothing, and what would reach it when it is back is dropped by the same rules. */
async function deadAmong(peers: readonly Node[], signal: AbortSignal): Promise<readonly Node[]> {
  const each = await Promise.all([...new Set(peers)].map(async (peer) => ({ peer, ...(await peer.state(signal)) })));
  return each.flatMap(({ peer, status }) => (status === 'exited' || status === 'absent' ? [peer] : []));
}

/** Every rule is there, those of the dead too, and at least one peer that lives has felt them: of the dead alone nobody knows. */
const standWithout = (dead: readonly Node[], { rules }: Block, counts: readonly (number | null)[]): boolean =>
  counts.every((count) => count !== null) && rules.some(({ peer }, index) => !dead.includes(peer) && (counts[index] ?? 0) > 0);

async function probe({ node, peer, direction }: Rule, count: number, signal: AbortSignal): Promise<void> {
  const [from, to] = direction === 'from' ? [peer, node] : [node, peer];
  await sendDatagrams(from, to, { count, bytes: 8 }, signal);
}
