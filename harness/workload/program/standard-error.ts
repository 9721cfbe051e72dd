// What a program prints to stderr: notes in the timeline, as many as are bearable, and the last lines as evidence when it fails.
import { LineReader } from './line-reader.ts';

/** Notes of one program; a program that logs every message would drown the timeline. */
const maxNotes = 200;
const maxLineBytes = 64 * 1024;
const shownCharacters = 500;
const tailLines = 20;

export class StandardError {
  readonly push: (chunk: Buffer) => void;
  /** Last words often lack their line feed. */
  readonly end: () => void;
  readonly #onNote: (message: string) => void;
  #tail: string[] = [];
  #notes = 0;

  constructor(onNote: (message: string) => void) {
    this.#onNote = onNote;
    const reader = new LineReader({ maxBytes: maxLineBytes, onLine: (line) => this.#line(line), onTooLong: (begin) => this.#line(`${begin}… (a line of more than ${maxLineBytes} bytes; nothing more is read)`) });
    this.push = (chunk) => reader.push(chunk);
    this.end = () => reader.end();
  }

  get tail(): string {
    return this.#tail.join('\n');
  }

  get last(): string | null {
    return this.#tail.at(-1) ?? null;
  }

  #line(line: string): void {
    const text = line.slice(0, shownCharacters);
    this.#tail = [...this.#tail.slice(1 - tailLines), text];
    this.#notes++;
    if (this.#notes <= maxNotes) this.#onNote(`stderr: ${text}`);
    if (this.#notes === maxNotes) this.#onNote('stderr: further lines are left out');
  }
}
