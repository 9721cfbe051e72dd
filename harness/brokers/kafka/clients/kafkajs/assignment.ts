// Which partitions a consumer holds, told to the sink as they come and go, and what it resolved but has not committed yet.
import type { Delivery, DeliverySink } from '../../../../model/client.ts';

export class Assignment {
  readonly #topic: string;
  readonly #sink: DeliverySink;
  readonly #unsettled = new Map<number, Delivery[]>();
  #partitions: readonly number[] | null = null;

  constructor(topic: string, sink: DeliverySink) {
    this.#topic = topic;
    this.#sink = sink;
  }

  /** A member of the group, even one without partitions. */
  get joined(): boolean {
    return this.#partitions !== null;
  }

  got(assigned: Readonly<Record<string, readonly number[]>>): void {
    this.lost();
    this.#partitions = assigned[this.#topic] ?? [];
    for (const partition of this.#partitions) this.#sink.assigned(partition, null);
  }

  lost(): void {
    for (const partition of this.#partitions ?? []) this.#sink.revoked(partition);
    this.#partitions = null;
    this.#unsettled.clear();
  }

  resolved(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const waiting = this.#unsettled.get(delivery.partition);
      if (waiting === undefined) this.#unsettled.set(delivery.partition, [delivery]);
      else waiting.push(delivery);
    }
  }

  /** @param next the committed offset: everything below it is settled. */
  committed(partition: number, next: number): void {
    const waiting = this.#unsettled.get(partition) ?? [];
    const settled = waiting.filter(({ offset }) => offset !== null && offset < next);
    if (settled.length === 0) return;
    this.#unsettled.set(partition, waiting.slice(settled.length));
    this.#sink.settled(settled);
  }
}
