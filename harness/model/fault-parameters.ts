// What each fault can be told and at what it can strike: pure declarations for validation, documentation and the faults themselves.
import type { SettleMode } from './client.ts';
import type { Capability } from './cluster.ts';
import type { CrashPoint, Equipment, FaultName, Step } from './scenario.ts';

export interface FaultParameter {
  /** `messages`, `processes`. */
  readonly unit: string;
  /** In words where it follows from the scenario; it then has no number here. */
  readonly default: number | string;
  readonly min: number;
  readonly max: number;
  readonly description: string;
}

export interface FaultDeclaration {
  /** One line for people. */
  readonly summary: string;
  readonly family: FaultFamily;
  /** As an order, `%` being what it is aimed at: "kill (SIGKILL) %". */
  readonly order: string;
  /** What became of it: a word that follows "was", such as "killed"; or, with `%`, a sentence of its own. */
  readonly deed: string;
  /** What its proof has seen, as a person would check it: "the same process has ended". */
  readonly proves: string;
  /** What ends it. */
  readonly heals: string;
  /** All that it does it does while it is injected: attempts meet it from its beginning on, not only once it has struck. */
  readonly isPlayedOut?: true;
  /** What it can be aimed at. */
  readonly strikes: readonly ('node' | 'producer' | 'consumer')[];
  /** What a run that it is part of must show to be believed, beside that it hit. */
  readonly effect: FaultEffect;
  /** What the cluster must offer where nodes are struck; null: nothing. */
  readonly needs: Capability | null;
  /** What the nodes must be started with; null: nothing. */
  readonly equipment: Equipment | null;
  /** By the name that is written in `with`. */
  readonly parameters: Readonly<Record<string, FaultParameter>>;
}

/** In the order of the catalogue. */
export const faultFamilies = ['process', 'node-links', 'client-links', 'storage', 'leadership', 'client', 'broker-policy'] as const;
export type FaultFamily = (typeof faultFamilies)[number];

/**
 * `ends`: a process goes away: messages were exposed, a leader that was aimed at led, and another took over where one could.
 * `halts`: it stops serving and may come back as the leader: exposed, and led. `moves`: leadership goes elsewhere: led, and moved.
 * `hinders`: less than that: only that it hit.
 */
export type FaultEffect = 'ends' | 'halts' | 'moves' | 'hinders';

const anyProcess = ['node', 'producer', 'consumer'] as const;

/** What all faults on the way of clients have in common. */
const onClientLink = {
  family: 'client-links', heals: 'its proxy lets everything pass again', effect: 'hinders', needs: 'client-links', equipment: 'proxy', strikes: ['node'],
} as const satisfies Partial<FaultDeclaration>;

export const faultDeclarations: Readonly<Record<FaultName, FaultDeclaration>> = {
  kill: {
    summary: 'SIGKILL: no goodbye, no flush; healing starts a node again with its data, or a client as a new process',
    family: 'process', order: 'kill (SIGKILL) %', deed: 'killed', proves: 'the process that ran before has ended, and no other was started since', heals: 'it is started again with its data', effect: 'ends', needs: 'kill', equipment: null,
    strikes: anyProcess, parameters: {},
  },
  stop: {
    summary: 'SIGTERM and a bounded wait: leaderships may be handed over, a client closes its connections; healing starts it again',
    family: 'process', order: 'stop (SIGTERM) %', deed: 'stopped', proves: 'the process that ran before has ended, and no other was started since', heals: 'it is started again with its data', effect: 'ends', needs: 'stop', equipment: null,
    strikes: anyProcess, parameters: {},
  },
  pause: {
    summary: 'freezes every process of the target: connections stay open and silent; healing thaws it',
    family: 'process', order: 'freeze %', deed: 'frozen', proves: 'the engine, or the process table, shows it frozen', heals: 'it is thawed', effect: 'halts', needs: 'pause', equipment: null,
    strikes: anyProcess, parameters: {},
  },
  'replication-cut': {
    summary: 'drops packets between the replication port of one node and all other nodes; healing removes the rules',
    family: 'node-links', order: 'cut replication around %', deed: 'replication of % was cut', proves: 'packets from or to every other node were dropped', heals: 'the rules are removed, unless its network went with its process', effect: 'hinders', needs: 'replication-cut', equipment: null,
    strikes: ['node'], parameters: {},
  },
  partition: {
    summary: 'drops everything between the targets and all other nodes, both ways, on every port; clients reach both sides; healing removes the rules',
    family: 'node-links', order: 'separate % from the other nodes', deed: '% was separated from the other nodes', proves: 'every rule towards every other node has dropped packets, in the network that the node has now', heals: 'the rules are removed, unless its network went with its process', effect: 'hinders', needs: 'node-links', equipment: null,
    strikes: ['node'], parameters: {},
  },
  'partition-one-way': {
    summary: 'the targets no longer hear the other nodes, while what they send still arrives; healing removes the rules',
    family: 'node-links', order: 'make % deaf to the other nodes', deed: '% was made deaf to the other nodes', proves: 'packets from every other node were dropped where they arrive', heals: 'the rules are removed, unless its network went with its process', effect: 'hinders', needs: 'node-links', equipment: null,
    strikes: ['node'], parameters: {},
  },
  'partition-ring': {
    summary: 'every node hears a majority of the nodes and no two the same one: of three, each drops what one neighbour sends; healing removes the rules',
    family: 'node-links', order: 'part % into a ring', deed: '% was parted into a ring', proves: 'every node has dropped packets from each node that it is not to hear', heals: 'the rules are removed, unless a network went with its process', effect: 'hinders', needs: 'node-links', equipment: null,
    strikes: ['node'], parameters: {},
  },
  'packet-loss': {
    summary: 'a share of the packets between the targets and all other nodes is lost by chance; healing removes the rules',
    family: 'node-links', order: 'lose packets around %', deed: '% lost packets', proves: 'packets were lost on every way from and to every other node', heals: 'the rules are removed, unless its network went with its process', effect: 'hinders', needs: 'packet-loss', equipment: null,
    strikes: ['node'], parameters: { percent: { unit: 'percent', default: 20, min: 1, max: 99, description: 'how many of a hundred packets are lost' } },
  },
  'bandwidth-limit': {
    summary: 'what the targets send to the other nodes is held to a rate, what they send to clients is not; healing removes the limit',
    family: 'node-links', order: 'limit what % sends to the other nodes', deed: '% was limited in what it sends to the other nodes', proves: 'the limit is in force towards every other node, and packets had to wait for it', heals: 'the limit is removed, unless its network went with its process', effect: 'hinders', needs: 'bandwidth', equipment: null,
    strikes: ['node'], parameters: { kibPerSecond: { unit: 'KiB a second', default: 64, min: 1, max: 10_240, description: 'how much each target may send to all other nodes together' } },
  },
  stall: {
    summary: "a consumer's handlers no longer end, and deliveries pile up to its prefetch; healing lets them end",
    family: 'client', order: 'hold up the handlers of %', deed: 'the handlers of % stalled', proves: 'it runs, and holds deliveries that it does not process', heals: 'its handlers end', effect: 'halts', needs: null, equipment: null,
    strikes: ['consumer'], parameters: {},
  },
  'crash-loop': {
    summary: 'a consumer dies by SIGKILL with deliveries in hand, is started again, and dies again; healing starts one that lives',
    family: 'client', order: 'kill % again and again', deed: 'killed again and again', proves: 'every one of its processes has ended with deliveries in hand', heals: 'a process that lives is started', effect: 'ends', needs: null, equipment: null,
    strikes: ['consumer'],
    parameters: {
      times: { unit: 'processes', default: 3, min: 1, max: 100, description: 'how many processes die' },
      held: { unit: 'messages', default: "the consumer's prefetch (1 where that has no limit)", min: 1, max: 65_535, description: 'how many unprocessed deliveries each holds when it dies' },
    },
  },
  'power-loss': {
    summary: 'everything that a node had not synced to its disk is gone, and its process with it; several nodes lose power at the same moment; healing gives power back and starts them',
    family: 'storage', order: 'cut the power of %', deed: 'the power of % was cut', proves: 'the process that ran before has ended, its disk took no write any more, and a mark that was not synced is gone', heals: 'the disk is checked and mounted again, and the node started with what it had synced', effect: 'ends', needs: 'disk', equipment: 'disk',
    strikes: ['node'], parameters: {},
  },
  'disk-full': {
    summary: 'the disk of a node is filled to its last block; healing frees it, and starts the node if that ended',
    family: 'storage', order: 'fill the disk of %', deed: 'the disk of % was filled', proves: 'a write to the disk is refused because no space is left', heals: 'the space is free again, and the node runs', effect: 'hinders', needs: 'disk', equipment: 'disk',
    strikes: ['node'], parameters: {},
  },
  'disk-read-only': {
    summary: 'the filesystem of a node turns read-only, as after an error of its device; healing ends the node, mends the disk and starts the node',
    family: 'storage', order: 'turn the disk of % read-only', deed: 'the disk of % turned read-only', proves: 'a write to the disk is refused because it is read-only', heals: 'the node ends, its disk is checked and mounted again, and it is started', effect: 'hinders', needs: 'disk', equipment: 'disk',
    strikes: ['node'], parameters: {},
  },
  'disk-wipe': {
    summary: 'SIGKILL, and all data of the node is removed; healing starts it with an empty disk',
    family: 'storage', order: 'kill (SIGKILL) % and wipe its disk', deed: '% was killed and its disk wiped', proves: 'the process that ran before has ended, and its data directory is empty', heals: 'the node is started with nothing', effect: 'ends', needs: 'disk', equipment: 'disk',
    strikes: ['node'], parameters: {},
  },
  restart: {
    summary: 'ends a process and starts it again at once, with its data: a short absence; healing only starts what is not there',
    family: 'process', order: 'restart %', deed: 'restarted', proves: 'another process runs in its place, started after the one that ran before had ended', heals: 'it is started, if it is not there', effect: 'ends', needs: 'stop', equipment: null,
    strikes: anyProcess,
    parameters: { graceful: { unit: '(no: SIGKILL) or 1 (yes: SIGTERM and a bounded wait)', default: 1, min: 0, max: 1, description: 'whether it is told to end' } },
  },
  'leader-transfer': {
    summary: 'hands leadership of the partition, or of the quorum queue, to another replica in sync; nothing ends, and healing leaves it there',
    family: 'leadership', order: 'take leadership from %', deed: 'relieved of leadership', proves: 'the broker itself names another leader, of a later epoch where it tells epochs', heals: 'nothing: a leader is as good as another', effect: 'moves', needs: 'leadership', equipment: null,
    strikes: ['node'], parameters: {},
  },
  'leader-election': {
    summary: 'asks for the preferred (first) replica as the leader (Kafka): strikes only while another one leads',
    family: 'leadership', order: 'elect the preferred replica instead of %', deed: 'replaced as the leader by the preferred replica', proves: 'the broker itself names another leader, of a later epoch', heals: 'nothing: the preferred replica is to lead', effect: 'moves', needs: 'leadership', equipment: null,
    strikes: ['node'], parameters: {},
  },
  'unclean-election': {
    summary: 'makes a replica that is not in sync the leader of a partition that has none (Kafka): what only the lost replicas hold is lost',
    family: 'leadership', order: 'elect an out-of-sync leader among %', deed: 'an unclean leader was elected among %', proves: 'nobody led, and the broker itself now names a leader that was not in sync', heals: 'nothing: what it lacks is gone', effect: 'hinders', needs: 'leadership', equipment: null,
    strikes: ['node'], parameters: {},
  },
  'rebalance-storm': {
    summary: 'a consumer leaves its group in good order and joins again as a new process, several times: each time the others take over',
    family: 'client', order: 'let % leave and join again and again', deed: 'made to leave and join again and again', proves: 'every one of its processes ended by itself when told to, and another one was connected', heals: 'it is started, if it is not there', effect: 'hinders', needs: null, equipment: null,
    strikes: ['consumer'],
    parameters: { times: { unit: 'times', default: 3, min: 1, max: 50, description: 'how often it leaves and joins' } },
  },
  'client-cut': {
    ...onClientLink,
    summary: 'clients are cut off from the node, and new connections are refused; healing lets them in again',
    order: 'cut clients off from %', deed: 'cut off from its clients', proves: 'a connection from before has ended, and a new one is not taken', parameters: {},
  },
  'client-reset': {
    ...onClientLink,
    summary: "clients' connections end, and every new one is reset (TCP RST) as soon as it carries data; healing lets them live",
    order: 'reset the connections of clients to %', deed: 'the connections of clients to % were reset', proves: 'a connection from before has ended, and a new one is taken and ends without an answer: by a reset, where the proxy is in the network of this machine', parameters: {},
  },
  'client-silence': {
    ...onClientLink,
    summary: 'half-open: connections of clients stay open, and every byte in either direction is swallowed; healing ends those connections',
    order: 'silence the connections of clients to %', deed: 'the connections of clients to % fell silent', proves: 'connections old and new are open and get no byte, while the node answers directly', parameters: {},
  },
  'lost-response': {
    ...onClientLink,
    summary: 'the node gets every request and does what it says, and its responses are swallowed; healing ends the connections, and what was swallowed never comes',
    order: 'swallow the responses of % to clients', deed: 'the responses of % to clients were lost', proves: 'connections old and new are open and get no byte, while the node answers directly', parameters: {},
  },
  'client-latency': {
    ...onClientLink,
    summary: 'responses to clients come late; healing ends the delay',
    order: 'delay the responses of % to clients', deed: 'the responses of % to clients came late', proves: 'answers through the proxy take half of the latency or more in the mean of sixteen, and longer than directly',
    parameters: {
      latencyMs: { unit: 'ms', default: 200, min: 20, max: 10_000, description: 'how much later responses come' },
      jitterMs: { unit: 'ms', default: 0, min: 0, max: 10_000, description: 'by how much that varies, up and down' },
    },
  },
  'client-bandwidth': {
    ...onClientLink,
    summary: 'each connection of a client carries so many bytes a second in each direction and no more; healing ends the limit',
    order: 'narrow the way of clients to %', deed: 'the way of clients to % was narrow', proves: 'bytes take as long through the proxy as the limit says, and less directly',
    parameters: { kibPerSecond: { unit: 'KiB/s', default: 16, min: 1, max: 256, description: 'what each connection carries in each direction' } },
  },
  'client-cut-after': {
    ...onClientLink,
    summary: "each connection of a client ends after so many bytes of responses, in the middle of one; healing lets connections live",
    order: 'cut the connections of clients to % after some bytes', deed: 'the connections of clients to % were cut after some bytes', proves: 'a connection ends after that many bytes or fewer',
    parameters: { bytes: { unit: 'bytes', default: 4_000, min: 1, max: 262_144, description: 'how much of the responses each connection carries' } },
  },
  'connection-churn': {
    ...onClientLink, isPlayedOut: true,
    summary: 'all connections of clients to the node end again and again; healing lets them live',
    order: 'end the connections of clients to % again and again', deed: 'the connections of clients to % ended again and again', proves: 'each time a connection from before has ended, and a new one ends without an answer',
    parameters: {
      times: { unit: 'times', default: 5, min: 1, max: 100, description: 'how often all connections end' },
      pauseMs: { unit: 'ms', default: 500, min: 0, max: 60_000, description: 'how long those that clients make in their place may live' },
    },
  },
};

/** null: a fault of another version of Leaderfall, in a run that it recorded. */
const declarationOf = (fault: string): FaultDeclaration | null => (Object.hasOwn(faultDeclarations, fault) ? faultDeclarations[fault as FaultName] : null);

/** "kill (SIGKILL) the leader of partition 0". */
export const orderOf = (fault: string, target: string): string => (declarationOf(fault)?.order ?? `${fault} %`).replace('%', () => target);
/** See `FaultDeclaration.deed`. */
export const deedOf = (fault: string): string => declarationOf(fault)?.deed ?? `struck by ${fault}`;
/** The default of a parameter that has a number for one. */
export const defaultOf = (fault: FaultName, parameter: string): number | null => {
  const fallback = faultDeclarations[fault].parameters[parameter]?.default;
  return typeof fallback === 'number' ? fallback : null;
};
/** null: not known to this version. */
export const familyOf = (fault: string): FaultFamily | null => declarationOf(fault)?.family ?? null;
/**
 * Of the faults that are injected, each once; and `broker-policy` where a tag says so: there the broker itself expires, drops, refuses or
 * dead-letters, which nobody injects.
 */
export const familiesOf = ({ steps, tags }: { readonly steps: readonly Step[]; readonly tags: readonly string[] }): readonly FaultFamily[] =>
  [...new Set([...steps.flatMap((step) => (step.kind === 'inject' ? (familyOf(step.fault) ?? []) : [])), ...(tags.includes('broker-policy') ? ['broker-policy' as const] : [])])];
export const effectOf = (fault: string): FaultEffect => declarationOf(fault)?.effect ?? 'hinders';
export const isPlayedOut = (fault: string): boolean => declarationOf(fault)?.isPlayedOut ?? false;

/**
 * What becomes of the replicas on its victims while it lasts. `away`: they are neither read nor written. `lagging`: they may fall behind, and the broker's
 * own view of what is in sync tells. `unclear`: who still reaches whom is not for the broker to say. `kept`: nothing.
 */
export type ReplicaReach = 'away' | 'lagging' | 'unclear' | 'kept';

export function replicaReachOf(fault: string): ReplicaReach {
  switch (familyOf(fault)) {
    case 'process':
    case 'storage': return 'away';
    case 'node-links': return linkReaches.get(fault) ?? 'unclear';
    case 'client-links':
    case 'leadership':
    case 'client':
    case 'broker-policy': return 'kept';
    case null: return 'unclear';
  }
}

/** One that is only slowed down, or whose replication alone is cut, goes on serving; of a partition the name does not say which side goes on. */
const linkReaches: ReadonlyMap<string, ReplicaReach> = new Map<FaultName, ReplicaReach>([['replication-cut', 'lagging'], ['packet-loss', 'lagging'], ['bandwidth-limit', 'lagging']]);

/** The one crash point that a consumer of this mode ever reaches: with `after-processing` nothing is settled before it is handled, otherwise everything is. */
export const crashPointOf = (mode: SettleMode): CrashPoint => (mode === 'after-processing' ? 'processing-and-settling' : 'settling-and-processing');
