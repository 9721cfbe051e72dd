// Reads what the broker holds, with another client than the one under test, and appends it to the history.
import { monotonicClock } from '../model/clock.ts';
import type { Cluster, Destination } from '../model/cluster.ts';
import { eventKinds } from '../model/event.ts';
import { decodeHeader, isCorrupted } from '../model/message.ts';
import { runFiles } from '../history/segment-format.ts';
import { SegmentWriter } from '../history/segment-writer.ts';
import type { RunContext } from './run-context.ts';

export async function audit(run: RunContext, cluster: Cluster, destination: Destination, signal: AbortSignal): Promise<string> {
  const { producer, consumer } = run.plan.scenario;
  const positions = await cluster.auditPositions(destination, signal);
  const recorder = new SegmentWriter(runFiles(run.folder).segments, { name: 'audit', role: 'audit', index: 0 }, monotonicClock(run.originNs), run.wallOriginMs);
  let records = 0;
  try {
    for await (const record of cluster.audit(destination, { subjects: [producer.driver, consumer.driver], signal })) {
      records++;
      const { partition, offset } = record;
      const header = decodeHeader(record.payload, run.plan.runTag);
      if (header === null) {
        recorder.append(eventKinds.stranger, { partition, offset });
        continue;
      }
      const fields = { producer: header.producer, sequence: header.sequence, attempt: header.attempt, partition, offset };
      recorder.append(record.deadLettered ? eventKinds.deadLettered : eventKinds.stored, fields);
      if (isCorrupted(record.payload)) recorder.append(eventKinds.corrupted, fields);
    }
  } finally {
    recorder.close();
  }
  const detail = `${records} records read from ${cluster.broker} directly`;
  run.record({ type: 'audit', conclusive: true, detail, records, positions });
  return detail;
}
