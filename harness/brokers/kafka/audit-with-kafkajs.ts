// The audit for runs whose subject is @platformatic/kafka: reads the same records with kafkajs, in a group of its own that
// commits nothing. kafkajs tells the ends by itself too, and reading stops only when every partition's end was reached.
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Batch, type Consumer } from 'kafkajs';
import type { AuditPositions, StoredRecord } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { bounded } from '../../model/wait.ts';
import { Handover } from './handover.ts';
import type { Endpoint } from './wire/link.ts';

/** Without progress for this long the audit ends with an error. */
const stuckAfterMs = 20_000;
const disconnectWithinMs = 8000;

/** What of a partition was not read yet. */
interface Behind {
  next: number;
  readonly end: number;
}

/** @throws LeaderfallError `E_TIMEOUT` when the ends are not reached, or the two libraries do not agree where they are. */
export async function* readTopicWithKafkajs(endpoints: readonly Endpoint[], topic: string, { partitions }: AuditPositions, signal: AbortSignal): AsyncGenerator<StoredRecord> {
  const kafka = new Kafka({
    clientId: 'leaderfall-audit', brokers: endpoints.map(({ host, port }) => `${host}:${port}`), logLevel: logLevel.NOTHING,
    connectionTimeout: 2000, requestTimeout: 10_000, retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 1000 },
  });
  const ends = await endsOf(kafka, topic);
  for (const { partition, end } of partitions) agree(topic, partition, end, ends.get(partition));
  const behind = new Map(partitions.filter(({ start, end }) => start < end).map(({ partition, start, end }) => [partition, { next: start, end }]));
  if (behind.size === 0) return;
  const consumer = kafka.consumer({ groupId: `leaderfall-audit-${randomUUID()}`, readUncommitted: true, maxWaitTimeInMs: 200, sessionTimeout: 30_000 });
  const batches = new Handover<Batch>();
  try {
    await consume(consumer, topic, batches);
    while (behind.size > 0) yield* recordsOf(await batches.take({ describe: `the audit to read ${topic} to its ends`, timeoutMs: stuckAfterMs, signal }), behind);
  } finally {
    batches.close();
    await bounded(consumer.disconnect(), 'disconnecting the audit', disconnectWithinMs).catch(() => {});
  }
}

function agree(topic: string, partition: number, ours: number, theirs: number | undefined): void {
  if (ours === theirs) return;
  throw new LeaderfallError('E_TIMEOUT', `The end of ${topic}/${partition} is ${ours} by one library and ${theirs ?? 'unknown'} by the other`, {
    hint: 'Something still writes to the topic, or a leader moved: run again.',
  });
}

async function endsOf(kafka: Kafka, topic: string): Promise<ReadonlyMap<number, number>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]));
  } finally {
    await bounded(admin.disconnect(), 'disconnecting the audit', disconnectWithinMs).catch(() => {});
  }
}

/** kafkajs pushes; the handover lets it read on only when a batch was taken. */
async function consume(consumer: Consumer, topic: string, batches: Handover<Batch>): Promise<void> {
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) batches.fail(payload.error);
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ autoCommit: false, eachBatch: ({ batch }) => batches.give(batch) });
}

/**
 * Each record once: a group that commits nothing reads from the start again after every rejoin. Exported for its tests.
 * @param behind partitions whose end is not reached yet; shrinks as they are.
 */
export function* recordsOf({ partition, messages }: Pick<Batch, 'partition' | 'messages'>, behind: Map<number, Behind>): Generator<StoredRecord> {
  const stretch = behind.get(partition);
  if (stretch === undefined) return;
  for (const { offset: text, value } of messages) {
    const offset = Number(text);
    if (offset < stretch.next) continue;
    if (offset >= stretch.end) break;
    stretch.next = offset + 1;
    yield { partition, offset, payload: value ?? new Uint8Array(0), redelivered: false, deadLettered: false };
  }
  if (Number(messages.at(-1)?.offset ?? -1) + 1 >= stretch.end) behind.delete(partition);
}
