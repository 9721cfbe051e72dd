// A queue server of the tests' own, in the embedded broker's wire format, that keeps a ledger of everything that reached it.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerStatus, frameReader, frameTypes, writeFrame } from '../../brokers/memory/frames.ts';
import { decodeHeader, formatMessageId } from '../../model/message.ts';

export class LedgerServer implements AsyncDisposable {
  readonly path: string;
  /** Every publish that arrived, in order. */
  readonly received: Buffer[] = [];
  /** Ids that were answered. */
  readonly answered = new Set<string>();
  readonly settled = new Set<string>();
  /** Deliveries of messages that had been delivered before. */
  redeliveries = 0;
  readonly #runTag: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #queue: { payload: Buffer; delivered: boolean }[] = [];

  private constructor(runTag: string) {
    this.#runTag = runTag;
    this.#folder = mkdtempSync(join(tmpdir(), 'leaderfall-ledger-'));
    this.path = join(this.#folder, 'ledger.sock');
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(runTag: string): Promise<LedgerServer> {
    const server = new LedgerServer(runTag);
    await new Promise<void>((resolve) => { server.#server.listen(server.path, resolve); });
    return server;
  }

  enqueue(payload: Buffer): void {
    this.#queue.push({ payload, delivered: false });
  }

  get unsettled(): number {
    return this.#queue.length;
  }

  idOf(payload: Buffer): string {
    return formatMessageId(decodeHeader(payload, this.#runTag)!);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => { this.#server.close(() => resolve()); });
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const outstanding = new Map<number, { payload: Buffer; delivered: boolean }>();
    let prefetch = 0;
    let tag = 0;
    const dispatch = () => {
      for (const entry of this.#queue) {
        if (outstanding.size >= prefetch) return;
        if ([...outstanding.values()].includes(entry)) continue;
        if (entry.delivered) this.redeliveries++;
        outstanding.set(++tag, entry);
        writeFrame(socket, frameTypes.deliver, tag, Buffer.concat([Buffer.of(entry.delivered ? 1 : 0), entry.payload]));
        entry.delivered = true;
      }
    };
    socket.on('data', frameReader(({ type, number, payload }) => {
      if (type === frameTypes.publish) {
        this.received.push(Buffer.from(payload));
        this.answered.add(this.idOf(Buffer.from(payload)));
        writeFrame(socket, frameTypes.answer, number, Buffer.of(answerStatus.accepted));
      } else if (type === frameTypes.subscribe) {
        prefetch = number;
        dispatch();
      } else if (type === frameTypes.settle) {
        const entry = outstanding.get(number)!;
        outstanding.delete(number);
        this.settled.add(this.idOf(entry.payload));
        this.#queue.splice(this.#queue.indexOf(entry), 1);
        dispatch();
      }
    }));
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
