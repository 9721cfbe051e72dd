// Ways to spoil one message of a draft, and to say what was found.
import type { Measure } from '../../model/contract.ts';
import type { Facts } from '../../model/facts.ts';
import type { Draft, Message } from './messages.ts';

export const found = (facts: Facts): Partial<Record<Measure, number>> =>
  Object.fromEntries(facts.measures.filter(({ count }) => count !== 0).map(({ measure, count }) => [measure, count]));

export const first = (message: Message) => message.arrivals[0]!;
/** One that has nothing else, so that its position jumps nowhere. */
export const another = (draft: Draft, index: number) => ({ consumer: draft.shape.consumers + index, rank: 50_000 + index });
export const append = (draft: Draft, partition: number): number => draft.ends[partition]!++;

/** Takes a message out of the store and out of the consumers' hands. */
export function vanish(message: Message): void {
  message.stored = [];
  message.arrivals = [];
}

export function resend(message: Message, ...outcomes: Message['attempts'][number]['outcome'][]): void {
  const [{ receipt }] = message.attempts as [Message['attempts'][number]];
  message.attempts = outcomes.map((outcome) => ({ outcome, receipt: outcome === 'acknowledged' ? receipt : null }));
}

/** Exchanges the places of two messages; each keeps its own receipt's truth. */
export function swapPlaces(a: Message, b: Message): void {
  [a.stored, b.stored] = [b.stored, a.stored];
  [a.arrivals, b.arrivals] = [b.arrivals, a.arrivals];
  [a.attempts[0]!.receipt, b.attempts[0]!.receipt] = [b.attempts[0]!.receipt, a.attempts[0]!.receipt];
}
