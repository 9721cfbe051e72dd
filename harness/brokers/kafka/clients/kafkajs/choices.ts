// Remembers what kafkajs' partitioner chose for each message. kafkajs asks it again at every retry, and for a message
// without a key it then chooses another partition: that message has wavered.
import type { ICustomPartitioner, Message } from 'kafkajs';

export class Choices {
  /** null: more than one. */
  readonly #chosen = new WeakMap<Message, number | null>();
  readonly createPartitioner: ICustomPartitioner;

  constructor(createPartitioner: ICustomPartitioner) {
    this.createPartitioner = () => {
      const choose = createPartitioner();
      return (asked) => this.#remember(asked.message, choose(asked));
    };
  }

  /** null: none yet, or more than one. */
  of(message: Message): number | null {
    return this.#chosen.get(message) ?? null;
  }

  wavered(message: Message): boolean {
    return this.#chosen.get(message) === null;
  }

  #remember(message: Message, partition: number): number {
    const before = this.#chosen.get(message);
    this.#chosen.set(message, before === undefined || before === partition ? partition : null);
    return partition;
  }
}
