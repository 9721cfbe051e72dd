import { describe, expect, test } from 'vitest';
import { faultDeclarations, familiesOf } from '../harness/model/fault-parameters.ts';
import type { BrokerName } from '../harness/model/cluster.ts';
import { faultNames, type FaultName } from '../harness/model/scenario.ts';
import { createCatalog } from '../harness/scenario/catalog.ts';
import { demands, isUnsafeBeside } from '../harness/model/clause.ts';
import { differingFields, isOneDifference } from '../harness/model/twin-difference.ts';
import { tryOverride } from '../harness/scenario/override-scenario.ts';
import { suites } from './index.ts';

const byName = new Map(suites.map((scenario) => [scenario.name, scenario]));
const twins = suites.flatMap((scenario) => (scenario.twin === null ? [] : [[scenario.name, scenario, byName.get(scenario.twin)] as const]));

describe.each(twins)('the twin of %s', (_, scenario, twin) => {
  test('exists, and has this or another scenario of the same fault as its own twin', () => {
    expect(twin?.twin?.split('/').at(-1)).toBe(scenario.name.split('/').at(-1));
  });

  test('differs in exactly one policy field, or in the client', () => {
    const different = differingFields(scenario, twin!);
    expect(isOneDifference(different), different.join(', ')).toBe(true);
    if (different.length > 1) expect(scenario.name).toMatch(/^client-truth\//);
  });

  test('must show what the other must not', () => {
    expect(isUnsafeBeside(scenario.contract, twin!.contract) || isUnsafeBeside(twin!.contract, scenario.contract)).toBe(true);
  });

  test('has triggers that can fire in both', () => {
    for (const trigger of [scenario.steady, ...scenario.steps.flatMap((step) => (step.kind === 'wait' ? [step.trigger] : []))]) {
      expect(trigger.attempted ?? trigger.elapsedMs ?? trigger.processed).toBeDefined();
    }
  });
});

/** The broker's own pages, and those of the libraries whose doing some scenarios show. The embedded broker promises what RabbitMQ does. */
const vendors: Readonly<Record<BrokerName, readonly string[]>> = {
  memory: ['www.rabbitmq.com'],
  kafka: ['kafka.apache.org', 'cwiki.apache.org', 'kafka.js.org'],
  rabbitmq: ['www.rabbitmq.com', 'amqp-node.github.io'],
};

describe.each(suites.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  test('forbids what no policy allows, and cites whoever promises what it expects', () => {
    expect(scenario.contract).toMatchObject({ phantom: 'forbidden', ghost: 'forbidden', corrupted: 'forbidden', strangers: 'forbidden' });
    const hosts = scenario.sources.map((source) => new URL(source).host);
    expect(hosts.some((host) => vendors[scenario.cluster.broker].includes(host)), hosts.join(', ')).toBe(true);
  });

  test('heals every fault that it injects', () => {
    const ids = (kind: 'inject' | 'heal') => scenario.steps.flatMap((step) => (step.kind === kind ? [step.id] : [])).sort();
    expect(ids('heal')).toEqual(ids('inject'));
  });
});

test('only scenarios with faults on the way of clients have a proxy before their nodes', () => {
  const proxied = suites.filter(({ cluster }) => cluster.equipment?.includes('proxy') === true).map(({ name }) => name);
  expect(proxied).toEqual(suites.filter((scenario) => familiesOf(scenario).includes('client-links')).map(({ name }) => name));
  expect(proxied).not.toEqual([]);
});

test('every policy has a row whose first cell is at rest', () => {
  const rows = Map.groupBy(suites.filter(({ name }) => !name.startsWith('client-truth/')), ({ name }) => name.slice(0, name.lastIndexOf('/')));
  const without = [...rows].filter(([row, cells]) => !cells.some(({ name, steps }) => name === `${row}/baseline` && steps.every(({ kind }) => kind !== 'inject')));
  expect(without.map(([row]) => row)).toEqual([]);
});

/** Nothing that differs from them in one field behaves otherwise under the same steps. */
const withoutTwin: Readonly<Record<string, string>> = {
  'rabbitmq/expiring-dead-letter': 'at-least-once dead-lettering asks for an overflow as well: two fields',
  'rabbitmq/dead-letter-at-most-once': 'at least once, too, what is refused waits three minutes for a target that was down',
  'rabbitmq/single-active-consumer': 'with several active ones nothing is lost either',
  'rabbitmq/requeued': 'shows a repetition that its handler asks for',
};

test('every policy has a twin in its row, or a reason why not', () => {
  const rows = Map.groupBy(suites.filter(({ name }) => !name.startsWith('client-truth/')), ({ name }) => name.slice(0, name.lastIndexOf('/')));
  const without = [...rows].filter(([, cells]) => cells.every(({ twin }) => twin === null)).map(([row]) => row);
  expect(without.toSorted()).toEqual(Object.keys(withoutTwin).toSorted());
});

test('the demo is the eight scenarios, on three clusters', () => {
  const demo = createCatalog(suites).select([], { tags: ['demo'] });
  expect(demo.map(({ name }) => name)).toEqual([
    'memory/answer-on-accept/crash',
    'memory/answer-after-processing/crash',
    'kafka/idempotent/leader-kill',
    'kafka/acks-1/leader-kill-behind',
    'kafka/acks-all/leader-kill-behind',
    'rabbitmq/quorum-confirms/leader-kill',
    'rabbitmq/classic-no-confirms/home-node-kill',
    'rabbitmq/classic-confirms/home-node-kill',
  ]);
});

/** What a broker has nothing for. */
const nothingLikeIt: Readonly<Record<'kafka' | 'rabbitmq', Partial<Record<FaultName, string>>>> = {
  kafka: {},
  rabbitmq: {
    'replication-cut': 'nodes replicate and gossip over one port: cutting it is a partition',
    'leader-election': 'there is no preferred leader',
    'unclean-election': 'a quorum queue elects no member that lacks what was confirmed',
    'rebalance-storm': 'consumers form no groups',
  },
};

test.each(['kafka', 'rabbitmq'] as const)('every fault that %s knows strikes in one of its scenarios, tagged with chaos and its family', (broker) => {
  const scenarios = suites.filter(({ cluster, name }) => cluster.broker === broker && !name.startsWith('client-truth/'));
  const missing = faultNames.filter((fault) => !scenarios.some(({ steps, tags }) =>
    steps.some((step) => step.kind === 'inject' && step.fault === fault) && tags.includes('chaos') && tags.includes(faultDeclarations[fault].family)));
  expect(missing.toSorted()).toEqual(Object.keys(nothingLikeIt[broker]).toSorted());
});

test('every shipped scenario takes a field from the command line, and keeps its tags', () => {
  for (const scenario of suites) expect(tryOverride(scenario, [{ path: 'payloadBytes', value: 64 }]), scenario.name).toMatchObject({ ok: true, scenario: { payloadBytes: 64, tags: scenario.tags } });
});

test('the tag negative is on what must show a harm and on nothing else, and every scenario is full', () => {
  const asking = suites.filter(({ contract }) => Object.values(contract).some(demands)).map(({ name }) => name);
  expect(suites.filter(({ tags }) => tags.includes('negative')).map(({ name }) => name)).toEqual(asking);
  expect(suites.filter(({ tags }) => !tags.includes('full')).map(({ name }) => name)).toEqual([]);
});
