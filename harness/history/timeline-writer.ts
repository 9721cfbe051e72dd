// Everything in a run that is not a message, one JSON object a line, written at once.
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Clock } from '../model/clock.ts';
import type { TimelineDraft, TimelineEntry } from '../model/timeline.ts';
import { runFiles } from './segment-format.ts';
import { guarded } from './segment-writer.ts';

export class TimelineWriter implements Disposable {
  readonly #clock: Clock;
  #descriptor: number | null;

  constructor(folder: string, clock: Clock) {
    this.#clock = clock;
    this.#descriptor = guarded(() => openSync(runFiles(folder).timeline, 'a'));
  }

  /** Returns the entry with its time. After disposal nothing is written. */
  append(draft: TimelineDraft): TimelineEntry {
    const entry = { timeNs: this.#clock.nowNs(), ...draft } as TimelineEntry;
    const descriptor = this.#descriptor;
    if (descriptor !== null) guarded(() => writeSync(descriptor, `${JSON.stringify(entry)}\n`));
    return entry;
  }

  [Symbol.dispose](): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}
