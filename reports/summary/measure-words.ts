// What each measure is called and what it counts, in words for people who did not run the scenario.
import type { Cause } from '../../harness/model/facts.ts';
import type { Measure } from '../../harness/model/contract.ts';

interface MeasureWords {
  readonly label: string;
  readonly meaning: string;
}

export const measureWords: Readonly<Record<Measure, MeasureWords>> = {
  lost: { label: 'lost', meaning: 'acknowledged (or handed over), never processed, and no consumer would get it any more' },
  deadLettered: { label: 'dead-lettered', meaning: 'acknowledged, never processed, and found in a dead-letter target: put aside, not lost' },
  stuck: { label: 'stuck', meaning: 'acknowledged, still owed to consumers after a complete drain, never processed' },
  unseen: { label: 'unseen', meaning: 'acknowledged, not processed, and drain or audit could not say where it is' },
  erased: { label: 'erased', meaning: 'acknowledged and no longer in the log, even if a consumer was quicker' },
  phantom: { label: 'phantom', meaning: 'delivered though no producer ever reserved it' },
  ghost: { label: 'ghost', meaning: 'delivered though every attempt to publish it failed for certain' },
  recovered: { label: 'recovered', meaning: 'outcome unknown to the producer, and stored or delivered after all' },
  unroutable: { label: 'unroutable', meaning: 'acknowledged and returned: no queue took it' },
  copies: { label: 'copies', meaning: 'one attempt stored twice, by the client library or the broker' },
  republished: { label: 'republished', meaning: 'stored more than once because the workload published it again' },
  redelivered: { label: 'redelivered', meaning: 'one stored message delivered again, flagged by the broker' },
  repeated: { label: 'repeated', meaning: 'delivered again without a flag: cause unknown' },
  processedTwice: { label: 'processed twice', meaning: 'its handler finished more than once' },
  settledUnprocessed: { label: 'settled unprocessed', meaning: 'settled with the broker, and its handler never finished' },
  duplicated: { label: 'duplicated', meaning: 'on a log: copies and republished; on a queue: processed twice' },
  reordered: { label: 'reordered', meaning: 'its place contradicts the order in which it was sent' },
  skipped: { label: 'skipped', meaning: 'a consumer’s position jumped past it' },
  rewound: { label: 'rewound', meaning: 'a consumer’s position moved back over it' },
  offsetConflicts: { label: 'offset conflicts', meaning: 'two receipts name one place, with no change of leader between them' },
  corrupted: { label: 'corrupted', meaning: 'its body does not match its checksum' },
  strangers: { label: 'strangers', meaning: 'a payload that no producer of this run wrote' },
  unavailableMs: { label: 'longest unavailability', meaning: 'of any partition, in one stretch: from the last success before a gap to sustained success' },
  failed: { label: 'failed', meaning: 'every attempt certainly did not happen' },
  indeterminate: { label: 'indeterminate', meaning: 'it may or may not have happened' },
};

export const isDuration = (measure: Measure): boolean => measure === 'unavailableMs';

export const causeMeanings: Readonly<Record<Cause, string>> = {
  broker: 'the broker gave a receipt, and the record is gone',
  client: 'the client library said success without a valid receipt, or committed what it had given to nobody',
  consumer: 'settled, passed over or rejected by a consumer, and no handler ever finished',
  policy: 'the configured policy removed it: expiry, retention, compaction, length or delivery limits',
  undecided: 'two causes overlap, or the evidence shows none',
};

export const causes: readonly Cause[] = ['broker', 'client', 'consumer', 'policy', 'undecided'];
