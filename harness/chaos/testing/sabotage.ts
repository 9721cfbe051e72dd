// Where each fault is shown not to be proved when its injection was swallowed: typed over all faults, so that a new one needs a place here.
import type { FaultDeclaration } from '../../model/fault-parameters.ts';
import type { FaultName } from '../../model/scenario.ts';

/** What a fault can be aimed at. */
export type Struck = FaultDeclaration['strikes'][number];
/** A test file with something real to strike, which plays every case that is its own. */
export type SabotageBench = 'memory node' | 'worker processes' | 'leadership' | 'node networks' | 'client links' | 'disks';

/** From the root of the repository. */
export const benchFiles: Readonly<Record<SabotageBench, string>> = {
  'memory node': 'harness/chaos/faults/process.test.ts',
  'worker processes': 'harness/run/client-sabotage.test.ts',
  leadership: 'harness/chaos/faults/leadership.test.ts',
  'node networks': 'harness/chaos/faults/node-links.engine.test.ts',
  'client links': 'harness/run/client-links.engine.test.ts',
  disks: 'harness/chaos/faults/storage.engine.test.ts',
};

type Cases = Readonly<Partial<Record<Struck, SabotageBench>>>;

const anyProcess: Cases = { node: 'memory node', producer: 'worker processes', consumer: 'worker processes' };
const ofConsumer: Cases = { consumer: 'worker processes' };
const onNode = (bench: SabotageBench): Cases => ({ node: bench });

export const sabotages: Readonly<Record<FaultName, Cases>> = {
  kill: anyProcess, stop: anyProcess, pause: anyProcess, restart: anyProcess,
  stall: ofConsumer, 'crash-loop': ofConsumer, 'rebalance-storm': ofConsumer,
  'replication-cut': onNode('node networks'), partition: onNode('node networks'), 'partition-one-way': onNode('node networks'), 'partition-ring': onNode('node networks'),
  'packet-loss': onNode('node networks'), 'bandwidth-limit': onNode('node networks'),
  'power-loss': onNode('disks'), 'disk-full': onNode('disks'), 'disk-read-only': onNode('disks'), 'disk-wipe': onNode('disks'),
  'leader-transfer': onNode('leadership'), 'leader-election': onNode('leadership'), 'unclean-election': onNode('leadership'),
  'client-cut': onNode('client links'), 'client-reset': onNode('client links'), 'client-silence': onNode('client links'), 'lost-response': onNode('client links'),
  'client-latency': onNode('client links'), 'client-bandwidth': onNode('client links'), 'client-cut-after': onNode('client links'), 'connection-churn': onNode('client links'),
};

/** What a bench has to play: each fault with what it strikes there. */
export const sabotagesOn = (bench: SabotageBench): readonly (readonly [FaultName, Struck])[] =>
  (Object.keys(sabotages) as FaultName[]).flatMap((fault) =>
    (Object.keys(sabotages[fault]) as Struck[]).flatMap((struck) => (sabotages[fault][struck] === bench ? [[fault, struck] as const] : [])));

/** The same object, some of whose methods are taken, answered as if they had worked, and not run. */
export function swallowing<T extends object>(target: T, ...methods: readonly (keyof T)[]): T {
  return new Proxy(target, {
    get: (real, name) => {
      if (methods.includes(name as keyof T)) return async () => {};
      const value: unknown = Reflect.get(real, name, real);
      return typeof value === 'function' ? value.bind(real) as unknown : value;
    },
  });
}
