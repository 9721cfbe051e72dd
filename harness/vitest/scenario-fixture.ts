// The fixture `scenario`: plays a scenario inside a test, on a cluster that tests share, and ends it with the test whatever happens.
import { LeaderfallError, type ErrorCode } from '../model/errors.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Scenario } from '../model/scenario.ts';
import { runSuite } from '../index.ts';
import { reportOf } from './failure-text.ts';
import type { SharedClusters } from './shared-clusters.ts';
import type { TestLife } from './test-life.ts';
import { limitTime, requireTime } from './time-limit.ts';
import { toldWhole } from './told-whole.ts';

export interface ScenarioOptions {
  /** Default: the scenario's name, so that the same scenario gets the same plan. */
  readonly seed?: string;
  /** Where the runs' folders go. Default `reports/runs`, relative to the working directory. */
  readonly out?: string;
  /** The unsafe scenario with the same steps: runs too, and shows whether the fault has power. */
  readonly twin?: Scenario;
}

/**
 * Plays a scenario and returns its record; a violated contract is in the record. With `repeat` it returns that many records.
 * @throws what kept the run from being made (no engine, a node that never became ready), and where the test's time is too short.
 */
export interface PlayScenario {
  (scenario: Scenario, options?: ScenarioOptions): Promise<RunRecord>;
  (scenario: Scenario, options: ScenarioOptions & { readonly repeat: number }): Promise<readonly RunRecord[]>;
}

export function makePlayScenario(clusters: SharedClusters, test: TestLife): PlayScenario {
  const play = (scenario: Scenario, options: ScenarioOptions & { readonly repeat?: number } = {}): Promise<RunRecord | readonly RunRecord[]> =>
    toldWhole(() => test.during(playOnce(clusters, test, scenario, options)));
  return play as PlayScenario;
}

interface Playing {
  /** Rejects as soon as the test's time is over. */
  readonly result: Promise<RunRecord | readonly RunRecord[]>;
  /** Resolves once nothing of it is left. */
  readonly ended: Promise<unknown>;
}

function playOnce(clusters: SharedClusters, test: TestLife, scenario: Scenario, { repeat, seed, out, twin }: ScenarioOptions & { readonly repeat?: number }): Playing {
  const { broker } = scenario.cluster;
  requireTime(test.timeoutMs, broker, 'A scenario');
  let phase = 'waiting for its turn';
  const limit = limitTime(test.timeoutMs, test.startedAt, broker, () => `${scenario.name} was at "${phase}"`);
  const signal = AbortSignal.any([test.signal, limit.signal]);
  const work = clusters.use(scenario.cluster, signal, async (pool) => {
    const { suite } = await runSuite({
      scenarios: twin === undefined ? [scenario] : [{ ...scenario, twin: twin.name }, twin], seed: seed ?? scenario.name, repeat: repeat ?? 1, pool, signal, command: 'vitest',
      onProgress: (event) => { if (event.type === 'phase' && event.edge === 'begin') phase = event.phase; },
      ...(out === undefined ? {} : { out }),
    });
    const runs = suite.runs.filter(({ scenario: { name } }) => name === scenario.name);
    suite.runs.forEach(requireCompleted);
    if (runs.length === 0) throw new LeaderfallError('E_INTERRUPTED', `${scenario.name} was interrupted before it began`);
    return repeat === undefined ? runs[0]! : runs;
  }).finally(() => limit[Symbol.dispose]());
  const late = new Promise<never>((_, reject) => { limit.signal.addEventListener('abort', () => reject(limit.signal.reason as Error)); });
  return { result: Promise.race([work, late]), ended: work };
}

/** A run that could not be made is an error, not a verdict; its report says what was seen until then. */
function requireCompleted(record: RunRecord): void {
  const { status, error, scenario: { name } } = record;
  if (status === 'completed') return;
  const { code, message, hint, detail } = error ?? { code: 'E_INTERNAL', message: 'the run failed', hint: null, detail: null };
  const evidence = [...(detail === null ? [] : [detail]), `report: ${reportOf(record) ?? 'none'}`].join('\n');
  throw new LeaderfallError(code as ErrorCode, `${name} could not be run: ${message}`, { ...(hint === null ? {} : { hint }), detail: evidence });
}
