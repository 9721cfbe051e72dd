// Changes of leadership: what a broker accepted proves nothing, only what it then says of its leaders does.
import { expect, test } from 'vitest';
import type { Cluster, Leadership, PartitionTopology } from '../../model/cluster.ts';
import type { FaultName } from '../../model/scenario.ts';
import { sabotagesOn } from '../testing/sabotage.ts';
import { strike, type StrikeContext } from '../testing/strike.ts';

type View = Pick<PartitionTopology, 'leader' | 'epoch' | 'inSync'>;

const led: View = { leader: 'n1', epoch: 5, inSync: ['n1', 'n2'] };
const leaderless: View = { leader: null, epoch: 5, inSync: ['n1'] };
/** How the partition must be for the fault to strike at all. */
const beforeOf = (fault: FaultName): View => (fault === 'unclean-election' ? leaderless : led);

/** A broker that accepts every request, and whose topology is `before` until one comes and `after` from then on. */
function contextOf(before: View, after: View): StrikeContext {
  let now = before;
  const accept = async (): Promise<string> => { now = after; return 'accepted'; };
  const leadership: Leadership = { transfer: accept, electPreferred: accept, electUnclean: accept };
  const topology: Cluster['topology'] = async () => ({ partitions: [{ partition: 0, replicas: ['n1', 'n2', 'n3'], ...now }], controller: 'n1', alive: [] });
  const cluster = { broker: 'kafka', leadership, topology } as unknown as Cluster;
  return { cluster, destination: { name: 'orders', partitions: 1 }, victims: [], partition: 0, parameter: () => 0, signal: new AbortController().signal };
}

const proofOf = async (fault: FaultName, before: View, after: View) => (await strike(fault, contextOf(before, after))).prove(AbortSignal.timeout(300));

test.each(sabotagesOn('leadership'))('%s of a %s is not proved when the broker accepted it and did nothing', async (fault) => {
  const before = beforeOf(fault);
  expect(await proofOf(fault, before, before)).toMatchObject({ ok: false, detail: expect.stringContaining('accepted; ') });
});

test.each<[FaultName, string, View, View]>([
  ['leader-transfer', 'nobody leads now', led, { ...led, leader: null, epoch: 6 }],
  ['leader-transfer', 'the news of another leader is older than what was known', led, { ...led, leader: 'n2', epoch: 5 }],
  ['leader-election', 'the same one leads in a new epoch', led, { ...led, epoch: 6 }],
  ['unclean-election', 'the partition had a leader', led, { leader: 'n3', epoch: 6, inSync: ['n3'] }],
  ['unclean-election', 'the leader that came was in sync', leaderless, { ...leaderless, leader: 'n1', epoch: 6 }],
])('%s is not proved where %s', async (fault, _, before, after) => {
  expect(await proofOf(fault, before, after)).toMatchObject({ ok: false });
});

test.each<[FaultName, View]>([
  ['leader-transfer', { ...led, leader: 'n2', epoch: 6 }],
  ['leader-election', { ...led, leader: 'n2', epoch: null }],
  ['unclean-election', { leader: 'n3', epoch: 6, inSync: ['n3'] }],
])('%s is proved by the leader that the broker names', async (fault, after) => {
  expect(await proofOf(fault, beforeOf(fault), after)).toMatchObject({ ok: true, detail: expect.stringContaining(`now ${after.leader} leads`) });
});

test.each(sabotagesOn('leadership'))('%s of a %s is refused where a broker cannot be asked', async (fault) => {
  const { cluster, ...context } = contextOf(led, led);
  const { leadership: _, ...without } = cluster;
  await expect(strike(fault, { ...context, cluster: without as Cluster })).rejects.toMatchObject({ code: 'E_CAPABILITY' });
});
