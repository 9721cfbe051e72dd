import { expect, test } from 'vitest';
import type { QueueAnswer, QueueInfo } from './management-api.ts';
import { combineTopology, type KnownQueue } from './topology.ts';

const all = ['rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3'];
const quorum = (leader: string): QueueAnswer => ({
  kind: 'queue',
  info: { type: 'quorum', node: `rabbit@${leader}`, leader: `rabbit@${leader}`, members: all.map((node) => `rabbit@${node}`) } as QueueInfo,
});
const classic = (home: string): QueueAnswer => ({ kind: 'queue', info: { type: 'classic', node: `rabbit@${home}` } as QueueInfo });
const answers = (given: readonly QueueAnswer[], running: readonly string[] = []) =>
  ({ nodes: given.map((answer, index) => ({ node: all[index]!, answer })), running, term: null });
const known = { type: 'quorum', replicas: [], term: 7 } as const;
const partition = (given: readonly QueueAnswer[], running: readonly string[] = [], queue: KnownQueue = known) => combineTopology(answers(given, running), queue).partitions[0]!;
const knownClassic = { type: 'classic', replicas: [], term: null } as const;

test('all nodes agree on the leader', () => {
  const topology = combineTopology(answers([quorum('rabbitmq-2'), quorum('rabbitmq-2'), quorum('rabbitmq-2')]), known);
  expect(topology.partitions[0]).toEqual({ partition: 0, leader: 'rabbitmq-2', epoch: 7, epochIsTerm: true, replicas: all, inSync: all });
  expect(topology.alive).toEqual(all);
});

test('a dead node leads nothing, even while the record still names it', () => {
  const queue = partition([{ kind: 'refused' }, quorum('rabbitmq-1'), quorum('rabbitmq-1')]);
  expect(queue).toMatchObject({ leader: null, epoch: null, inSync: ['rabbitmq-2', 'rabbitmq-3'] });
});

test('a new leader counts as soon as one survivor names it', () => {
  expect(partition([{ kind: 'refused' }, quorum('rabbitmq-1'), quorum('rabbitmq-3')]).leader).toBe('rabbitmq-3');
});

test('a node that is cut off and still names itself is outvoted', () => {
  expect(partition([quorum('rabbitmq-1'), quorum('rabbitmq-3'), quorum('rabbitmq-3')]).leader).toBe('rabbitmq-3');
});

test('a frozen node leads until another is elected, for the broker still counts it as running', () => {
  const frozen = combineTopology(answers([{ kind: 'silent' }, quorum('rabbitmq-1'), quorum('rabbitmq-1')], all), known);
  expect(frozen.partitions[0]!.leader).toBe('rabbitmq-1');
  expect(frozen.alive).toEqual(all);
  expect(partition([{ kind: 'silent' }, quorum('rabbitmq-2'), quorum('rabbitmq-2')], all).leader).toBe('rabbitmq-2');
});

test('a silent node that the broker no longer counts is gone', () => {
  expect(partition([{ kind: 'silent' }, quorum('rabbitmq-1'), quorum('rabbitmq-1')], ['rabbitmq-2', 'rabbitmq-3']).leader).toBeNull();
});

test('a classic queue is led by its home, and by nobody while that is down', () => {
  expect(partition([classic('rabbitmq-1'), classic('rabbitmq-1'), classic('rabbitmq-1')])).toMatchObject({ leader: 'rabbitmq-1', replicas: ['rabbitmq-1'], inSync: ['rabbitmq-1'] });
  expect(partition([{ kind: 'refused' }, classic('rabbitmq-1'), classic('rabbitmq-1')])).toMatchObject({ leader: null, replicas: ['rabbitmq-1'], inSync: [] });
});

test('a node that does not know the queue is alive all the same', () => {
  const topology = combineTopology(answers([{ kind: 'no-queue' }, { kind: 'no-queue' }, { kind: 'refused' }]), knownClassic);
  expect(topology.alive).toEqual(['rabbitmq-1', 'rabbitmq-2']);
  expect(topology.partitions[0]).toMatchObject({ leader: null, replicas: [] });
});

test('one node\'s own view is enough while the others hang, with the replicas that were known before', () => {
  const view: QueueAnswer = { kind: 'queue', info: { type: 'unknown', node: 'rabbitmq-3', leader: 'rabbitmq-3' } as QueueInfo };
  const local = { nodes: [{ node: 'rabbitmq-1', answer: view }, { node: 'rabbitmq-2', answer: { kind: 'silent' } as const }, { node: 'rabbitmq-3', answer: { kind: 'silent' } as const }], running: all, term: 9 };
  expect(combineTopology(local, { type: 'quorum', replicas: all, term: null }).partitions[0]).toEqual({ partition: 0, leader: 'rabbitmq-3', epoch: 9, epochIsTerm: true, replicas: all, inSync: all });
});

const mirrored = (leader: string, mirrors: readonly string[], synchronised: readonly string[]): QueueAnswer => ({
  kind: 'queue',
  info: {
    type: 'classic', node: `rabbit@${leader}`,
    slave_nodes: mirrors.map((node) => `rabbit@${node}`), synchronised_slave_nodes: synchronised.map((node) => `rabbit@${node}`),
  },
});

test('a mirror that lacks messages is a replica and not in sync', () => {
  const answer = mirrored('rabbitmq-1', ['rabbitmq-2', 'rabbitmq-3'], ['rabbitmq-3']);
  expect(partition([answer, answer, answer], [], knownClassic)).toMatchObject({ leader: 'rabbitmq-1', replicas: all, inSync: ['rabbitmq-1', 'rabbitmq-3'] });
});

test('a mirrored queue without a leader has nobody in sync: whoever was would lead', () => {
  const answer = mirrored('rabbitmq-1', ['rabbitmq-2'], []);
  expect(partition([{ kind: 'refused' }, answer, answer], [], knownClassic)).toMatchObject({ leader: null, replicas: ['rabbitmq-1', 'rabbitmq-2'], inSync: [] });
});

test('of a mirrored queue of which only its leader is known, the leader alone is surely in sync', () => {
  const view: QueueAnswer = { kind: 'queue', info: { type: 'unknown', node: 'rabbit@rabbitmq-1', leader: 'rabbit@rabbitmq-1' } };
  const queue = { ...knownClassic, replicas: ['rabbitmq-1', 'rabbitmq-3'] };
  expect(partition([view, { kind: 'silent' }, { kind: 'silent' }], all, queue)).toMatchObject({ replicas: ['rabbitmq-1', 'rabbitmq-3'], inSync: ['rabbitmq-1'] });
});
