import { describe, expect, test } from 'vitest';
import { brokerSpecs } from './broker-specs.ts';
import { compileScenario } from './compile-scenario.ts';
import { formatPath } from './problem.ts';

const kafka = {
  name: 'kafka/orders',
  cluster: { broker: 'kafka' },
  steps: [{ wait: { elapsedMs: 1 } }],
  contract: { lost: 'forbidden' },
};
const queue = { ...kafka, name: 'queue/orders', cluster: { broker: 'memory' } };

const compile = (input: unknown) => compileScenario(input, { specs: brokerSpecs, readFile: () => '' });

/** `place: message`, of a scenario that is refused for contradictions only. */
function refusals(input: unknown): readonly string[] {
  const compiled = compile(input);
  if (compiled.ok) return [];
  expect(compiled).toMatchObject({ code: 'E_CONTRADICTION' });
  for (const { hint } of compiled.problems) expect(hint).toMatch(/\w/);
  return compiled.problems.map(({ path, message }) => `${formatPath(path)}: ${message}`);
}

const inject = (fault: string, target: unknown, more: object = {}) => ({ ...kafka, steps: [{ inject: fault, target, ...more }] });

describe('targets', () => {
  test.each([
    ['a producer that is not there', inject('kill', { producer: 1 }), 'steps[0].target.producer: there is no producer 1: the scenario has 1'],
    ['a consumer that is not there', { ...inject('kill', { consumer: 2 }), consumer: { count: 2 } }, 'steps[0].target.consumer: there is no consumer 2: the scenario has 2'],
    ['a consumer that starts only to drain', { ...inject('kill', { consumer: 0 }), consumer: { start: 'drain' } }, 'steps[0].target.consumer: consumers start only to drain, when all faults are over'],
    ['a stalled node', inject('stall', { leader: 0 }), 'steps[0].target: stall strikes a consumer, not a node'],
    ['a stalled producer', inject('stall', { producer: 0 }), 'steps[0].target: stall strikes a consumer, not a producer'],
    ['a node in a crash loop', inject('crash-loop', { node: 'kafka-1' }), 'steps[0].target: crash-loop strikes a consumer, not a node'],
    ['a client whose replication is cut', inject('replication-cut', { consumer: 0 }), 'steps[0].target: replication-cut strikes a node, not a consumer'],
    ['the replication of one node', { ...inject('replication-cut', { leader: 0 }), cluster: { broker: 'kafka', nodes: 1 }, destination: { replicationFactor: 1, minInsyncReplicas: 1 } }, 'steps[0]: a cluster of one node has no replication to cut'],
    ['both of two nodes parted from the others', { ...inject('partition', 'majority'), cluster: { broker: 'kafka', nodes: 2 }, destination: { replicationFactor: 2, minInsyncReplicas: 1 } }, 'steps[0].target: partition of all nodes leaves none to be separated from'],
    ['replicas that are on every node parted from the others', inject('partition-one-way', { replicas: 0 }), 'steps[0].target: partition-one-way of all nodes leaves none to be separated from'],
    ['a crash point of a pause', inject('pause', { consumer: 0, between: 'processing-and-settling' }), 'steps[0].target.between: only a kill can come at such a point, not pause'],
    ['settled before processed, where it is settled after', inject('kill', { consumer: 0, between: 'settling-and-processing' }), 'steps[0].target.between: never comes: with settle after-processing a message is processed before it is settled'],
    ['processed before settled, where it is settled before', { ...inject('kill', { consumer: 0, between: 'processing-and-settling' }), consumer: { settle: 'before-processing' } }, 'steps[0].target.between: never comes: with settle before-processing a message is settled before it is processed'],
    ['processed before settled, where the broker settles', { ...queue, ...{ steps: inject('kill', { consumer: 0, between: 'processing-and-settling' }).steps }, consumer: { settle: 'automatic' } }, 'steps[0].target.between: never comes: with settle automatic a message is settled before it is processed'],
    ['a rebalance of a consumer that is alone', inject('rebalance-storm', { consumer: 0 }), 'consumer.count: a consumer that is alone in its group hands nothing over when it leaves: rebalance-storm needs others'],
  ])('%s', (_, input, expected) => {
    expect(refusals(input)).toEqual([expected]);
  });

  test.each([
    ['the one of two that leaves and joins', { ...inject('rebalance-storm', { consumer: 0 }), consumer: { count: 2 } }],
    ['the last of several clients', { ...inject('pause', { producer: 2 }), producer: { count: 3 } }],
    ['a consumer at the point that its settling has', inject('kill', { consumer: 0, between: 'processing-and-settling' })],
    ['a consumer at the other point, settled before', { ...inject('kill', { consumer: 0, between: 'settling-and-processing' }), consumer: { settle: 'before-processing' } }],
    ['replicas that are on two of three nodes', { ...inject('partition', { replicas: 0 }), destination: { replicationFactor: 2 } }],
    ['a stalled consumer', inject('stall', { consumer: 0 })],
  ])('%s can be struck', (_, input) => {
    expect(refusals(input)).toEqual([]);
  });

  test('a producer has no crash point at all', () => {
    expect(compile(inject('kill', { producer: 0, between: 'processing-and-settling' }))).toMatchObject({ ok: false, code: 'E_SCENARIO_INVALID' });
  });
});

test.each(['leader-transfer', 'leader-election', 'unclean-election', 'partition-ring', 'stall'])('%s is not aimed at one node, so no storm has it', (fault) => {
  const storm = (faults: readonly string[]) => compile({ ...kafka, steps: [{ storm: { seed: 1, times: 2, faults } }] });
  expect(storm(['kill', 'packet-loss'])).toMatchObject({ ok: true });
  expect(storm(['kill', fault])).toMatchObject({ ok: false, code: 'E_SCENARIO_INVALID' });
});

describe('parameters of faults', () => {
  test.each([
    ['of a fault that has none', inject('kill', { leader: 0 }, { with: { times: 3 } }), 'steps[0].with.times: kill knows no "times"'],
    ['that are misspelt', inject('crash-loop', { consumer: 0 }, { with: { time: 3 } }), 'steps[0].with.time: crash-loop knows no "time"; did you mean "times"?'],
    ['out of range', inject('crash-loop', { consumer: 0 }, { with: { times: 0 } }), 'steps[0].with.times: received 0; allowed: 1 to 100 processes'],
    ['beyond the prefetch', { ...inject('crash-loop', { consumer: 0 }, { with: { held: 11 } }), consumer: { prefetch: 10 } }, 'steps[0].with.held: a consumer never holds 11 messages: its prefetch is 10'],
  ])('%s', (_, input, expected) => {
    expect(refusals(input)).toEqual([expected]);
  });

  test('that a fault knows reach the step', () => {
    const compiled = compile(inject('crash-loop', { consumer: 0 }, { with: { times: 21, held: 5 } }));
    expect(compiled).toMatchObject({ ok: true, scenario: { steps: [{ fault: 'crash-loop', parameters: { times: 21, held: 5 }, target: { role: 'client', client: 'consumer', index: 0, between: null } }] } });
  });
});

describe('clients', () => {
  const program = { command: ['python3', 'client.py'] };
  test.each([
    ['driver program without a program', { ...kafka, producer: { driver: 'program' } }, 'producer.driver: driver program needs to know which program to start'],
    ['a program without its driver', { ...kafka, consumer: { program } }, 'consumer.program: is never started: the driver is kafkajs'],
  ])('%s', (_, input, expected) => {
    expect(refusals(input)).toEqual([expected]);
  });

  const rabbitmq = { ...kafka, cluster: { broker: 'rabbitmq' } };
  const refuse = { every: 10 };
  test.each([
    ['keys on a queue', { producer: { routing: 'keyed' } }, 'producer.routing'],
    ['no keys on a queue', { producer: { routing: 'keyless' } }, 'producer.routing'],
    ['several partitions on a queue', { producer: { routing: 'multi-partition' } }, 'producer.routing'],
    ['refusing what is settled before', { consumer: { settle: 'before-processing', refuse } }, 'consumer.refuse'],
    ['refusing what the broker settles', { consumer: { settle: 'automatic', refuse } }, 'consumer.refuse'],
  ])('%s is refused once, on every broker with queues', (_, input, place) => {
    for (const base of [queue, rabbitmq]) expect(refusals({ ...base, ...input }).map((text) => text.split(':')[0])).toEqual([place]);
  });

  test('refusing on a log is refused once', () => {
    expect(refusals({ ...kafka, consumer: { refuse } }).map((text) => text.split(':')[0])).toEqual(['consumer.refuse']);
  });

  test('one publish over several partitions needs them, and as many messages', () => {
    expect(refusals({ ...kafka, producer: { routing: 'multi-partition', batch: 6 } })).toHaveLength(1);
    expect(refusals({ ...kafka, destination: { partitions: 6 }, producer: { routing: 'multi-partition', batch: 5 } })).toHaveLength(1);
  });

  test('keys, several partitions and a program are fine where they fit', () => {
    expect(refusals({ ...kafka, destination: { partitions: 6 }, producer: { routing: 'keyed', keys: 7 } })).toEqual([]);
    expect(refusals({ ...kafka, destination: { partitions: 6 }, producer: { routing: 'multi-partition', batch: 12 } })).toEqual([]);
    expect(compile({ ...kafka, producer: { driver: 'program', program } })).toMatchObject({ ok: true, scenario: { producer: { program: { ...program, environment: {} } } } });
  });
});

describe('versions', () => {
  const only = { versions: ['3.9', '4.0'], because: 'removed by KIP-1' };
  test('a version that does not have the policy is refused with the reason, and with nothing else', () => {
    expect(refusals({ ...kafka, cluster: { broker: 'kafka', version: '4.3', nodes: 1 }, only })).toEqual(['cluster.version: kafka 4.3 does not have this policy: removed by KIP-1']);
  });

  test('where no version is written, the newest that has the policy is taken', () => {
    expect(compile({ ...kafka, only })).toMatchObject({ ok: true, scenario: { cluster: { version: '4.0' }, only } });
    expect(compile({ ...kafka, only: { ...only, versions: ['4.1', '4.3'] } })).toMatchObject({ ok: true, scenario: { cluster: { version: '4.1' } } });
  });

  test('a condition changes the clauses that it names, on its versions only', () => {
    const input = { ...kafka, contract: { lost: 'forbidden', stuck: 'forbidden' }, onVersions: [{ versions: ['3.9'], because: 'no ELR', contract: { lost: 'allowed' } }] };
    expect(compile({ ...input, cluster: { broker: 'kafka', version: '3.9' } })).toMatchObject({ ok: true, scenario: { contract: { lost: 'allowed', stuck: 'forbidden' }, conditions: [{ versions: ['3.9'], because: 'no ELR', measures: ['lost'] }] } });
    expect(compile(input)).toMatchObject({ ok: true, scenario: { contract: { lost: 'forbidden', stuck: 'forbidden' }, conditions: [] } });
  });

  test('one version has one condition, and none where it does not have the policy', () => {
    const condition = { versions: ['3.9', '4.0'], because: 'because', contract: { lost: 'allowed' } };
    const predicting = { ...kafka, contract: { lost: 'forbidden' }, onVersions: [{ versions: ['3.9'], because: 'no ELR', contract: { stuck: 'allowed' } }], predicted: { lost: '0: by construction', stuck: 'a few', unavailableMs: '3,100' } };
    expect(refusals(predicting)).toEqual(['predicted.unavailableMs: the contract says nothing of unavailableMs, so the prediction would stand beside nothing']);
    expect(refusals({ ...kafka, onVersions: [condition, { ...condition, versions: ['4.0'] }] })).toEqual(['onVersions[1].versions[0]: version 4.0 has two conditions']);
    expect(refusals({ ...kafka, only, onVersions: [{ ...condition, versions: ['4.3'] }] })).toEqual(['onVersions[0].versions[0]: version 4.3 does not have this policy at all: removed by KIP-1']);
  });

  test('a version that the broker never had is invalid', () => {
    expect(compile({ ...kafka, only: { versions: ['5.0'], because: 'x' } })).toMatchObject({ ok: false, code: 'E_SCENARIO_INVALID' });
  });
});

describe('clients that were killed or frozen', () => {
  const heal = { heal: 'producer-0' };
  const dead = (client: 'producer' | 'consumer', index = 0) => ({ inject: 'kill', target: { [client]: index }, as: `${client}-${index}` });
  const frozen = { inject: 'pause', target: { producer: 0 } };
  const two = { producer: { count: 2 }, consumer: { count: 2 } };

  test.each([
    ['publish nothing', [dead('producer'), 'quiesce', { publish: { count: 5 } }], 'steps[2].publish: every producer is dead by then'],
    ['acknowledge nothing', [dead('producer'), { wait: { acknowledged: 5 } }], 'steps[1].wait: never ends: every producer is dead or frozen by then'],
    ['process nothing', [dead('consumer'), { wait: { processed: 5, delivered: 9 } }], 'steps[1].wait: never ends: every consumer is dead or frozen by then'],
    ['do not come to rest', [frozen, 'quiesce'], 'steps[1]: a frozen producer hears nothing'],
    ['do not go on', ['quiesce', frozen, 'resume'], 'steps[2]: a frozen producer hears nothing'],
  ])('%s', (_, steps, expected) => {
    expect(refusals({ ...kafka, steps })).toEqual([expected]);
  });

  test.each([
    ['once they are healed', [dead('producer'), heal, { wait: { acknowledged: 5 } }, 'quiesce', { publish: { count: 5 } }]],
    ['where the others go on', [dead('producer'), dead('consumer'), { wait: { acknowledged: 5 } }, { wait: { processed: 5 } }]],
    ['where time or the other side ends the wait', [dead('producer'), dead('producer', 1), { wait: { acknowledged: 5, elapsedMs: 9 } }, { wait: { acknowledged: 5, processed: 5 } }]],
  ])('can be waited for %s', (_, steps) => {
    expect(refusals({ ...kafka, ...two, steps })).toEqual([]);
  });
});

describe('what can be waited for', () => {
  test('handlers that end do not end where consumers start only to drain', () => {
    expect(refusals({ ...kafka, consumer: { start: 'drain' }, steps: [{ wait: { processed: 5 } }] })).toEqual(['steps[0].wait: never fires: the consumers have not started by then']);
    expect(refusals({ ...kafka, steps: [{ wait: { processed: 5 } }] })).toEqual([]);
  });

  test('replicas, deliveries and handlers can be waited for while producers rest, acknowledgements cannot', () => {
    for (const trigger of [{ inSyncAtMost: 1 }, { delivered: 5 }, { processed: 5 }]) expect(refusals({ ...kafka, steps: ['quiesce', { wait: trigger }] })).toEqual([]);
    expect(refusals({ ...kafka, steps: ['quiesce', { wait: { attempted: 5 } }] })).toEqual(['steps[1].wait: never ends: the producers are quiet']);
  });
});

describe('consumers that start in the middle', () => {
  const late = { ...kafka, consumer: { start: 'drain' } };

  test('may be waited for and struck from then on', () => {
    expect(compile({ ...late, steps: ['consume', { wait: { processed: 5 } }, { inject: 'kill', target: { consumer: 0 } }] })).toMatchObject({ ok: true, scenario: { steps: [{ kind: 'consume' }, {}, {}] } });
  });

  test('are not waited for before', () => {
    expect(refusals({ ...late, steps: [{ wait: { processed: 5 } }, 'consume'] })).toEqual(['steps[0].wait: never fires: the consumers have not started by then']);
    expect(refusals({ ...late, steady: { delivered: 5 }, steps: ['consume'] })).toEqual(['steady: never fires: the consumers have not started by then']);
  });

  test('start once, and not where they have started already', () => {
    expect(refusals({ ...late, steps: ['consume', 'consume'] })).toEqual(['steps[1]: the consumers start only once']);
    expect(refusals({ ...kafka, steps: ['consume'] })).toEqual(['steps[0]: the consumers have started already, before the steady traffic']);
  });
});

test('only the lost can equal the exposed, and none are without a fault', () => {
  const exposed = { equals: 'exposed' };
  expect(refusals({ ...inject('kill', { leader: 0 }), contract: { lost: exposed, duplicated: exposed } })).toEqual(['contract.duplicated: only the lost are compared with the exposed']);
  expect(refusals({ ...kafka, contract: { lost: exposed } })).toEqual(['contract.lost: nothing is ever exposed: no step injects a fault']);
});

describe('a contract that no run can decide or fulfil', () => {
  const rabbitmq = { ...kafka, name: 'rabbitmq/orders', cluster: { broker: 'rabbitmq' } };
  const noTarget = 'contract.deadLettered: never holds: the destination has no dead-letter target';

  test.each([['required'], [{ min: 1 }], [{ equals: 5 }]])('dead-lettered messages (%j) need a target', (deadLettered) => {
    for (const scenario of [kafka, queue, rabbitmq]) expect(refusals({ ...scenario, contract: { deadLettered } })).toEqual([noTarget]);
    expect(refusals({ ...rabbitmq, destination: { deadLetter: {} }, contract: { deadLettered } })).toEqual([]);
  });

  test.each([['forbidden'], ['allowed'], [{ max: 3 }], [{ equals: 0 }], [{ min: 0 }]])('none of them (%j) can be promised anywhere', (deadLettered) => {
    for (const scenario of [kafka, queue, rabbitmq]) expect(refusals({ ...scenario, contract: { deadLettered } })).toEqual([]);
  });

  test.each([
    ['what nobody publishes again', { contract: { republished: 'required' } }, { producer: { resend: 'unknown' } }, "contract.republished: never holds: with resend 'never' nobody publishes a message again"],
    ['what is processed before it is settled', { contract: { settledUnprocessed: { min: 1 } } }, { consumer: { settle: 'before-processing' } }, "contract.settledUnprocessed: never holds: with settle 'after-processing' nothing is settled before it is processed"],
  ])('%s cannot be asked for', (_, asked, possible, expected) => {
    for (const scenario of [kafka, queue, rabbitmq]) {
      expect(refusals({ ...scenario, ...asked })).toEqual([expected]);
      expect(refusals({ ...scenario, ...asked, ...possible })).toEqual([]);
    }
    expect(refusals({ ...kafka, ...asked, producer: { driver: 'program', program: { command: ['p'] } }, consumer: { driver: 'program', program: { command: ['c'] } } })).toEqual([]);
  });

  test.each([['acks=0', { ...kafka, producer: { acks: 0 } }], ['no confirms', { ...rabbitmq, producer: { confirms: false } }]])('availability is told by acknowledgements: with %s nobody knows', (_, silent) => {
    const expected = 'contract.unavailableMs: can never be decided: the producer has no acknowledgements, so that no answer tells whether anybody was there';
    for (const unavailableMs of ['forbidden', 'required', { max: 1_000 }]) expect(refusals({ ...silent, contract: { unavailableMs } })).toEqual([expected]);
    expect(refusals({ ...silent, contract: { unavailableMs: 'allowed' } })).toEqual([]);
    expect(refusals({ ...silent, producer: {}, contract: { unavailableMs: { max: 1_000 } } })).toEqual([]);
  });

  test('what a store does not have is not judged there, and may be allowed', () => {
    expect(refusals({ ...queue, contract: { erased: 'forbidden', skipped: { max: 1 }, copies: 'allowed' } })).toEqual([
      'contract.erased: can never be decided: a queue forgets what was consumed', 'contract.skipped: can never be decided: a queue\'s messages have no place that could be compared',
    ]);
    expect(refusals({ ...kafka, contract: { repeated: 'required', erased: 'forbidden', skipped: { max: 1 } } })).toEqual(['contract.repeated: can never be decided: a log\'s records have an identity; see `redelivered` and `copies`']);
  });
});

test('what means nothing is refused: replicas of an in-process queue, keys of messages that have none', () => {
  const alone = 'an in-process queue has one copy of everything, and no replicas to fall out of sync';
  expect(refusals({ ...queue, steady: { inSyncAtMost: 1 }, steps: [{ wait: { elapsedMs: 1 } }, { wait: { inSyncAtMost: 1, elapsedMs: 5 } }] })).toEqual([`steady.inSyncAtMost: ${alone}`, `steps[1].wait.inSyncAtMost: ${alone}`]);
  expect(refusals({ ...kafka, producer: { keys: 20 } })).toEqual(['producer.keys: no message has a key: routing is explicit']);
  expect(refusals({ ...kafka, producer: { keys: 20, routing: 'keyed' } })).toEqual([]);
});

test('a follower needs a replica', () => {
  const alone = { destination: { replicationFactor: 1, minInsyncReplicas: 1 } };
  expect(refusals({ ...inject('kill', { follower: 0 }), ...alone })).toEqual(['steps[0].target.follower: A topic with replicationFactor 1 has no followers']);
  expect(refusals({ ...inject('kill', { leader: 0 }), ...alone })).toEqual([]);
});

test('a baseline needs no fault', () => {
  expect(refusals({ ...kafka, steps: [{ wait: { acknowledged: 500 } }], contract: { lost: 'forbidden', failed: { max: 0 } } })).toEqual([]);
});

test('a contradiction with a default says that it is one', () => {
  expect(refusals({ ...kafka, cluster: { broker: 'kafka', nodes: 1 } })).toEqual(['destination.replicationFactor: replicationFactor 3 needs 3 nodes, the cluster has 1 (replicationFactor 3 is the default)']);
  expect(refusals({ ...kafka, cluster: { broker: 'kafka', nodes: 1 }, destination: { replicationFactor: 3 } })).toEqual(['destination.replicationFactor: replicationFactor 3 needs 3 nodes, the cluster has 1']);
});
