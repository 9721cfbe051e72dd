// One batch that a program delivered: how far each of its messages is, and which step may come next under the scenario's settle mode.
import type { Delivery, SettleMode } from '../../model/client.ts';
import type { BatchStep } from './messages.ts';

interface Progress {
  delivered: boolean;
  processing: boolean;
  processed: boolean;
  settling: boolean;
  settled: boolean;
}

/** `automatic-queue`: the broker counts a delivery as settled when it sends it. `automatic-log`: the library commits by itself, now and then. */
export type SettleOrder = Exclude<SettleMode, 'automatic'> | 'automatic-queue' | 'automatic-log';

export class OpenBatch {
  readonly deliveries: readonly Delivery[];
  /** Resolves once nothing more can come. */
  readonly finished: Promise<void>;
  readonly #finish: () => void;
  readonly #order: SettleOrder;
  readonly #progress: readonly Progress[];

  constructor(order: SettleOrder, deliveries: readonly Delivery[]) {
    this.#order = order;
    this.deliveries = deliveries;
    ({ promise: this.finished, resolve: this.#finish } = Promise.withResolvers<void>());
    this.#progress = deliveries.map(() => ({ delivered: false, processing: false, processed: false, settling: false, settled: order === 'automatic-queue' }));
  }

  get positions(): readonly number[] {
    return this.deliveries.map((_, position) => position);
  }

  /** Nothing more can come. */
  get done(): boolean {
    // Before processing a message is settled, or the connection was lost and it never will be.
    if (this.#order === 'before-processing') return this.#progress.every(({ processed }) => processed);
    return this.#progress.every(({ processed, settled }) => processed && settled);
  }

  /** null: the step may come now. Otherwise why not, in words. */
  refuses(step: Exclude<BatchStep, 'delivered'>, position: number): string | null {
    const progress = this.#progress[position];
    if (progress === undefined) return `the batch has ${this.deliveries.length} messages`;
    if (!progress.delivered) return 'that it was delivered has not been answered with recorded yet';
    return step === 'processed' ? this.#refusesProcessed(progress) : this.#refusesSettled(progress, step);
  }

  begins(step: Exclude<BatchStep, 'delivered'>, positions: readonly number[]): void {
    for (const position of positions) this.#progress[position]![step === 'processed' ? 'processing' : 'settling'] = true;
  }

  ends(step: BatchStep, positions: readonly number[]): void {
    for (const position of positions) this.#progress[position]![step === 'rejected' ? 'settled' : step] = true;
    if (this.done) this.#finish();
  }

  #refusesProcessed({ processing, settling, settled }: Progress): string | null {
    if (processing) return 'it was processed before';
    if (this.#order === 'before-processing' && settling && !settled) return 'that it was settled has not been answered with recorded yet';
    return null;
  }

  #refusesSettled({ processing, processed, settling }: Progress, step: 'settled' | 'rejected'): string | null {
    if (settling) return 'it was settled before';
    if (step === 'rejected' && this.#order !== 'after-processing') return 'only with settle after-processing can a message be rejected';
    if (this.#order === 'automatic-queue') return 'with settle automatic a queue forgets a message when it sends it';
    if (this.#order === 'after-processing' && !processed) return 'the scenario says settle after-processing, and that it was processed has not been answered with recorded yet';
    if (this.#order === 'before-processing' && processing) return 'the scenario says settle before-processing, and it was processed already';
    return null;
  }
}
