// Cuts a byte stream into lines, each no longer than a limit: a program that never ends its line cannot fill the memory.

export interface LineReaderOptions {
  readonly maxBytes: number;
  readonly onLine: (line: string) => void;
  /** A line grew beyond the limit; nothing more is read. */
  readonly onTooLong: (begin: string) => void;
}

const lineFeed = 10;
const shownBytes = 200;

export class LineReader {
  readonly #options: LineReaderOptions;
  #parts: Buffer[] = [];
  #bytes = 0;
  #broken = false;

  constructor(options: LineReaderOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    for (let feed = rest.indexOf(lineFeed); feed !== -1 && !this.#broken; feed = rest.indexOf(lineFeed)) {
      this.#add(rest.subarray(0, feed));
      this.#take();
      rest = rest.subarray(feed + 1);
    }
    this.#add(rest);
  }

  /** At the stream's end: what came after the last line feed is a line too. */
  end(): void {
    this.#take();
  }

  #add(part: Buffer): void {
    if (this.#broken || part.length === 0) return;
    this.#parts.push(part);
    this.#bytes += part.length;
    if (this.#bytes <= this.#options.maxBytes) return;
    this.#broken = true;
    this.#options.onTooLong(Buffer.concat(this.#parts).toString('utf8', 0, shownBytes));
  }

  #take(): void {
    if (this.#broken) return;
    const line = Buffer.concat(this.#parts).toString('utf8').trim();
    this.#parts = [];
    this.#bytes = 0;
    if (line !== '') this.#options.onLine(line);
  }
}
