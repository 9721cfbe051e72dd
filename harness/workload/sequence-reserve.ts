// Sequence numbers are on disk before they are used: a send that outlives its process is no phantom.
import type { Recorder } from '../history/segment-writer.ts';
import { eventKinds } from '../model/event.ts';

/** Small enough that a killed worker leaves few ids that were never sent, large enough to cost nothing. */
const blockSize = 512;

export class SequenceReserve {
  readonly #recorder: Recorder;
  readonly #producer: number;
  #next = 0;
  #end = 0;

  constructor(recorder: Recorder, producer: number) {
    this.#recorder = recorder;
    this.#producer = producer;
  }

  /** The sequence that `take` gives next. */
  get next(): number {
    return this.#next;
  }

  take(): number {
    if (this.#next === this.#end) {
      this.#recorder.append(eventKinds.reserved, { producer: this.#producer, sequence: this.#end, offset: blockSize });
      this.#recorder.flush();
      this.#end += blockSize;
    }
    return this.#next++;
  }

  /** Gives back what was reserved and certainly never sent. Nothing may be taken afterwards. */
  release(): void {
    if (this.#next === this.#end) return;
    this.#recorder.append(eventKinds.released, { producer: this.#producer, sequence: this.#next, offset: this.#end - this.#next });
    this.#next = this.#end;
  }
}
