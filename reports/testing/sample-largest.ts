// A record in which everything that a report shows is as much as it can be. Deterministic; for tests only. A real history of a million messages is in tests/unit.
import { measures } from '../../harness/model/contract.ts';
import { exampleLimit, survivorLimit, type Example, type LatencyOverTime } from '../../harness/model/facts.ts';
import { formatMessageId } from '../../harness/model/message.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import type { Story } from '../../harness/model/story.ts';
import { sampleFault, sampleWindow } from './sample-facts.ts';
import { violatedRun } from './sample-records.ts';

const durationMs = 600_000;
const partitions = 24;
const each = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({ length: count }, (_, index) => make(index));

const latency = (times: number): LatencyOverTime => {
  const column = (factor: number) => each(240, (bin) => Number((factor * times * (1 + Math.sin(bin))).toFixed(3)) + 0.1);
  const part = { count: 300_000, p50Ms: 1, p95Ms: 3, p99Ms: 7, maxMs: 3_412 };
  return { binMs: 2_500, fromMs: 0, count: each(240, () => 4_000), p50Ms: column(1), p95Ms: column(3), p99Ms: column(7), maxMs: column(40), before: part, during: part, after: part };
};

const example = (measure: number, index: number): Example => {
  const sentMs = (measure * exampleLimit + index) * 1_000;
  return { producer: measure, sequence: index * 1_000, cause: 'broker', sentMs, partition: index, story: `sent at ${(sentMs / 1000).toFixed(3)} s; acknowledged at ${((sentMs + 4) / 1000).toFixed(3)} s (partition ${index}, offset ${index}); delivered 7 times between ${((sentMs + 9) / 1000).toFixed(3)} s and ${((sentMs + 900) / 1000).toFixed(3)} s; not in the log` };
};

const story = ({ producer, sequence, sentMs, partition }: Example): Story => ({
  exposed: 'one of the 40000 messages of a closed publish, exposed to the fault that followed',
  chapters: each(13, (index) => ({ timeMs: sentMs! + index, of: index % 5 === 4 ? 'leader' : 'message', words: index % 5 === 4 ? `leader of partition ${partition}: rabbitmq-1 → rabbitmq-2` : `delivered, flagged as a repetition to consumer-1, partition ${partition}, offset ${index}`, leader: index % 5 === 4 ? null : 'rabbitmq-2' })),
  neighbours: each(2, (index) => ({ producer, sequence: sequence + index, summary: 'sent at 1.000 s; acknowledged at 1.004 s (partition 1, offset 2); delivered at 1.010 s; processed at 1.011 s; in the log (partition 1, offset 2)' })), leftOut: 400,
});

export function largestRun(): RunRecord {
  const facts = violatedRun.facts!;
  const wave = (height: number) => each(durationMs / 100, (bin) => Math.round(height * (1 + Math.sin(bin / 9))));
  const found = measures.map((measure, index) => ({ measure, count: 40_000, conclusive: true, reasons: [], examples: each(exampleLimit, (number) => example(index, number)) }));
  const survivors = each(survivorLimit, (number) => example(measures.length, number));
  const faults = each(12, (index) => sampleFault({ id: `fault-${index}`, nodes: ['rabbitmq-2'], triggerMs: index * 40_000, beginMs: index * 40_000 + 10, struckMs: index * 40_000 + 90, healMs: index * 40_000 + 9_000, healedMs: index * 40_000 + 12_000 }));
  return {
    ...violatedRun, runId: 'largest', durationMs, phases: [{ phase: 'chaos', beginMs: 0, endMs: durationMs, ok: true, detail: '' }],
    facts: {
      ...facts, storeKind: 'log', faults, acknowledgeOverTime: latency(1), endToEndOverTime: latency(3), unavailable: each(200, (index) => ({ ...sampleWindow(index * 3_000, index * 3_000 + 900), partition: index % partitions })),
      accounting: { ...facts.accounting, baseCount: 1_000_000, processed: 999_988 },
      series: { binMs: 100, acknowledged: wave(160), delivered: wave(170), failed: wave(3), indeterminate: wave(2) },
      measures: found, survivors: { count: 900_000, examples: survivors },
      stories: Object.fromEntries([...found.flatMap(({ examples }) => examples), ...survivors].map((one) => [formatMessageId(one), story(one)])),
      leaderChanges: each(500, (index) => ({ timeMs: index * 1_200, partition: index % partitions, from: 'rabbitmq-1', to: 'rabbitmq-2' })),
      replicas: each(2_000, (index) => ({ timeMs: index * 300, partition: index % partitions, leader: `rabbitmq-${1 + (index % 3)}`, inSync: ['rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3'].slice(index % 3) })),
      fateMap: { binMs: 5_000, fromMs: 0, bins: 120, unsent: 0, rows: each(partitions, (partition) => ({ partitions: [partition], cells: each(120, (bin) => ({ bin, counts: { lost: 1 + (bin % 7), repeated: 40, processed: 300 } })) })) },
      errors: each(200, (index) => ({ worker: `producer-${index}`, name: 'ECONNRESET', message: 'read ECONNRESET', count: index + 1 })),
    },
  };
}
