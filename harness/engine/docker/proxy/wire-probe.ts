// A connection of our own on the way that clients take: what it sends, what comes back, and how it ends. It speaks no protocol;
// the bytes come from the broker's room.
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export class WireProbe implements Disposable {
  readonly #socket: Socket;
  #connected = false;
  #received = 0;
  #end: string | null = null;
  /** Resolved, and made anew, with everything that happens. */
  #event = Promise.withResolvers<void>();

  /** @param endpoint `host:port`. Connecting goes on; a failure is an end like any other. */
  constructor(endpoint: string) {
    const separator = endpoint.lastIndexOf(':');
    this.#socket = connect({ host: endpoint.slice(0, separator), port: Number(endpoint.slice(separator + 1)), noDelay: true });
    this.#socket.on('connect', () => { this.#connected = true; });
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.length;
      this.#tell();
    });
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#ended(error.code ?? error.message));
    this.#socket.on('end', () => this.#ended('closed by the other side'));
    this.#socket.on('close', () => this.#ended('closed'));
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** Bytes that came back so far. */
  get received(): number {
    return this.#received;
  }

  /** How it ended, such as `ECONNRESET`; null while it is open. */
  get end(): string | null {
    return this.#end;
  }

  /** On a connection that has ended it does nothing. */
  send(bytes: Uint8Array): void {
    if (this.#end === null && this.#socket.writable) this.#socket.write(bytes);
  }

  /** True as soon as so many bytes have come in all; false once it has ended before, or the time is up. */
  async receives(bytes: number, withinMs: number): Promise<boolean> {
    const late = new AbortController();
    const timer = delay(withinMs, 'late' as const, { signal: late.signal }).catch(() => 'late' as const);
    while (this.#received < bytes && this.#end === null) {
      if ((await Promise.race([timer, this.#event.promise])) === 'late') break;
    }
    late.abort();
    return this.#received >= bytes;
  }

  /** True once it has ended; false when it is still open after that time. */
  async ends(withinMs: number): Promise<boolean> {
    await this.receives(Number.POSITIVE_INFINITY, withinMs);
    return this.#end !== null;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #ended(how: string): void {
    this.#end ??= how;
    this.#tell();
  }

  #tell(): void {
    this.#event.resolve();
    this.#event = Promise.withResolvers();
  }
}
