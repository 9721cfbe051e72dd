// Which partitions a consumer holds, told to the sink as they come and go, and which of its deliveries the library has committed by itself.
import type { Delivery, DeliverySink } from '../../../model/client.ts';
import { waitUntil } from '../../../model/wait.ts';

const consumingWithinMs = 60_000;

/** Waits until a consumer is a member of its group and knows where it reads from. @throws `E_TIMEOUT`. */
export async function consuming(assignment: Assignment, alive: () => boolean, index: number, signal: AbortSignal): Promise<void> {
  await waitUntil(async () => {
    if (!alive()) return { done: false, seen: 'no assignment yet' };
    return assignment.positioned ? { done: true, value: null } : { done: false, seen: 'it does not know yet where it reads from' };
  }, { describe: `consumer ${index} to join its group and to read`, timeoutMs: consumingWithinMs, signal, intervalMs: 20 });
}

export class Assignment {
  readonly #topic: string;
  readonly #sink: DeliverySink;
  readonly #unsettled = new Map<number, Delivery[]>();
  /** Where each partition's next delivery after a restart would come from, as far as commits told. */
  readonly #committed = new Map<number, number>();
  #partitions: readonly number[] | null = null;
  #positioned = false;

  constructor(topic: string, sink: DeliverySink) {
    this.#topic = topic;
    this.#sink = sink;
  }

  /** A member of the group, even one without partitions. */
  get joined(): boolean {
    return this.#partitions !== null;
  }

  /** It knows where it reads its partitions from. Until then a group that starts at the latest record passes over what is published meanwhile. */
  get positioned(): boolean {
    return this.#positioned;
  }

  /** The library has looked up, or fetched from, the positions of what it holds. */
  located(): void {
    this.#positioned = this.joined;
  }

  got(assigned: Readonly<Record<string, readonly number[]>>): void {
    this.lost();
    this.#partitions = assigned[this.#topic] ?? [];
    for (const partition of this.#partitions) this.#sink.assigned(partition, null);
  }

  lost(): void {
    for (const partition of this.#partitions ?? []) this.#sink.revoked(partition);
    this.#partitions = null;
    this.#positioned = false;
    this.#unsettled.clear();
    this.#committed.clear();
  }

  /** What a commit settles from now on; a library that commits ahead of its application may have settled it already. */
  async resolved(deliveries: readonly Delivery[]): Promise<void> {
    for (const delivery of deliveries) {
      const waiting = this.#unsettled.get(delivery.partition);
      if (waiting === undefined) this.#unsettled.set(delivery.partition, [delivery]);
      else waiting.push(delivery);
    }
    for (const [partition, next] of this.#committed) await this.#settle(partition, next);
  }

  /** @param next the committed offset: everything below it is settled. */
  async committed(partition: number, next: number): Promise<void> {
    this.#committed.set(partition, next);
    await this.#settle(partition, next);
  }

  async #settle(partition: number, next: number): Promise<void> {
    const waiting = this.#unsettled.get(partition) ?? [];
    const settled = waiting.filter(({ offset }) => offset !== null && offset < next);
    if (settled.length === 0) return;
    this.#unsettled.set(partition, waiting.filter(({ offset }) => offset === null || offset >= next));
    await this.#sink.settled(settled);
  }
}
