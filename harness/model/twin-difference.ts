// In what two scenarios differ that can change what happens: twins are to differ in one field of a policy, or in the client, and in nothing else.
import type { Scenario } from './scenario.ts';

/** Fields of a policy: what two twins may differ in. A field of the destination, of a policy or of the cluster's properties counts as one, whatever it holds. */
const policyField = /^(producer\.policy|consumer\.policy|destination\.settings|cluster\.properties)\.[a-zA-Z_.-]+$|^consumer\.settle$/;
/** What makes a client: the library, how it is told to work, and who chooses the partition. Where the driver differs, all of these may. */
const clientField = /^(producer|consumer)\.(driver|program|routing|options|policy)\b/;

/** Paths such as `producer.policy.acks`, in the order of the scenario's fields. What follows from the rest, such as equipment, does not count. */
export function differingFields(one: Scenario, other: Scenario): readonly string[] {
  const [mine, theirs] = [fieldsOf(one), fieldsOf(other)];
  return [...new Set([...mine.keys(), ...theirs.keys()])].filter((path) => mine.get(path) !== theirs.get(path));
}

/** One field of a policy, or nothing but the client. */
export function isOneDifference(fields: readonly string[]): boolean {
  if (fields.length === 1) return policyField.test(fields[0]!) || clientField.test(fields[0]!);
  return fields.some((field) => field.endsWith('.driver')) && fields.every((field) => clientField.test(field));
}

function fieldsOf({ cluster, destination, producer, consumer, payloadBytes, steady, steps, bounds }: Scenario): ReadonlyMap<string, string> {
  const { equipment: _, ...asked } = cluster;
  const flat = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === 'object' && value !== null && !policyField.test(path)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, path === '' ? key : `${path}.${key}`);
    } else {
      flat.set(path, JSON.stringify(value));
    }
  };
  walk({ cluster: asked, destination, producer, consumer, payloadBytes, steady, steps, bounds }, '');
  return flat;
}
