// One node that answers, and a request on it that is never answered: what a consumer met whose queue's leader was frozen when it asked.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../../../../model/cluster.ts';
import type { ClusterSpec } from '../../../../model/scenario.ts';
import { rabbitmq } from '../../index.ts';
import { Link, type OpenLink } from './link.ts';

const spec: ClusterSpec = { broker: 'rabbitmq', version: '4.3', nodes: 1, properties: {}, file: null, defects: {} };
let cluster: Cluster;

beforeAll(async () => {
  cluster = await rabbitmq.startCluster({ spec, runId: 'rabbitmq-link', keep: false, signal: AbortSignal.timeout(110_000), onProgress: () => {} });
}, 120_000);
afterAll(() => cluster?.[Symbol.asyncDispose]());

const linkTo = (limitMs: number): Link =>
  new Link({ order: cluster.connection().endpoints, heartbeatSeconds: 2, name: 'link test', options: {} }, limitMs);

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

test('a connection on which the broker owes an answer for too long is given up and closed, and the next one is tried', async () => {
  const tried: OpenLink[] = [];
  const open = await linkTo(500).open(async (link) => {
    tried.push(link);
    if (tried.length === 1) await new Promise(() => {});
    return link;
  }, soon());
  expect(tried).toHaveLength(2);
  expect(open).toBe(tried[1]);
  await tried[0]!.lost;
  await open.close();
});

test('waiting for an answer ends with the signal, however many connections were given up before', async () => {
  const reason = await linkTo(300).open(() => new Promise(() => {}), AbortSignal.timeout(2_000)).catch((error: unknown) => error);
  expect(reason).toMatchObject({ name: 'TimeoutError' });
});
