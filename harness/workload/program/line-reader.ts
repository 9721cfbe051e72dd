// Cuts a byte stream into lines, each no longer than a limit: a program that never ends its line cannot fill the memory.

export interface LineReaderOptions {
  readonly maxBytes: number;
  readonly onLine: (line: string) => void;
  /** A line grew beyond the limit; nothing more is read. */
  readonly onTooLong: (begin: string) => void;
}

export interface LineReader {
  readonly push: (chunk: Buffer) => void;
  /** What came after the last line feed, at the stream's end. */
  readonly end: () => void;
}

const shownBytes = 200;

export function lineReader({ maxBytes, onLine, onTooLong }: LineReaderOptions): LineReader {
  let parts: Buffer[] = [];
  let bytes = 0;
  let broken = false;
  const take = (): void => {
    const line = Buffer.concat(parts).toString('utf8').trim();
    parts = [];
    bytes = 0;
    if (line !== '') onLine(line);
  };
  const add = (part: Buffer): void => {
    parts.push(part);
    bytes += part.length;
    if (bytes <= maxBytes) return;
    broken = true;
    onTooLong(Buffer.concat(parts).toString('utf8', 0, shownBytes));
    parts = [];
  };
  return {
    push(chunk) {
      for (let from = 0; from < chunk.length && !broken; ) {
        const feed = chunk.indexOf(10, from);
        add(chunk.subarray(from, feed === -1 ? chunk.length : feed));
        if (feed === -1) return;
        if (!broken) take();
        from = feed + 1;
      }
    },
    end() {
      if (!broken && bytes > 0) take();
    },
  };
}
