// One connection to the embedded broker, with requests that wait for their answer.
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { frameReader, frameTypes, writeFrame, type Frame, type OpenRequest } from './frames.ts';

export class MemoryConnection {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { resolve: (payload: Buffer) => void; reject: (error: Error) => void }>();
  #next = 1;
  onDeliver: (frame: Frame) => void = () => {};
  onClose: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', frameReader((frame) => this.#receive(frame)));
    socket.on('error', () => {});
    socket.on('close', () => this.#closed());
  }

  /** @throws ECONNREFUSED or ENOENT while the server is down. */
  static async open(path: string, request: OpenRequest, signal: AbortSignal): Promise<MemoryConnection> {
    const socket = createConnection(path);
    try {
      await once(socket, 'connect', { signal });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    writeFrame(socket, frameTypes.open, 0, Buffer.from(JSON.stringify(request)));
    return new MemoryConnection(socket);
  }

  get usable(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** Sends and waits for the answer's payload; rejects when the connection closes first or after `timeoutMs`. */
  request(type: number, payload: Uint8Array, timeoutMs: number): Promise<Buffer> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(id)?.reject(new MemoryError('TIMEOUT', `no answer within ${timeoutMs} ms`)), timeoutMs);
      const done = <T>(then: (value: T) => void) => (value: T) => { clearTimeout(timer); then(value); };
      this.#waiting.set(id, { resolve: done(resolve), reject: done(reject) });
      writeFrame(this.#socket, type, id, payload);
    });
  }

  send(type: number, number: number, payload?: Uint8Array): void {
    writeFrame(this.#socket, type, number, payload);
  }

  /** Resolves once the kernel has everything sent so far: it then reaches the server even if this process dies. False: the connection is gone. */
  sent(): Promise<boolean> {
    if (!this.usable) return Promise.resolve(false);
    return new Promise((resolve) => { this.#socket.write(Buffer.alloc(0), (error) => resolve(error === null || error === undefined)); });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(frame: Frame): void {
    if (frame.type === frameTypes.deliver) this.onDeliver(frame);
    else this.#settle(frame.number)?.resolve(frame.payload);
  }

  #settle(id: number) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #closed(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(new MemoryError('CONNECTION_LOST', 'the connection closed before the answer'));
    this.onClose();
  }
}

export class MemoryError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
