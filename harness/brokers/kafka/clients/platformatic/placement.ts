// The library's own choice of a partition (2.12: murmur2 of the key, else by turns), made here with its own partitioner, so
// that the choice for each message is known. It is made once a message: a retry keeps it.
import { defaultPartitioner, type MessageToProduce } from '@platformatic/kafka';

export class Placement {
  readonly #partitions: number;
  #turn = 0;

  constructor(partitions: number) {
    this.#partitions = partitions;
  }

  of(message: MessageToProduce<Buffer, Buffer, Buffer, Buffer>): number {
    return (message.key === undefined ? this.#turn++ : defaultPartitioner(message, message.key)) % this.#partitions;
  }
}
