// Reads what the engine streams while it pulls, imports or builds: one JSON object a line, in chunks that know no lines.
import { createInterface } from 'node:readline';

export interface EngineMessage {
  /** Build output. */
  readonly stream?: string;
  /** Pull or import state, with the layer it is about in `id`. */
  readonly status?: string;
  readonly id?: string;
  /** The operation has failed; nothing follows. */
  readonly error?: string;
}

/** The engine's own words for why a pull, import or build failed. */
export class EngineStreamError extends Error {
  override readonly name = 'EngineStreamError';
}

/** @throws EngineStreamError when the engine reports a failure; the abort error when the signal that the request had fires. */
export async function* readEngineStream(stream: NodeJS.ReadableStream): AsyncGenerator<EngineMessage> {
  // readline swallows the stream's own error (an abort, a lost engine), and iteration would end as if all were well.
  const failed = new Promise<never>((_, reject) => stream.once('error', reject));
  failed.catch(() => {});
  const lines = createInterface({ input: stream, crlfDelay: Infinity })[Symbol.asyncIterator]();
  for (;;) {
    const line = await Promise.race([lines.next(), failed]);
    if (line.done) return;
    if (line.value.trim() === '') continue;
    const message = JSON.parse(line.value) as EngineMessage;
    if (message.error !== undefined) throw new EngineStreamError(message.error);
    yield message;
  }
}
