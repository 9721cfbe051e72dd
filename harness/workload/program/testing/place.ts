// A folder with the scripted program's file, and what a worker would give the program's client.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClientContext } from '../../../model/broker.ts';
import type { StoreKind } from '../../../model/cluster.ts';
import type { LeaderfallError } from '../../../model/errors.ts';
import type { ConsumerSpec, ProducerSpec, ProgramSpec } from '../../../model/scenario.ts';
import { waitUntil } from '../../../model/wait.ts';
import type { BrokerFacts } from '../hello.ts';

const script = fileURLToPath(new URL('./program.mjs', import.meta.url));

export const producerSpec: ProducerSpec = {
  driver: 'program', program: null, count: 1, inFlight: 4, batch: 1, routing: 'explicit', keys: 100, ratePerSecond: null, resend: 'never', policy: { confirms: true }, options: { color: 'blue' },
};
export const consumerSpec: ConsumerSpec = {
  driver: 'program', program: null, count: 1, start: 'steady', settle: 'after-processing', prefetch: 10, handlerMs: 0, refuse: null, policy: {}, options: {},
};

export class Place implements Disposable {
  readonly folder: string;
  readonly file: string;
  readonly notes: string[] = [];
  readonly failures: LeaderfallError[] = [];

  readonly context: ClientContext = {
    connection: { broker: 'rabbitmq', endpoints: [{ node: 'rabbitmq-1', host: '127.0.0.1', port: 5672 }] },
    destination: { name: 'orders', partitions: 1 },
    destinationSpec: { partitions: 1, settings: { type: 'quorum' } },
    leader: 'rabbitmq-1',
    index: 0,
    onNote: (message) => { this.notes.push(message); },
  };

  constructor(folder = mkdtempSync(join(tmpdir(), 'leaderfall-program-'))) {
    this.folder = folder;
    this.file = join(folder, 'ledger');
  }

  readonly onFailure = (error: LeaderfallError): void => { this.failures.push(error); };

  program(...habits: readonly string[]): ProgramSpec {
    return { command: [process.execPath, script, this.file, ...habits], folder: this.folder, environment: {} };
  }

  broker(store: StoreKind = 'queue', acknowledges = true): BrokerFacts {
    return { acknowledges: () => acknowledges, storeKind: () => store };
  }

  fill(payloads: readonly Uint8Array[]): void {
    writeFileSync(this.file, payloads.map((payload) => `${Buffer.from(payload).toString('base64')}\n`).join(''));
  }

  /** Lines of the program's file. */
  get ledger(): readonly string[] {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8').split('\n').filter(Boolean) : [];
  }

  told(word: string): readonly string[] {
    return this.ledger.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  }

  /** For what must not happen: long enough for a program that would do it, on a busy machine too. */
  async quietly(): Promise<void> {
    await delay(150);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const until = (describe: string, holds: () => boolean, seen: () => unknown = () => 'not yet'): Promise<undefined> =>
  waitUntil(async () => (holds() ? { done: true, value: undefined } : { done: false, seen: JSON.stringify(seen()) }), { describe, timeoutMs: 10_000, intervalMs: 5, signal: new AbortController().signal });

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return stateOf(pid) !== 'Z';
  } catch {
    return false;
  }
}

/** As proc(5) names it: T is stopped, Z has ended and nobody has waited for it yet. */
export const stateOf = (pid: number): string => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
