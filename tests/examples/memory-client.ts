// A user's client for the embedded broker, producer and consumer in one file: what the examples are for real brokers, quick enough for unit tests.
// With the argument `careless` it prints to stdout once it has published a while.
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { MemoryConnection } from '../../harness/brokers/memory/connection.ts';
import { frameTypes } from '../../harness/brokers/memory/frames.ts';
import type { FromProgram, ToProgram } from '../../harness/workload/program/messages.ts';

type Line<Type extends ToProgram['type']> = Extract<ToProgram, { readonly type: Type }>;
type Written = FromProgram extends infer Each ? (Each extends { readonly type: 'delivered' } ? Omit<Each, 'messages'> & { readonly messages: readonly { readonly payload: string; readonly redelivered: boolean }[] } : Each) : never;

const careless = process.argv.includes('careless');
const say = (line: Written): void => { process.stdout.write(`${JSON.stringify(line)}\n`); };

async function connected({ endpoints: [endpoint], destination }: Line<'hello'>): Promise<MemoryConnection> {
  const request = { queue: destination.name, answer: 'on-accept', ...destination.settings } as Parameters<typeof MemoryConnection.open>[1];
  for (;;) {
    try {
      return await MemoryConnection.open(endpoint!.host, request, AbortSignal.timeout(10_000));
    } catch {
      await delay(50);
    }
  }
}

class Producer {
  readonly #hello: Line<'hello'>;
  #connection: Promise<MemoryConnection>;
  #count = 0;

  constructor(hello: Line<'hello'>) {
    this.#hello = hello;
    this.#connection = connected(hello);
    void this.#connection.then(() => say({ type: 'ready', protocol: 1, client: 'memory client, producer' }));
  }

  take(line: ToProgram): void {
    if (line.type === 'publish') void this.#publish(line);
    else if (line.type === 'flush') say({ type: 'flushed', id: line.id });
    else if (line.type === 'close') process.exit(0);
  }

  async #publish({ id, messages }: Line<'publish'>): Promise<void> {
    if (careless && ++this.#count > 50) console.log(`published ${id}`);
    const outcomes = await Promise.all(messages.map(async ({ payload }) => {
      try {
        await (await this.#open()).request(frameTypes.publish, Buffer.from(payload, 'base64'), 1_000);
        return { outcome: 'ok' } as const;
      } catch (error) {
        return { outcome: 'info', error: { name: 'NoAnswer', message: String(error) } } as const;
      }
    }));
    say({ type: 'published', id, outcomes });
  }

  async #open(): Promise<MemoryConnection> {
    if (!(await this.#connection).usable) this.#connection = connected(this.#hello);
    return await this.#connection;
  }
}

interface Batch {
  readonly connection: MemoryConnection;
  readonly tags: readonly number[];
}

class Consumer {
  readonly #hello: Extract<Line<'hello'>, { role: 'consumer' }>;
  readonly #batches = new Map<number, Batch>();
  #next = 0;
  #ready = false;

  constructor(hello: Extract<Line<'hello'>, { role: 'consumer' }>) {
    this.#hello = hello;
    void this.#subscribe();
  }

  async #subscribe(): Promise<void> {
    const connection = await connected(this.#hello);
    connection.onDeliver = ({ number, payload }) => this.#deliver(connection, number, payload);
    connection.onClose = () => {
      say({ type: 'alive', alive: false });
      void this.#subscribe();
    };
    connection.send(frameTypes.subscribe, this.#hello.prefetch);
    if (!this.#ready) say({ type: 'ready', protocol: 1, client: 'memory client, consumer' });
    this.#ready = true;
    say({ type: 'alive', alive: true });
  }

  #deliver(connection: MemoryConnection, tag: number, payload: Buffer): void {
    const batch = this.#next++;
    this.#batches.set(batch, { connection, tags: [tag] });
    if (this.#hello.settle === 'automatic') connection.send(frameTypes.settle, tag);
    say({ type: 'delivered', batch, messages: [{ payload: payload.subarray(1).toString('base64'), redelivered: payload[0] === 1 }] });
  }

  take(line: ToProgram): void {
    if (line.type === 'close') process.exit(0);
    if (line.type === 'recorded') void this.#recorded(line);
  }

  async #recorded({ of, batch }: Line<'recorded'>): Promise<void> {
    const { settle } = this.#hello;
    if (of === 'delivered' && settle === 'before-processing') await this.#settle(batch);
    else if (of === 'delivered' || (of === 'settled' && settle === 'before-processing')) say({ type: 'processed', batch });
    else if (of === 'processed' && settle === 'after-processing') await this.#settle(batch);
  }

  async #settle(batch: number): Promise<void> {
    const { connection, tags: [tag = 0] } = this.#batches.get(batch)!;
    this.#batches.delete(batch);
    connection.send(frameTypes.settle, tag);
    if (await connection.sent()) say({ type: 'settled', batch });
    else if (this.#hello.settle === 'before-processing') say({ type: 'processed', batch });
  }
}

let program: Producer | Consumer | null = null;
createInterface({ input: process.stdin }).on('line', (text) => {
  const line = JSON.parse(text) as ToProgram;
  if (line.type === 'hello') program = line.role === 'producer' ? new Producer(line) : new Consumer(line);
  else program?.take(line);
}).on('close', () => process.exit(0));
