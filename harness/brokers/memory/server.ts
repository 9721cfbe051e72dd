// The embedded broker's process: an in-memory queue server on a Unix socket. Everything it holds dies with it.
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { answerStatus, frameReader, frameTypes, writeFrame, type Frame, type OpenRequest } from './frames.ts';
import { MemoryQueue, type Entry, type Subscriber } from './queue.ts';
import { memoryDefects } from './spec.ts';

const [socketPath, defectsJson] = process.argv.slice(2);
const defects = memoryDefects.parse(JSON.parse(defectsJson ?? '{}'));

interface Opened {
  readonly queue: MemoryQueue;
  readonly answer: OpenRequest['answer'];
  published: number;
}
const queues = new Map<string, Opened>();

function openQueue({ queue: name, answer }: OpenRequest): Opened {
  const known = queues.get(name) ?? { queue: new MemoryQueue(defects), answer, published: 0 };
  queues.set(name, known);
  return known;
}

function serve(socket: Socket): void {
  let opened: Opened | null = null;
  let subscriber: Subscriber | null = null;
  const handle = (frame: Frame): void => {
    if (frame.type === frameTypes.open) opened = openQueue(JSON.parse(frame.payload.toString()) as OpenRequest);
    else if (opened === null || (defects.silentAfter > 0 && opened.published >= defects.silentAfter)) return;
    else if (frame.type === frameTypes.publish) publish(socket, opened, frame);
    else if (frame.type === frameTypes.subscribe) {
      subscriber = subscriberOf(socket, frame.number);
      opened.queue.subscribe(subscriber);
    } else if (frame.type === frameTypes.settle && subscriber !== null) opened.queue.settle(subscriber, frame.number);
    else if (frame.type === frameTypes.reject && subscriber !== null) opened.queue.reject(subscriber, frame.number, frame.payload[0] === 1);
    else if (frame.type === frameTypes.count) writeFrame(socket, frameTypes.counts, frame.number, Buffer.from(JSON.stringify(opened.queue.counts())));
    else if (frame.type === frameTypes.fetch) writeFrame(socket, frameTypes.fetched, frame.number, fetched(opened.queue.fetch()));
  };
  socket.on('data', frameReader(handle));
  socket.on('error', () => {});
  socket.on('close', () => {
    if (opened !== null && subscriber !== null) opened.queue.unsubscribe(subscriber);
  });
}

function publish(socket: Socket, opened: Opened, { number, payload }: Frame): void {
  const { queue, answer } = opened;
  const nth = ++opened.published;
  const mute = defects.neverConfirmsAfter > 0 && nth > defects.neverConfirmsAfter;
  const reply = (status: number) => { if (!mute) writeFrame(socket, frameTypes.answer, number, Buffer.of(status)); };
  if (defects.falseAcksEvery > 0 && nth % defects.falseAcksEvery === 0) {
    reply(answerStatus.unreceipted);
    return;
  }
  if (answer === 'on-accept') {
    queue.accept(Buffer.from(payload), null);
    reply(answerStatus.accepted);
  } else {
    queue.accept(Buffer.from(payload), () => reply(answerStatus.accepted));
  }
}

function subscriberOf(socket: Socket, prefetch: number): Subscriber {
  return {
    prefetch,
    unsettled: new Map(),
    deliver: (tag, entry) => writeFrame(socket, frameTypes.deliver, tag, Buffer.concat([Buffer.of(entry.deliveredBefore ? 1 : 0), entry.payload])),
  };
}

const fetched = (entry: Entry | null): Buffer =>
  entry === null ? Buffer.of(0) : Buffer.concat([Buffer.of(entry.deliveredBefore ? 2 : 1), entry.payload]);

// An interrupt at the terminal reaches the whole process group; ending this process is the parent's to decide.
process.on('SIGINT', () => {});
// The parent's end of this pipe closes when it dies, however it dies: neither an orphan nor its folder stays behind.
process.stdin.on('end', () => {
  rmSync(dirname(socketPath!), { recursive: true, force: true });
  process.exit(0);
}).resume();
rmSync(socketPath!, { force: true });
createServer(serve).listen(socketPath, () => console.log(`listening as process ${process.pid}`));
