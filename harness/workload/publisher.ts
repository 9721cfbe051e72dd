// Publishes messages and records every attempt: reserved before it is used, sent before it is awaited, ended with an outcome.
import { setTimeout as delay } from 'node:timers/promises';
import type { ProducerClient } from '../model/client.ts';
import type { Clock } from '../model/clock.ts';
import { redactText } from '../model/configuration.ts';
import { eventKinds } from '../model/event.ts';
import { encodePayload } from '../model/message.ts';
import type { PublishOutcome } from '../model/outcome.ts';
import type { Routing } from '../model/scenario.ts';
import type { Recorder } from '../history/segment-writer.ts';
import { Gate } from './gate.ts';
import { SequenceReserve } from './sequence-reserve.ts';

export interface PublisherOptions {
  readonly client: ProducerClient;
  readonly recorder: Recorder;
  readonly clock: Clock;
  /** 16 hex digits. */
  readonly runTag: string;
  readonly producer: number;
  readonly partitions: number;
  readonly payloadBytes: number;
  /** Publishes under way at once. */
  readonly inFlight: number;
  /** Messages in one publish. */
  readonly batch: number;
  readonly routing: Routing;
  /** How many different keys there are with `keyed` routing. */
  readonly keys: number;
  /** This producer's share; null: flat out. */
  readonly ratePerSecond: number | null;
  readonly resend: 'never' | 'unknown';
}

export interface PublisherCounters {
  attempted: number;
  acknowledged: number;
  handedOver: number;
  failed: number;
  indeterminate: number;
  outstanding: number;
}

interface Message {
  readonly sequence: number;
  readonly partition: number | null;
  readonly key: string | null;
  attempt: number;
}

const resendDelayMs = 100;
const lateFlushMs = 10_000;

/** Sequences `from` … `to − 1`. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

export interface ClosedPublish extends SequenceRange {
  /** Every attempt ended, and was flushed, within the signal. */
  readonly complete: boolean;
  /** Where it is not complete: resolves to true once the attempts under way have ended and are flushed. */
  readonly ended: Promise<boolean>;
}

export class Publisher {
  readonly counters: PublisherCounters = { attempted: 0, acknowledged: 0, handedOver: 0, failed: 0, indeterminate: 0, outstanding: 0 };
  readonly #options: PublisherOptions;
  readonly #body: Uint8Array;
  readonly #reserve: SequenceReserve;
  readonly #traffic = new Gate();
  readonly #stop = new AbortController();
  readonly #giveUp = new AbortController();
  #lanes: readonly Promise<void>[] = [];
  /** Closed publishes whose attempts may still be under way. */
  readonly #closed = new Set<Promise<boolean>>();
  #batches = 0;
  /** Pacing: messages allowed since `#pacedFrom`. */
  #pacedFrom = 0;
  #paced = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#body = new Uint8Array(options.payloadBytes).fill(120);
    this.#reserve = new SequenceReserve(options.recorder, options.producer);
  }

  /** Starts the lanes; they wait until `resume`. */
  start(): void {
    this.#lanes = Array.from({ length: this.#options.inFlight }, () => this.#lane());
  }

  resume(): void {
    this.#pacedFrom = this.#options.clock.nowNs();
    this.#paced = 0;
    this.#traffic.open();
  }

  /** No new messages; resolves once no attempt is under way and what was handed over has left the process. */
  async quiesce(signal: AbortSignal): Promise<void> {
    this.#traffic.close();
    while (this.counters.outstanding > 0) await delay(5, undefined, { signal });
    await this.#options.client.flush(signal);
  }

  /**
   * Publishes exactly `count` messages and waits for their attempts to end. When the signal aborts nothing more is begun, and
   * what is under way goes on: behind a frozen leader an attempt may end long after the steps that follow.
   */
  async publishClosed(count: number, signal: AbortSignal): Promise<ClosedPublish> {
    const from = this.#reserve.next;
    let left = count;
    const work = Array.from({ length: Math.min(this.#options.inFlight, count) }, async () => {
      while (left > 0 && !signal.aborted) {
        const take = Math.min(this.#options.batch, left);
        left -= take;
        await this.#publish(take);
      }
    });
    const ended = Promise.all(work).then(() => this.#options.client.flush(signal.aborted ? AbortSignal.timeout(lateFlushMs) : signal)).then(() => true, () => false);
    this.#closed.add(ended);
    void ended.then(() => this.#closed.delete(ended));
    const complete = await Promise.race([ended, abortedPromise(signal)]);
    return { from, to: this.#reserve.next, complete, ended };
  }

  /** Ends the lanes. What is still unknown after `graceMs` stays unknown. */
  async stop(graceMs: number): Promise<void> {
    this.#traffic.close();
    this.#stop.abort();
    this.#traffic.open();
    const timer = setTimeout(() => this.#giveUp.abort(), graceMs);
    await Promise.race([Promise.all([...this.#lanes, ...this.#closed]), abortedPromise(AbortSignal.timeout(graceMs + 1_000))]);
    clearTimeout(timer);
    this.#giveUp.abort();
    this.#reserve.release();
  }

  async #lane(): Promise<void> {
    for (;;) {
      await this.#traffic.passed();
      if (this.#stop.signal.aborted) return;
      await this.#pace();
      if (!this.#traffic.isOpen || this.#stop.signal.aborted) continue;
      await this.#publish(this.#options.batch);
    }
  }

  async #pace(): Promise<void> {
    const rate = this.#options.ratePerSecond;
    if (rate === null) return;
    const dueNs = this.#pacedFrom + (this.#paced / rate) * 1e9;
    this.#paced += this.#options.batch;
    const waitMs = (dueNs - this.#options.clock.nowNs()) / 1e6;
    if (waitMs > 1) await delay(waitMs, undefined, { signal: this.#stop.signal }).catch(() => {});
  }

  async #publish(count: number): Promise<void> {
    const batch = this.#batches++;
    let messages: Message[] = Array.from({ length: count }, () => this.#next(batch));
    this.counters.attempted += count;
    this.counters.outstanding += count;
    try {
      for (;;) {
        messages = await this.#attempt(messages);
        if (messages.length === 0 || this.#options.resend === 'never' || this.#giveUp.signal.aborted) return;
        await delay(resendDelayMs, undefined, { signal: this.#giveUp.signal }).catch(() => {});
      }
    } finally {
      this.counters.outstanding -= count;
    }
  }

  /** Where a message goes follows from its sequence, so that every attempt of it goes there. */
  #next(batch: number): Message {
    const { routing, partitions, keys } = this.#options;
    const sequence = this.#reserve.take();
    switch (routing) {
      case 'explicit': return { sequence, partition: batch % partitions, key: null, attempt: 0 };
      case 'multi-partition': return { sequence, partition: sequence % partitions, key: null, attempt: 0 };
      case 'keyed': return { sequence, partition: null, key: `key-${sequence % keys}`, attempt: 0 };
      case 'keyless': return { sequence, partition: null, key: null, attempt: 0 };
    }
  }

  /** One attempt for each; returns those that are not known to be ok. */
  async #attempt(messages: readonly Message[]): Promise<Message[]> {
    const { client, recorder, producer, runTag, clock } = this.#options;
    const outgoing = messages.map((message) => {
      message.attempt++;
      const { sequence, attempt, partition, key } = message;
      recorder.append(eventKinds.sent, { producer, sequence, attempt, ...known(partition) });
      return { payload: encodePayload({ run: runTag, producer, sequence, attempt, sentNs: clock.nowNs() }, this.#body), partition, key, sequence };
    });
    const outcomes = await client.publish(outgoing);
    return messages.filter((message, index) => !this.#record(message, outcomes[index]!));
  }

  /** Records the end of an attempt; true when it was ok. */
  #record(message: Message, outcome: PublishOutcome): boolean {
    const { recorder, producer } = this.#options;
    const fields = {
      producer,
      sequence: message.sequence,
      attempt: message.attempt,
      ...known(outcome.partition ?? message.partition),
      ...(outcome.offset === undefined ? {} : { offset: outcome.offset }),
      ...(outcome.error === undefined ? {} : { code: recorder.codeOf({ ...outcome.error, message: redactText(outcome.error.message) }) }),
    };
    if (outcome.returned) recorder.append(eventKinds.returned, fields);
    if (outcome.unreceipted) recorder.append(eventKinds.unreceipted, fields);
    recorder.append(endOf(outcome), fields);
    this.#count(outcome);
    return outcome.outcome === 'ok';
  }

  #count({ outcome, handedOver }: PublishOutcome): void {
    if (outcome === 'fail') this.counters.failed++;
    else if (outcome === 'info') this.counters.indeterminate++;
    else if (handedOver) this.counters.handedOver++;
    else this.counters.acknowledged++;
  }
}

/** Nobody knows the partition of a message whose partition the client chooses, until the client says. */
const known = (partition: number | null) => (partition === null ? {} : { partition });

function endOf({ outcome, handedOver }: PublishOutcome) {
  if (outcome === 'fail') return eventKinds.failed;
  if (outcome === 'info') return eventKinds.indeterminate;
  return handedOver ? eventKinds.handedOver : eventKinds.acknowledged;
}

const abortedPromise = (signal: AbortSignal): Promise<false> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(false);
    else signal.addEventListener('abort', () => resolve(false), { once: true });
  });
