// A test worker that is about to be killed: it holds a cluster whose node is frozen, so that it cannot end by itself.
import { defineScenario } from '../../scenario/define-scenario.ts';
import { SharedClusters } from '../shared-clusters.ts';

const { cluster: spec } = defineScenario({ name: 'doomed', cluster: { broker: 'memory' }, steps: [{ wait: { elapsedMs: 1 } }], contract: { lost: 'allowed' } });
const { signal } = new AbortController();
const [node] = await new SharedClusters().use(spec, signal, async (pool) => (await pool.acquire(spec, signal)).cluster.nodes);
await node!.pause(signal);
process.stdout.write(`${(await node!.state(signal)).pid}\n`);
setInterval(() => {}, 60_000);
