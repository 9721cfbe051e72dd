// The body of a worker process: one producer or one consumer, driven by commands, reporting counters only.
import type { BrokerModule, ClientContext } from '../model/broker.ts';
import { consumerCloseMs, type ConsumerClient, type SettleMode } from '../model/client.ts';
import type { BrokerName } from '../model/cluster.ts';
import { monotonicClock } from '../model/clock.ts';
import { describeError, isLeaderfallError } from '../model/errors.ts';
import { redactText } from '../model/configuration.ts';
import { crashPointOf } from '../model/fault-parameters.ts';
import { bounded } from '../model/wait.ts';
import { SegmentWriter } from '../history/segment-writer.ts';
import { createConsumerClient, createProducerClient } from './clients.ts';
import { Publisher } from './publisher.ts';
import type { WorkerCommand, WorkerCounters, WorkerReport, WorkerSetup } from './protocol.ts';
import { Receiver } from './receiver.ts';

/** How often counters are told: it bounds how late a count trigger can be seen. */
const reportEveryMs = 10;
/** A client keeps its bound by itself; one that hangs is cut off a moment later. */
const closeSlackMs = 500;
const producerTerminateMs = 2_000;
/** Of a process that was told to end, and whose client did not close in good order: it is no proof of having left. */
const leftInDisorder = 3;

export interface WorkerPort {
  send(report: WorkerReport): void;
  /** Ends the process once everything is flushed. */
  exit(code: number): void;
  /** Ends the process and those that it started by SIGKILL, at once. */
  die(): void;
}

/** What one role can be told to do. */
interface Job {
  counters(): WorkerCounters;
  command(command: WorkerCommand): Promise<void>;
  /** Resolves to whether its client closed in good order. */
  stop(graceMs: number): Promise<boolean>;
  /** For `stop`, where nobody says how long it may take. */
  readonly terminateMs: number;
}

export class Worker {
  readonly #port: WorkerPort;
  readonly #loadBroker: (name: BrokerName) => Promise<BrokerModule>;
  #recorder: SegmentWriter | null = null;
  #job: Job | null = null;
  #timer: NodeJS.Timeout | undefined;
  #last = '';

  constructor(port: WorkerPort, loadBroker: (name: BrokerName) => Promise<BrokerModule>) {
    this.#port = port;
    this.#loadBroker = loadBroker;
  }

  /** Any error ends the worker with its reason told: a worker that limps on would falsify the counts. */
  async handle(command: WorkerCommand): Promise<void> {
    try {
      if (command.type === 'setup') await this.#setUp(command.setup);
      else if (command.type === 'stop') await this.#stop(command.graceMs);
      else await this.#job?.command(command);
    } catch (error) {
      this.fail(error);
    }
  }

  /** A graceful stop, as a fault asks for it by SIGTERM. */
  async terminate(): Promise<void> {
    await this.handle({ type: 'stop', graceMs: this.#job?.terminateMs ?? 0 });
  }

  note(message: string): void {
    this.#port.send({ type: 'note', message: redactText(message) });
  }

  fail(error: unknown): void {
    const code = isLeaderfallError(error) ? error.code : 'E_WORKER_DIED';
    const { hint, detail } = isLeaderfallError(error) ? error : {};
    this.#port.send({
      type: 'failed', code, message: redactText(describeError(error)),
      ...(hint === undefined ? {} : { hint }), ...(detail === undefined ? {} : { detail: redactText(detail) }),
    });
    this.close();
    this.#port.exit(1);
  }

  /** Flushes what is recorded; safe at any time. */
  close(): void {
    clearInterval(this.#timer);
    try {
      this.#recorder?.close();
    } catch {
      // A full disk was reported when it was met; closing must not hide it.
    }
  }

  async #setUp(setup: WorkerSetup): Promise<void> {
    const clock = monotonicClock(setup.originNs);
    const recorder = new SegmentWriter(setup.segments, { name: setup.name, role: setup.role, index: setup.index }, clock, setup.wallOriginMs);
    this.#recorder = recorder;
    const broker = await this.#loadBroker(setup.connection.broker);
    const context: ClientContext = {
      connection: setup.connection,
      destination: setup.destination,
      destinationSpec: setup.destinationSpec,
      leader: setup.leader,
      index: setup.index,
      onNote: (message) => this.note(message),
    };
    this.#job = setup.role === 'producer'
      ? await producerJob(setup, context, broker, recorder, clock, this.#port)
      : await consumerJob(setup, context, broker, recorder, this.#port);
    this.#timer = setInterval(() => this.#report(), reportEveryMs);
    this.#port.send({ type: 'ready' });
  }

  #report(): void {
    if (this.#job === null) return;
    const counters = this.#job.counters();
    const text = JSON.stringify(counters);
    if (text === this.#last) return;
    this.#last = text;
    // What is told is in the file: whoever kills this process because of what it counts finds that there.
    this.#recorder?.flush();
    this.#port.send({ type: 'counters', counters });
  }

  async #stop(graceMs: number): Promise<void> {
    const inGoodOrder = await this.#job?.stop(graceMs) ?? true;
    this.#report();
    // Not in `close`, which swallows: a disk that fills up with the last events must be told.
    this.#recorder?.flush();
    this.close();
    this.#port.send({ type: 'stopped' });
    this.#port.exit(inGoodOrder ? 0 : leftInDisorder);
  }
}

const idle = { attempted: 0, acknowledged: 0, handedOver: 0, failed: 0, indeterminate: 0, outstanding: 0, delivered: 0, processed: 0, held: 0, heldUp: 0, alive: true } as const;

async function producerJob(setup: WorkerSetup, context: ClientContext, broker: BrokerModule, recorder: SegmentWriter, clock: ReturnType<typeof monotonicClock>, port: WorkerPort): Promise<Job> {
  const client = await createProducerClient(setup, context, broker);
  await client.connect(AbortSignal.timeout(20_000));
  const { count, inFlight, batch, routing, keys, ratePerSecond, resend } = setup.producer;
  const publisher = new Publisher({
    client, recorder, clock, runTag: setup.runTag, producer: setup.index, partitions: setup.destination.partitions, payloadBytes: setup.payloadBytes,
    inFlight, batch, routing, keys, ratePerSecond: ratePerSecond === null ? null : ratePerSecond / count, resend,
  });
  publisher.start();
  return {
    counters: () => ({ ...idle, ...publisher.counters }),
    command: async (command) => {
      if (command.type === 'resume') {
        port.send({ type: 'counters', counters: { ...idle, ...publisher.counters } });
        port.send({ type: 'done', id: command.id, ok: true, detail: 'traffic goes on' });
        publisher.resume();
      }
      else if (command.type === 'quiesce') port.send(await quiesced(publisher, command));
      else if (command.type === 'publish') port.send(await published(publisher, command, port));
    },
    stop: async (graceMs) => {
      await publisher.stop(graceMs);
      // What was handed over without an acknowledgement may still be on its way, and a close that overtakes it would look like the broker's loss.
      await within(client.flush(AbortSignal.timeout(2_000)), 2_000);
      await within(client[Symbol.asyncDispose](), 2_000);
      return true;
    },
    terminateMs: producerTerminateMs,
  };
}

async function quiesced(publisher: Publisher, { id, timeoutMs }: Extract<WorkerCommand, { type: 'quiesce' }>): Promise<WorkerReport> {
  try {
    await publisher.quiesce(AbortSignal.timeout(timeoutMs));
    return { type: 'done', id, ok: true, detail: 'no attempt under way' };
  } catch (error) {
    return { type: 'done', id, ok: false, detail: `${publisher.counters.outstanding} still under way after ${timeoutMs} ms (${describeError(error)})` };
  }
}

async function published(publisher: Publisher, { id, count, withinMs }: Extract<WorkerCommand, { type: 'publish' }>, port: WorkerPort): Promise<WorkerReport> {
  const { from, to, complete, ended } = await publisher.publishClosed(count, AbortSignal.timeout(withinMs));
  if (!complete && to - from === count) void ended.then((all) => { if (all) port.send({ type: 'closed-late', range: { from, to } }); });
  return { type: 'done', id, ok: complete, detail: `${to - from} of ${count} published`, range: { from, to } };
}

async function consumerJob(setup: WorkerSetup, context: ClientContext, broker: BrokerModule, recorder: SegmentWriter, port: WorkerPort): Promise<Job> {
  const client = await createConsumerClient(setup, context, broker);
  const { handlerMs, refuse, settle } = setup.consumer;
  const receiver = new Receiver({ recorder, runTag: setup.runTag, handlerMs, refuse, onNote: context.onNote, die: () => port.die() });
  if (setup.stalled) receiver.stall();
  await client.start(receiver, AbortSignal.timeout(60_000));
  return {
    counters: () => ({ ...idle, ...receiver.counters, held: receiver.held + (client.waiting?.() ?? 0), heldUp: receiver.heldUp, alive: client.alive() }),
    command: async (command) => { if ('id' in command) port.send(consumerTold(receiver, command, settle)); },
    stop: (graceMs) => closed(client, graceMs, context.onNote),
    terminateMs: consumerCloseMs,
  };
}

/** One that does not close keeps nothing that is on record from being kept: what it held the broker gives to others. */
async function closed(client: ConsumerClient, graceMs: number, onNote: (message: string) => void): Promise<boolean> {
  try {
    await bounded(client.close(graceMs), 'closing the consumer', graceMs + closeSlackMs);
    return true;
  } catch (error) {
    onNote(`it did not close in good order: ${describeError(error)}`);
    return false;
  }
}

function consumerTold(receiver: Receiver, command: Extract<WorkerCommand, { id: number }>, settle: SettleMode): WorkerReport {
  const { id, type } = command;
  if (type === 'stall') receiver.stall();
  else if (type === 'release') receiver.release();
  else if (type === 'die-between') {
    if (command.point !== crashPointOf(settle)) return { type: 'done', id, ok: false, detail: `a consumer that settles ${settle} never reaches ${command.point}` };
    receiver.dieAt(command.point);
  } else return { type: 'done', id, ok: false, detail: `a consumer cannot ${type}` };
  return { type: 'done', id, ok: true, detail: type };
}

/** A client whose broker is gone may hang in its own close; the process ends anyway. */
async function within(work: PromiseLike<void>, timeoutMs: number): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, timeoutMs).unref())]).catch(() => {});
}
