// What a failed send of @platformatic/kafka proves. `info` (it may be stored) unless every error in it shows that nothing was written. Pure.
import type { PublishOutcome } from '../../../../model/outcome.ts';
import { neverConnectedCodes, refusedBeforeAppend } from '../refused.ts';

type Failed = Pick<Required<PublishOutcome>, 'outcome' | 'error'>;
type Told = Readonly<Record<string, unknown>>;

/** An error keeps the errors of its tries and partitions, each of which may keep those of its brokers. */
const deepest = 8;
const mostLeaves = 500;

/**
 * @param error whatever `send` rejected with; of any type.
 * @param partly whether another part of the send than the error tells of may be stored: a try before (after stale metadata the library begins
 * anew and drops the errors of the tries before), or another partition.
 */
export function classify(error: unknown, partly: boolean): Failed {
  const told = leaves(error, deepest);
  const proven = !partly && told.length > 0 && told.every(provesNothingStored);
  return { outcome: proven ? 'fail' : 'info', error: { name: nameOf(error, told), message: messageOf(error, told) } };
}

/** Partitions that the answer of a failed send has nevertheless acknowledged: the library tells them in `produced`. */
export function producedIn(error: unknown): ReadonlyMap<number, number> {
  const offsets = isTold(error) && isTold(error['produced']) ? error['produced']['offsets'] : null;
  if (!Array.isArray(offsets)) return new Map();
  return new Map(offsets.map(({ partition, offset }: { readonly partition: number; readonly offset: bigint }) => [partition, Number(offset)]));
}

const isTold = (value: unknown): value is Told => typeof value === 'object' && value !== null;

function leaves(error: unknown, depth: number): readonly Told[] {
  if (!isTold(error)) return [];
  const inner = error['errors'];
  if (!Array.isArray(inner) || inner.length === 0 || depth === 0) return [error];
  return inner.flatMap((each) => leaves(each, depth - 1)).slice(0, mostLeaves);
}

function provesNothingStored({ code, apiId, cause, closed }: Told): boolean {
  if (typeof apiId === 'string') return refusedBeforeAppend.has(apiId);
  if (code === 'PLT_KFK_USER' || code === 'PLT_KFK_AUTHENTICATION' || closed === true) return true;
  return isTold(cause) && typeof cause['code'] === 'string' && neverConnectedCodes.has(cause['code']);
}

/** `PLT_KFK_MULTIPLE/NOT_LEADER_OR_FOLLOWER`: stable and short, the last error's own word where there is one. */
function nameOf(error: unknown, told: readonly Told[]): string {
  const outer = wordOf(error) ?? 'UnknownError';
  const inner = wordOf(told.at(-1)) ?? outer;
  return inner === outer ? outer : `${outer}/${inner}`;
}

function wordOf(error: unknown): string | null {
  if (!isTold(error)) return null;
  return [error['apiId'], error['code'], error['name']].find((word) => typeof word === 'string') ?? null;
}

/** How many tries there were is in the outer message, why the last one failed in the inner. */
function messageOf(error: unknown, told: readonly Told[]): string {
  const outer = isTold(error) ? String(error['message']) : String(error);
  const inner = String(told.at(-1)?.['message'] ?? outer);
  return inner === outer ? outer : `${outer} Last: ${inner}`;
}
