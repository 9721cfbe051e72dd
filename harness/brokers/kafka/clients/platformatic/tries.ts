// Counts failed tries of sends: the library's events are the only place that tells of a try that it will repeat.
import type { Producer } from '@platformatic/kafka';

export class FailedTries {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  watch(producer: Producer<Buffer, Buffer, Buffer, Buffer>): void {
    const failed = (operation: unknown): void => {
      if (operation === 'produce') this.#count += 1;
    };
    producer.on('client:performWithRetry:retry', failed);
    producer.on('client:performWithRetry:failed', failed);
  }
}
