// Columns of the Kafka matrix in which several processes end, one after the other or at once: each node here is broker and controller,
// so that two that are dead take the quorum with them. What a dead process wrote stays with the kernel: only availability is at stake.
import type { KafkaFault } from './faults.ts';

const steadyPace = { inFlight: 1, batch: 5, ratePerSecond: 500, resend: 'never' } as const;
const midStream = { wait: { attempted: 1_000, elapsedMs: 15_000 } } as const;
const afterwards = { wait: { attempted: 500, elapsedMs: 20_000 } } as const;
/** Longer than broker.session.timeout.ms (3 s): whoever can take over has had the time for it. */
const longEnough = { wait: { elapsedMs: 5_000 } } as const;
/** An orderly shutdown hands leaderships over first: https://kafka.apache.org/documentation/#basic_ops_restarting */
export const leaderRestart: KafkaFault = {
  name: 'leader-restart',
  title: 'the partition leader is shut down in good order and started again at once',
  tags: ['restart'],
  producer: steadyPace,
  steps: [midStream, { inject: 'restart', target: { leader: 0 } }, afterwards, { heal: 'restart' }],
  sources: ['https://kafka.apache.org/documentation/#basic_ops_restarting'],
};

/** Two nodes, or one that is both. The partition gets a new leader only once the quorum has one. */
export const controllerAndLeaderKill: KafkaFault = {
  name: 'controller-and-leader-kill',
  title: 'the active controller and the partition leader are killed together',
  tags: ['kill', 'controller'],
  producer: steadyPace,
  steps: [midStream, { inject: 'kill', target: ['controller', { leader: 0 }] }, longEnough, { heal: 'kill' }, afterwards],
  sources: ['https://kafka.apache.org/documentation/#kraft'],
};

export const leaderChase: KafkaFault = {
  name: 'leader-chase',
  title: 'three leaders are killed, each as soon as it leads',
  tags: ['kill', 'chase'],
  producer: steadyPace,
  steps: [midStream, { chase: { times: 3 } }, afterwards],
};

export const majorityCrash: KafkaFault = {
  name: 'majority-crash',
  title: 'two of three nodes are killed together, the partition leader among them',
  tags: ['kill', 'majority'],
  producer: steadyPace,
  steps: [midStream, { inject: 'kill', target: 'majority' }, longEnough, { heal: 'kill' }, afterwards],
};

export const clusterCrash: KafkaFault = {
  name: 'cluster-crash',
  title: 'every node is killed at once, and all are started again',
  tags: ['kill', 'all'],
  producer: steadyPace,
  steps: [midStream, { inject: 'kill', target: 'all' }, longEnough, { heal: 'kill' }, afterwards],
  sources: ['https://kafka.apache.org/documentation/#design_filesystem'],
};

export const clusterColdStart: KafkaFault = {
  name: 'cluster-cold-start',
  title: 'every node is shut down, and all are started again',
  tags: ['stop', 'all'],
  producer: steadyPace,
  steps: [midStream, { inject: 'stop', target: 'all' }, longEnough, { heal: 'stop' }, afterwards],
};

export const rollingRestart: KafkaFault = {
  name: 'rolling-restart',
  title: 'every node in turn is restarted, each once the one before is in sync again',
  tags: ['restart', 'rolling'],
  producer: steadyPace,
  steps: [midStream, { rolling: { redundant: true, between: { attempted: 300, elapsedMs: 10_000 } } }, afterwards],
  sources: ['https://kafka.apache.org/documentation/#basic_ops_restarting'],
};

/** As `rolling-restart`, and nobody looks whether the node before is back: nothing is lost, and the quorum is gone for 16 s (measured; 8 s at most with the wait). */
export const rollingRestartHasty: KafkaFault = {
  ...rollingRestart,
  name: 'rolling-restart-hasty',
  title: 'every node in turn is restarted, and nobody waits for the one before',
  steps: [midStream, { rolling: { redundant: false } }, afterwards],
};

export const storm: KafkaFault = {
  name: 'storm',
  title: 'nodes are killed, stopped, frozen and restarted, five times by a seed',
  tags: ['storm'],
  producer: steadyPace,
  steps: [midStream, { storm: { seed: 'kafka', times: 5 } }, afterwards],
};

/** Two faults that overlap: what is acknowledged while both are on, only the dead leader has. The exact form is `leader-kill-behind`. */
export const killDuringCut: KafkaFault = {
  name: 'leader-kill-during-cut',
  title: 'replication around the leader is cut mid-stream, and the leader is killed two seconds after the cut began',
  tags: ['replication-cut', 'kill', 'overlapping'],
  producer: steadyPace,
  steps: [
    midStream,
    { inject: 'replication-cut', as: 'cut', target: { leader: 0 } },
    { wait: { elapsedMs: 2_000, since: { fault: 'cut', edge: 'begin' } } },
    { inject: 'kill', target: { leader: 0 } },
    { heal: 'cut' },
    afterwards,
    { heal: 'kill' },
  ],
  sources: ['https://kafka.apache.org/documentation/#design_replicatedlog'],
};

/** One follower is out of reach when the leader dies: nobody is left who has a majority with anybody, until the links are back. */
export const killWhileParted: KafkaFault = {
  name: 'leader-kill-while-parted',
  title: 'a follower is separated from the other nodes, and then the leader is killed',
  tags: ['partition', 'kill', 'overlapping'],
  producer: steadyPace,
  steps: [
    midStream,
    { inject: 'partition', as: 'parted', target: { follower: 0 } },
    { wait: { elapsedMs: 2_000, since: { fault: 'parted', edge: 'begin' } } },
    { inject: 'kill', target: { leader: 0 } },
    longEnough,
    { heal: 'parted' },
    afterwards,
    { heal: 'kill' },
  ],
};
