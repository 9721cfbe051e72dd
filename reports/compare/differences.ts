// What two runs of one scenario did not share: with any of it different, their numbers say nothing about each other.
import type { RunRecord } from '../../harness/model/run-record.ts';
import type { Scenario } from '../../harness/model/scenario.ts';

/** "cpus: 2 → 4", "plan: steps differ"; empty where machine, images, drivers and plan are the same. */
export function differencesBetween(base: RunRecord, run: RunRecord): readonly string[] {
  return [...environmentDifferences(base, run), ...planDifferences(base.scenario, run.scenario)];
}

const plainFields = ['node', 'os', 'cpus', 'memoryGiB', 'engine', 'brokerVersion'] as const;

function environmentDifferences({ environment: before }: RunRecord, { environment: after }: RunRecord): readonly string[] {
  const plain = plainFields.filter((field) => before[field] !== after[field]).map((field) => `${field}: ${before[field]} → ${after[field]}`);
  const drivers = [...new Set([...Object.keys(before.drivers), ...Object.keys(after.drivers)])]
    .filter((name) => before.drivers[name] !== after.drivers[name])
    .map((name) => `${name}: ${before.drivers[name] ?? 'none'} → ${after.drivers[name] ?? 'none'}`);
  return [...plain, ...(imagesOf(before.images) === imagesOf(after.images) ? [] : ['images: not the same']), ...drivers];
}

/** Equal texts: machine, images, drivers and plan are the same, and numbers may stand beside each other. */
export function samenessOf({ environment, scenario }: RunRecord): string {
  const machine = plainFields.map((field) => environment[field]);
  return canonical([machine, environment.drivers, imagesOf(environment.images), planParts.map((part) => scenario[part])]);
}

/** By what they are, not by what they are called or on which node they ran. */
const imagesOf = (images: RunRecord['environment']['images']): string => images.map(({ id }) => id).sort().join(' ');

/** What the clients and the chaos do. What is asked of the outcome is the contract's, and compared by itself. */
const planParts = ['cluster', 'destination', 'producer', 'consumer', 'payloadBytes', 'steady', 'steps'] as const satisfies readonly (keyof Scenario)[];

function planDifferences(before: Scenario, after: Scenario): readonly string[] {
  const differ = planParts.filter((part) => canonical(before[part]) !== canonical(after[part]));
  return differ.length === 0 ? [] : [`plan: ${differ.join(', ')} ${differ.length === 1 ? 'differs' : 'differ'}`];
}

/** The same text whatever the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner));
}
