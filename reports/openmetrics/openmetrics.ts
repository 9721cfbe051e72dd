// `metrics.txt`: what a time-series database keeps of a run. Few labels, base units, no message ids.
import type { Facts, MeasureFact } from '../../harness/model/facts.ts';
import type { Share } from '../../harness/model/repetitions.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { familyOutcomes, familyTallies, outcomeWords } from '../summary/families.ts';
import { isDuration } from '../summary/measure-words.ts';
import { quantityOf } from '../summary/quantity.ts';
import { versionOf } from '../summary/versions.ts';
import { writeFamilies, type Family, type Labels, type Sample } from './families.ts';

const runVerdicts = ['upheld', 'violated', 'inconclusive', 'failed', 'interrupted'] as const;
const suiteVerdicts = ['upheld', 'violated', 'inconclusive', 'usage', 'environment', 'internal', 'interrupted'] as const;

export function renderSuiteMetrics(suite: SuiteRecord): string {
  const verdict: Family = {
    name: 'leaderfall_suite_verdict', type: 'gauge', help: 'One for the verdict over all scenarios, zero for the others.',
    samples: suiteVerdicts.map((name) => ({ labels: { verdict: name }, value: suite.verdict === name ? 1 : 0 })),
  };
  const duration = secondsFamily('leaderfall_suite_duration_seconds', 'How long the suite took.', [{ labels: {}, value: suite.durationMs / 1000 }]);
  return writeFamilies([verdict, duration, faultFamilyRuns(suite), ...repetitionFamilies(suite), ...runFamilies(suite.runs)]);
}

const faultFamilyRuns = (suite: SuiteRecord): Family => ({
  name: 'leaderfall_family_runs', type: 'gauge', help: 'Runs by the family of their faults and how they came out; one with faults of several families counts in each.',
  samples: familyTallies(suite).flatMap(({ family, outcomes }) => familyOutcomes.map((outcome) => ({ labels: { family, outcome: outcomeWords[outcome].replace(' ', '_') }, value: outcomes[outcome] }))),
});

const repeatedVerdicts = ['upheld', 'violated', 'inconclusive'] as const;

/** Over the repetitions of a scenario; without any, no family. */
function repetitionFamilies({ repetitions = [] }: SuiteRecord): readonly Family[] {
  const of = (value: (share: Share) => number): readonly Sample[] => repetitions.flatMap(({ scenario, version, verdicts }) => repeatedVerdicts.map((verdict) => ({ labels: { scenario, version, verdict }, value: value(verdicts[verdict]) })));
  return [
    { name: 'leaderfall_repetitions', type: 'gauge', help: 'Judged runs of a repeated scenario by verdict.', samples: of(({ count }) => count) },
    { name: 'leaderfall_repetitions_low', type: 'gauge', help: 'Lower end of the 95 % interval of the share of a verdict, 0 to 1.', samples: of(({ low }) => low) },
    { name: 'leaderfall_repetitions_high', type: 'gauge', help: 'Upper end of the 95 % interval of the share of a verdict, 0 to 1.', samples: of(({ high }) => high) },
  ];
}

export const renderRunMetrics = (run: RunRecord): string => writeFamilies(runFamilies([run]));

const secondsFamily = (name: string, help: string, samples: readonly Sample[]): Family => ({ name, type: 'gauge', unit: 'seconds', help, samples });

const labelsOf = (run: RunRecord): Labels => ({ scenario: run.scenario.name, version: versionOf(run), repetition: String(run.repetition) });

function runFamilies(runs: readonly RunRecord[]): readonly Family[] {
  const ofRuns = (samples: (run: RunRecord, labels: Labels) => readonly Sample[]): readonly Sample[] => runs.flatMap((run) => samples(run, labelsOf(run)));
  const ofFacts: OfFacts = (samples) => ofRuns((run, labels) => (run.facts === null ? [] : samples(run.facts, labels, run)));
  return [
    { name: 'leaderfall_run', type: 'info', help: 'What ran.', samples: ofRuns(infoSamples) },
    { name: 'leaderfall_run_verdict', type: 'gauge', help: 'One for how the run came out, zero for the others.', samples: ofRuns(verdictSamples) },
    secondsFamily('leaderfall_run_duration_seconds', 'How long the run took.', ofRuns((run, labels) => [{ labels, value: run.durationMs / 1000 }])),
    ...factFamilies(ofFacts),
  ];
}

type OfFacts = (samples: (facts: Facts, labels: Labels, run: RunRecord) => readonly Sample[]) => readonly Sample[];

function factFamilies(ofFacts: OfFacts): readonly Family[] {
  return [
    { name: 'leaderfall_messages', type: 'gauge', help: 'Messages by outcome.', samples: ofFacts(outcomeSamples) },
    { name: 'leaderfall_accounted_messages', type: 'gauge', help: 'Acknowledged (or handed over) messages by where they are; the states add up to the base. No sample for a state that is not known.', samples: ofFacts(accountingSamples) },
    { name: 'leaderfall_lost_messages', type: 'gauge', help: 'Lost messages by cause, where it is known how many were lost.', samples: ofFacts(({ attribution }, labels, run) => (quantityOf(run, 'lost')?.certainty === 'exact' ? Object.entries(attribution) : []).map(([cause, value]) => ({ labels: { ...labels, cause }, value }))) },
    { name: 'leaderfall_measure', type: 'gauge', help: 'Every count that a contract may speak of, where it is the whole truth.', samples: ofFacts(measureSamples('exact')) },
    { name: 'leaderfall_measure_least', type: 'gauge', help: 'What a count is at least, where more is not known.', samples: ofFacts(measureSamples('at-least')) },
    secondsFamily('leaderfall_unavailable_seconds', 'Longest single stretch without sustained success, of any partition; no sample where it is not known for certain.', ofFacts(unavailableSamples('exact'))),
    secondsFamily('leaderfall_unavailable_least_seconds', 'What that stretch was at least, where more is not known.', ofFacts(unavailableSamples('at-least'))),
    secondsFamily('leaderfall_fault_recovery_seconds', 'From the strike to sustained success, 0 where publishing was not interrupted; no sample where that never came.', ofFacts((facts, labels) => faultSamples(facts, labels, 'timeToRecoverMs'))),
    secondsFamily('leaderfall_fault_detection_seconds', 'From the strike to the first attempt that felt it.', ofFacts((facts, labels) => faultSamples(facts, labels, 'timeToDetectMs'))),
    secondsFamily('leaderfall_fault_redundancy_seconds', 'From the strike to full redundancy.', ofFacts((facts, labels) => faultSamples(facts, labels, 'timeToRedundancyMs'))),
    secondsFamily('leaderfall_partition_detection_seconds', 'From the strike to the first attempt on the partition that felt it.', ofFacts((facts, labels) => partitionSamples(facts, labels, 'timeToDetectMs'))),
    secondsFamily('leaderfall_partition_recovery_seconds', 'From the strike to sustained success on the partition, 0 where publishing was not interrupted; no sample where that never came.', ofFacts((facts, labels) => partitionSamples(facts, labels, 'timeToRecoverMs'))),
    secondsFamily('leaderfall_partition_redundancy_seconds', 'From the strike to full redundancy of the partition.', ofFacts((facts, labels) => partitionSamples(facts, labels, 'timeToRedundancyMs'))),
    { name: 'leaderfall_partition_survivable', type: 'gauge', help: 'One where the replicas that were left were as many as the policy needs, zero where they were not; no sample where that is not known.', samples: ofFacts(survivableSamples) },
    { name: 'leaderfall_unavailable_windows', type: 'gauge', help: 'Stretches without sustained success, over all partitions, by what the replication could survive.', samples: ofFacts(windowSamples) },
    secondsFamily('leaderfall_fault_delay_seconds', 'From the trigger to the strike.', ofFacts((facts, labels) => faultSamples(facts, labels, 'delayMs'))),
    { name: 'leaderfall_acknowledge_latency_seconds', type: 'summary', unit: 'seconds', help: 'From the first attempt of a message to its first acknowledgement.', samples: ofFacts(latencySamples) },
  ];
}

const infoSamples = (run: RunRecord, labels: Labels): readonly Sample[] => [
  { suffix: '_info', labels: { ...labels, broker: run.scenario.cluster.broker, broker_version: run.environment.brokerVersion, leaderfall: run.leaderfall }, value: 1 },
];

function verdictSamples(run: RunRecord, labels: Labels): readonly Sample[] {
  const verdict = run.status === 'completed' ? run.judgement.verdict : run.status;
  return runVerdicts.map((name) => ({ labels: { ...labels, verdict: name }, value: verdict === name ? 1 : 0 }));
}

function outcomeSamples({ totals }: Facts, labels: Labels): readonly Sample[] {
  const values = { attempted: totals.attempted, acknowledged: totals.acknowledged, handed_over: totals.handedOver, failed: totals.failed, indeterminate: totals.indeterminate, delivered: totals.deliveredIds, processed: totals.processedIds };
  return Object.entries(values).map(([outcome, value]) => ({ labels: { ...labels, outcome }, value }));
}

/** Words of the format: lower case, with underscores. */
const states = { processed: 'processed', deadLettered: 'dead_lettered', stuck: 'stuck', lost: 'lost', unseen: 'unseen' } as const;

function accountingSamples({ accounting }: Facts, labels: Labels, run: RunRecord): readonly Sample[] {
  const names = Object.keys(states) as (keyof typeof states)[];
  const known = names.filter((name) => name === 'processed' || name === 'unseen' || (quantityOf(run, name)?.certainty ?? 'exact') === 'exact');
  return known.map((name) => ({ labels: { ...labels, state: states[name] }, value: accounting[name] }));
}

type Certainty = 'exact' | 'at-least';

/** A zero that is not known to be one is no sample. */
const measuresKnown = ({ measures }: Facts, run: RunRecord, certainty: Certainty): readonly MeasureFact[] => measures.filter(({ measure }) => quantityOf(run, measure)?.certainty === certainty);

const measureSamples = (certainty: Certainty) => (facts: Facts, labels: Labels, run: RunRecord): readonly Sample[] =>
  measuresKnown(facts, run, certainty).filter(({ measure }) => !isDuration(measure)).map(({ measure, count }) => ({ labels: { ...labels, measure }, value: count }));

const unavailableSamples = (certainty: Certainty) => (facts: Facts, labels: Labels, run: RunRecord): readonly Sample[] =>
  measuresKnown(facts, run, certainty).filter(({ measure }) => isDuration(measure)).map(({ count }) => ({ labels, value: count / 1000 }));

function faultSamples({ faults }: Facts, labels: Labels, field: 'timeToRecoverMs' | 'timeToDetectMs' | 'timeToRedundancyMs' | 'delayMs'): readonly Sample[] {
  return faults.flatMap((fault) => (fault[field] === null ? [] : [{ labels: { ...labels, fault: fault.id }, value: fault[field] / 1000 }]));
}

/** One for each partition of each fault. */
function partitionSamples({ faults }: Facts, labels: Labels, field: 'timeToRecoverMs' | 'timeToDetectMs' | 'timeToRedundancyMs'): readonly Sample[] {
  return faults.flatMap(({ id, partitions }) => partitions.flatMap((each) => (each[field] === null ? [] : [{ labels: { ...labels, fault: id, partition: String(each.partition) }, value: each[field] / 1000 }])));
}

const survivableSamples = ({ faults }: Facts, labels: Labels): readonly Sample[] => faults.flatMap(({ id, partitions }) =>
  partitions.flatMap(({ partition, survivable }) => (survivable === null ? [] : [{ labels: { ...labels, fault: id, partition: String(partition) }, value: Number(survivable) }])));

const survivals = [['survivable', true], ['beyond', false], ['unknown', null]] as const;

const windowSamples = ({ unavailable }: Facts, labels: Labels): readonly Sample[] =>
  survivals.map(([survival, survivable]) => ({ labels: { ...labels, survival }, value: unavailable.filter((window) => window.survivable === survivable).length }));

function latencySamples({ acknowledgeLatency }: Facts, labels: Labels): readonly Sample[] {
  if (acknowledgeLatency === null) return [];
  const { p50Ms, p95Ms, p99Ms, maxMs, count } = acknowledgeLatency;
  const quantiles = [['0.5', p50Ms], ['0.95', p95Ms], ['0.99', p99Ms], ['1.0', maxMs]] as const;
  return [...quantiles.map(([quantile, valueMs]) => ({ labels: { ...labels, quantile }, value: valueMs / 1000 })), { suffix: '_count', labels, value: count }];
}
