// What a failed kafkajs send proves. `info` (it may be stored) unless the error shows that nothing was written. Pure.
import type { PublishOutcome } from '../../../../model/outcome.ts';
import { neverConnectedCodes, refusedBeforeAppend } from '../refused.ts';

type Failed = Pick<Required<PublishOutcome>, 'outcome' | 'error'>;

/** The library stopped before it wrote a byte. */
const neverSentNames: ReadonlySet<string> = new Set(['KafkaJSNotImplemented', 'KafkaJSSASLAuthenticationError', 'KafkaJSServerDoesNotSupportApiKey']);
const neverSentMessages = /^(The producer is disconnect|Invalid (topic|message)|Not requiring ack for all messages)/;

/**
 * @param error whatever `send` rejected with; of any type.
 * @param partly whether another part of the send than the error tells of may be stored: an earlier try, or another partition.
 */
export function classify(error: unknown, partly: boolean): Failed {
  const told = chain(error);
  const tried = partly || told.some(({ retryCount }) => typeof retryCount === 'number' && retryCount > 0);
  const proven = !tried && told.some(provesNothingStored);
  const shown = told.find(({ type }) => typeof type === 'string') ?? told[0];
  return { outcome: proven ? 'fail' : 'info', error: { name: nameOf(told[0], shown), message: String(told[0]?.['message'] ?? error) } };
}

type Told = Readonly<Record<string, unknown>>;

/** The error and its causes, at most five deep. */
function chain(error: unknown): readonly Told[] {
  const found: Told[] = [];
  for (let current = error; typeof current === 'object' && current !== null && found.length < 5; current = (current as Told)['cause']) {
    found.push(current as Told);
  }
  return found;
}

function provesNothingStored(told: Told): boolean {
  const { name, type, code, message } = told;
  return (typeof type === 'string' && refusedBeforeAppend.has(type))
    || (typeof name === 'string' && neverSentNames.has(name))
    || (name === 'KafkaJSConnectionError' && typeof code === 'string' && neverConnectedCodes.has(code))
    || (typeof message === 'string' && neverSentMessages.test(message));
}

/** `KafkaJSNumberOfRetriesExceeded/NOT_ENOUGH_REPLICAS`: stable and short, the broker's word where there is one. */
function nameOf(outer: Told | undefined, inner: Told | undefined): string {
  const name = typeof outer?.['name'] === 'string' ? outer['name'] : 'UnknownError';
  return typeof inner?.['type'] === 'string' ? `${name}/${inner['type']}` : name;
}
