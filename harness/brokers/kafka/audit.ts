// Reads a topic from its first to its last readable record without a group, with a driver other than the one under test.
// Isolation: read uncommitted, for the audit is about what the log holds. It never ends early in silence.
import { fetchV12, type RecordsBatch } from '@platformatic/kafka';
import type { AuditPositions, StoredRecord } from '../../model/cluster.ts';
import { waitUntil } from '../../model/wait.ts';
import { metadataOf, partitionsOf } from './topology.ts';
import { codeName, codes } from './wire/codes.ts';
import type { Link } from './wire/link.ts';
import type { Wire } from './wire/wire.ts';

const readUncommitted = 0;
const bytesPerFetch = 4 * 1024 * 1024;
const controlBatch = 1 << 5;
/** A fetch without progress for this long ends the audit with an error. */
const stuckAfterMs = 20_000;

interface Stretch {
  readonly topic: string;
  readonly partition: number;
  readonly start: number;
  readonly end: number;
}

export async function* readTopic(wire: Wire, topic: string, positions: AuditPositions, signal: AbortSignal): AsyncGenerator<StoredRecord> {
  for (const { partition, start, end } of positions.partitions) yield* readPartition(wire, { topic, partition, start, end }, signal);
}

/** The next stretch is under way while the caller handles this one. */
async function* readPartition(wire: Wire, stretch: Stretch, signal: AbortSignal): AsyncGenerator<StoredRecord> {
  let position = stretch.start;
  let pending = position < stretch.end ? fetchFrom(wire, stretch, position, signal) : null;
  while (pending !== null) {
    const batches: readonly RecordsBatch[] = await pending;
    const from = position;
    position = batches.reduce((next, batch) => Math.max(next, Number(batch.firstOffset) + batch.lastOffsetDelta + 1), position);
    pending = position < stretch.end ? fetchFrom(wire, stretch, position, signal) : null;
    pending?.catch(() => {}); // Awaited above in the next turn; a caller that stops early must not crash the process.
    for (const batch of batches) yield* recordsOf(batch, stretch, from);
  }
}

function* recordsOf(batch: RecordsBatch, { partition, end }: Stretch, from: number): Generator<StoredRecord> {
  if ((batch.attributes & controlBatch) !== 0) return;
  const first = Number(batch.firstOffset);
  for (const record of batch.records) {
    const offset = first + record.offsetDelta;
    if (offset < from || offset >= end) continue;
    yield { partition, offset, payload: record.value ?? new Uint8Array(0), redelivered: false, deadLettered: false };
  }
}

/** @throws LeaderfallError `E_TIMEOUT` when nothing at that offset can be read in time. */
function fetchFrom(wire: Wire, stretch: Stretch, position: number, signal: AbortSignal): Promise<readonly RecordsBatch[]> {
  const { topic, partition, end } = stretch;
  return waitUntil(async () => {
    const link = await leaderLink(wire, topic, partition, signal);
    const answer = await ask(link, topic, partition, position);
    const last = answer?.records?.at(-1);
    if (answer === undefined || answer.errorCode !== codes.none) return { done: false, seen: `${link.node} answers ${codeName(answer?.errorCode ?? -1)}` };
    const reached = last === undefined ? position : Number(last.firstOffset) + last.lastOffsetDelta + 1;
    if (reached <= position) return { done: false, seen: `${link.node} has nothing readable there, high watermark ${answer.highWatermark}` };
    return { done: true, value: answer.records ?? [] };
  }, { describe: `the audit to read ${topic}/${partition} from offset ${position} to ${end}`, timeoutMs: stuckAfterMs, signal });
}

async function leaderLink(wire: Wire, topic: string, partition: number, signal: AbortSignal): Promise<Link> {
  const metadata = await wire.any('admin', `tell the leader of ${topic}/${partition}`, signal, (link) => metadataOf(link, [topic]));
  const leader = partitionsOf(metadata, topic).find((each) => each.partition === partition)?.leader ?? null;
  if (leader === null) throw new Error(`${topic}/${partition} has no leader`);
  return wire.link(leader, 'read');
}

async function ask(link: Link, topic: string, partition: number, position: number): Promise<fetchV12.FetchResponsePartition | undefined> {
  const question = { partition, currentLeaderEpoch: -1, fetchOffset: BigInt(position), lastFetchedEpoch: -1, partitionMaxBytes: bytesPerFetch };
  // Version 12 is the last to name topics; the library calls the field `topicId` in every version.
  const answer = await link.ask(fetchV12.api, 200, 1, bytesPerFetch, readUncommitted, 0, -1, [{ topicId: topic, partitions: [question] }], [], '');
  return answer.responses[0]?.partitions[0];
}
