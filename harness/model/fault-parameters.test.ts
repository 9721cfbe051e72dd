import { expect, test } from 'vitest';
import { faultDeclarations, replicaReachOf } from './fault-parameters.ts';
import { faultNames } from './scenario.ts';

test('a link between nodes that is only slow, lossy or shut for replication lets replicas lag; of a partition nobody can say more', () => {
  const links = faultNames.filter((name) => faultDeclarations[name].family === 'node-links');
  expect(Object.fromEntries(links.map((name) => [name, replicaReachOf(name)]))).toEqual({
    'replication-cut': 'lagging', partition: 'unclear', 'partition-one-way': 'unclear', 'partition-ring': 'unclear', 'packet-loss': 'lagging', 'bandwidth-limit': 'lagging',
  });
});

test('a fault of a version that nobody knows any more is unclear', () => {
  expect(replicaReachOf('isolate')).toBe('unclear');
});
