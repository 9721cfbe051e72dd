// Facts from a sealed history: complete counts, no judgement. One pass into columns, then walks over the columns;
// the history is read a second time only to tell the stories of examples, of their neighbours, and of some that survived.
import type { Measure } from '../model/contract.ts';
import { measures } from '../model/contract.ts';
import { invariant } from '../model/errors.ts';
import type { ErrorCount, Example, Facts, MeasureFact } from '../model/facts.ts';
import type { HistorySource } from '../model/history.ts';
import { formatMessageId } from '../model/message.ts';
import { attribute, causeOf, type Evidence as CauseEvidence } from './attribution.ts';
import { availabilityReasons, findUnavailable, type Availability } from './availability.ts';
import { certaintyOf, type Completeness, type Doubts } from './certainty.ts';
import { circumstancesOf, clientChooses, keepingPolicyOf, unroutableComeBack } from './circumstances.ts';
import { accountForAll, type Delivery } from './delivery.ts';
import { countDeliveries } from './delivery-counts.ts';
import { findDuplicates } from './duplication.ts';
import { neighboursOf, survivorsOf, tellStories } from './embedded-stories.ts';
import { compareExposed, findExposures } from './exposure.ts';
import { findFates, placeOf, whereabouts, type Fates } from './fate-map.ts';
import { FaultTimes } from './fault-facts.ts';
import { Findings, type Finding } from './findings.ts';
import { findJumps, findReordered } from './ordering.ts';
import { replicaStates } from './replica-states.ts';
import { toSeries } from './series.ts';
import { Retention } from './retention.ts';
import { conflictsOf } from './client-truth.ts';
import { collectEvidence, tell } from './stories.ts';
import { storyWorldOf } from './story-chapters.ts';
import { Tally } from './tally.ts';
import { readTimeline, toMs, type TimelineFacts } from './timeline-facts.ts';

interface Checked {
  readonly source: HistorySource;
  readonly timeline: TimelineFacts;
  readonly tally: Tally;
  readonly findings: Findings;
  readonly delivery: Delivery;
  readonly availability: Availability;
  readonly completeness: Completeness;
  /** Why the count of what was reordered is a lower bound. */
  readonly leftOutOfOrder: readonly string[];
  readonly causes: CauseEvidence;
  readonly fates: Fates;
}

/**
 * Counts everything that design.md section 6 defines, in time and memory that grow linearly with the history
 * (about 43 bytes a message).
 * @throws `E_INTERNAL` when a run has both acknowledged and handed-over messages: no policy does that.
 */
export async function check(source: HistorySource): Promise<Facts> {
  const timeline = readTimeline(await source.timeline());
  const tally = new Tally(source, timeline);
  for await (const batch of source.batches()) tally.consume(batch);
  tally.finish();
  return await toFacts(await walk(source, timeline, tally));
}

async function walk(source: HistorySource, timeline: TimelineFacts, tally: Tally): Promise<Checked> {
  const findings = new Findings();
  const completeness = completenessOf(source, timeline, tally);
  const { drain, audit } = completeness;
  const { scenario } = source.plan;
  const retention = new Retention(tally, keepingPolicyOf(scenario));
  const concluded = drain.complete && audit.complete;
  const delivery = accountForAll({ tally, retention, concluded, auditComplete: audit.complete }, findings);
  invariant(delivery.totals.acknowledged === 0 || delivery.totals.handedOver === 0, 'a run has acknowledgements or has none');
  findDuplicates(tally, delivery.totals.processedIds, findings);
  const leftOutOfOrder = await findReordered(source, tally, keepingPolicyOf(scenario).compacts, findings);
  findJumps(tally, findings);
  const conflicts = conflictsOf(tally.producers, tally.store, tally.publish.terms, findings);
  const availability = findUnavailable(tally.publish.grid);
  findings.addCount('unavailableMs', availability.longestMs);
  findings.addCount('corrupted', tally.receive.corrupted);
  findings.addCount('strangers', tally.receive.strangers);
  const causes = { tally, conflicts, retention, circumstances: circumstancesOf(scenario, timeline), deliveriesOf: countDeliveries(tally) };
  const fates = findFates({ tally, concluded, placed: keepingPolicyOf(scenario).placed }, timeline.endNs);
  return { source, timeline, tally, findings, causes, delivery, availability, completeness, leftOutOfOrder, fates };
}

/** The audit counts its own records: fewer in the history means that some were not recorded. */
function completenessOf(source: HistorySource, { ended, drain, audit }: TimelineFacts, tally: Tally): Completeness {
  const seen = tally.store.records + tally.store.deadLetters + tally.receive.strangers;
  const missing = audit.complete && seen < audit.records;
  const unplaced = [...tally.store.unknownPositions];
  const problems = [
    ...(missing ? [`it read ${audit.records} records, ${seen} are in the history`] : []),
    ...(audit.complete && unplaced.length > 0 ? [`no committed position is known for partition ${unplaced.join(', ')}`] : []),
  ];
  return {
    store: source.storeKind,
    history: source.integrity,
    ended,
    drain,
    audit: { complete: audit.complete && problems.length === 0, detail: problems.length === 0 ? audit.detail : problems.join('; ') },
  };
}

async function toFacts(checked: Checked): Promise<Facts> {
  const { source, timeline, tally, findings, delivery, availability, completeness, causes, fates } = checked;
  const { placed } = keepingPolicyOf(source.plan.scenario);
  const exposures = findExposures({ tally, timeline, workers: source.workers, placed, anyLost: delivery.accounting.lost > 0 });
  const times = new FaultTimes({ timeline, publish: tally.publish, availability, scenario: source.plan.scenario });
  const exposedSet = compareExposed(tally.producers, exposures);
  const survivors = survivorsOf(tally.producers, exposures);
  const chosen = [...measures.flatMap((measure) => findings.examples(measure)), ...survivors];
  const beside = new Map(chosen.map((finding) => [formatMessageId(finding.id), neighboursOf(finding, (columns, index) => placeOf(columns, index, { tally, placed }))]));
  const evidence = await collectEvidence(source, tally, [...chosen, ...[...beside.values()].flat()], delivery.accounting.lost > 0);
  const summaryOf = ({ id }: Finding) => tell(evidence.events.get(formatMessageId(id)) ?? [], tally.log, completeness.audit.complete);
  return {
    storeKind: source.storeKind,
    totals: delivery.totals,
    accounting: delivery.accounting,
    measures: measures.map((measure) => measureFact(measure, checked, summaryOf)),
    survivors: { count: exposedSet.exposedNotLost, examples: survivors.map((finding) => exampleOf(finding, checked, summaryOf)) },
    stories: tellStories(chosen, {
      world: await storyWorldOf(source), summaryOf,
      eventsOf: ({ id }) => evidence.events.get(formatMessageId(id)) ?? [], neighboursOf: ({ id }) => beside.get(formatMessageId(id)) ?? [],
    }),
    attribution: attribute(causes, delivery.accounting.lost),
    exposedSet,
    faults: timeline.faults.map((outline, index) => times.factOf(outline, index, exposures.get(outline.id) ?? null)),
    unavailable: availability.windows.map((window) => times.windowOf(window)),
    leaderChanges: timeline.leaderChanges,
    series: toSeries({
      acknowledged: tally.publish.grid.oks(), delivered: tally.receive.deliveredBins,
      failed: tally.publish.failedBins, indeterminate: tally.publish.indeterminateBins,
    }),
    acknowledgeLatency: tally.publish.latency.whole(),
    acknowledgeOverTime: tally.publish.latency.overTime(),
    endToEndOverTime: fates.endToEnd.overTime(),
    fateMap: fates.map,
    replicas: replicaStates(timeline),
    errors: errorCounts(source, tally),
    ...(evidence.lostBetweenNs === null ? {} : { lostBetweenMs: { from: toMs(evidence.lostBetweenNs[0]), to: toMs(evidence.lostBetweenNs[1]) } }),
    conditions: conditionsOf(timeline, tally, completeness),
  };
}

type SummaryOf = (finding: Finding) => string;

function measureFact(measure: Measure, checked: Checked, summaryOf: SummaryOf): MeasureFact {
  const { findings, completeness, causes } = checked;
  const { conclusive, atLeast, reasons } = certaintyOf(measure, completeness, doubtsOf(measure, checked));
  return {
    measure, count: findings.count(measure), conclusive, ...(atLeast ? { atLeast } : {}), reasons,
    examples: findings.examples(measure).map((finding) => ({ ...exampleOf(finding, checked, summaryOf), ...causeIn(measure, finding, causes) })),
  };
}

function exampleOf({ id, columns, index }: Finding, { source, tally }: Checked, summaryOf: SummaryOf): Example {
  return { ...id, ...whereabouts(columns, index, { tally, placed: keepingPolicyOf(source.plan.scenario).placed }), story: summaryOf({ id, columns, index }) };
}

function causeIn(measure: Measure, { columns, index, cause }: Finding, causes: CauseEvidence): Pick<Example, 'cause'> {
  if (measure === 'lost') return { cause: causeOf(causes, columns, index) };
  return cause === undefined ? {} : { cause };
}

/** What only the checker of a measure can know against its count. */
function doubtsOf(measure: Measure, { source: { plan: { scenario } }, tally, delivery: { maybeRemoved, accounting }, availability, leftOutOfOrder }: Checked): Doubts {
  if (measure === 'unavailableMs') {
    if (accounting.base === 'handed over') return { reasons: [...availabilityReasons(availability), onlyHandedOver] };
    const unplaced = tally.publish.unplaced > 0 && clientChooses(scenario.producer.routing) && scenario.destination.partitions > 1;
    return { reasons: [...availabilityReasons(availability), ...(unplaced ? [unknownPartitions] : [])] };
  }
  if (measure === 'reordered') return { reasons: leftOutOfOrder };
  if (measure === 'unroutable') return { reasons: unroutableComeBack(scenario) ? [] : [notMandatory] };
  if (measure !== 'erased' || !tally.log || maybeRemoved === 0) return { reasons: [] };
  return { reasons: [`${maybeRemoved} messages whose offset nobody told are gone, and retention or compaction removed records`] };
}

const onlyHandedOver = 'nothing is acknowledged under this policy, and handing over says nothing of the broker';
const notMandatory = 'without `mandatory` nobody hears of what the broker dropped because no queue took it';
const unknownPartitions = 'the client chose the partitions and did not say which: one that was silent is hidden by the others';

function errorCounts(source: HistorySource, tally: Tally): readonly ErrorCount[] {
  return source.workers.flatMap(({ name: worker, role, index, errors }) => (role === 'audit' ? [] : errors.map(({ name, message }, code) => (
    { worker, name, message, count: (role === 'producer' ? tally.publish : tally.receive).errors.count(index, code + 1) }
  )))).filter(({ count }) => count > 0);
}

function conditionsOf(timeline: TimelineFacts, { publish }: Tally, { history, drain, audit }: Completeness): Facts['conditions'] {
  return {
    steadyOk: timeline.steadyOk,
    acknowledgedBeforeFault: publish.acceptedBeforeFault,
    acknowledgedAfterHeal: publish.acceptedAfterHeal,
    healComplete: timeline.healComplete,
    drainComplete: drain.complete,
    drainDetail: drain.detail,
    auditComplete: audit.complete,
    auditDetail: audit.detail,
    historyWhole: history.whole,
    historyDetail: history.detail,
    stepsComplete: timeline.steps.complete,
    stepsDetail: timeline.steps.detail,
    deadWorkers: timeline.deadWorkers,
  };
}
