// Conducts one run: the phases in their order, each bounded, with healing and logs whatever happens.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrokerModule } from '../model/broker.ts';
import { monotonicClock } from '../model/clock.ts';
import { redactText } from '../model/configuration.ts';
import { describeError, isLeaderfallError, LeaderfallError } from '../model/errors.ts';
import type { OnProgress, ProgressEvent } from '../model/progress.ts';
import type { RunError, RunRecord } from '../model/run-record.ts';
import type { Phase, Plan } from '../model/scenario.ts';
import type { TimelineDraft, TimelineEntry } from '../model/timeline.ts';
import { sealHistory } from '../history/seal.ts';
import { runFiles } from '../history/segment-format.ts';
import { guarded } from '../history/segment-writer.ts';
import { TimelineWriter } from '../history/timeline-writer.ts';
import { redactScenario } from '../scenario/redact-scenario.ts';
import { loadBroker } from './brokers.ts';
import type { ClusterPool } from './cluster-pool.ts';
import { describeEnvironment } from './environment.ts';
import { faultLogsOf } from './fault-logs.ts';
import { judgeFolder, type Judged } from './judge-folder.ts';
import { PhaseRunner } from './phase-runner.ts';
import type { RunContext } from './run-context.ts';
import { claimRun } from './run-owner.ts';
import { assembleRecord, isFinding } from './run-record.ts';
import { Stage } from './stage.ts';
import { stepsLimitMs } from './steps.ts';

export interface ConductOptions {
  readonly plan: Plan;
  readonly folder: string;
  readonly pool: ClusterPool;
  readonly keep: boolean;
  readonly repetition: number;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

const interruptedHealMs = 7_000;

/** What heals, cleans up and judges goes on when the run is to end: its own bound alone ends it. */
const untilItsBound = new AbortController().signal;

/** Never rejects for what happens in the run: that is in the record. Rejects where not even the plan can be written (a full disk). */
export async function conduct(options: ConductOptions): Promise<RunRecord> {
  const { plan, folder, onProgress } = options;
  mkdirSync(folder, { recursive: true });
  using _claim = claimRun(folder);
  guarded(() => writeFileSync(runFiles(folder).plan, JSON.stringify({ ...plan, scenario: redactScenario(plan.scenario) }, null, 2)));
  const broker = await loadBroker(plan.scenario.cluster.broker);
  const startedAt = new Date();
  const originNs = String(process.hrtime.bigint());
  const clock = monotonicClock(originNs);
  using timeline = new TimelineWriter(folder, clock);
  const unrecordable = new AbortController();
  const signal = AbortSignal.any([options.signal, unrecordable.signal]);
  const record: RunContext['record'] = (draft) => { tell(appendTo(timeline, draft, unrecordable), onProgress); };
  const context: RunContext = { plan, folder, clock, originNs, wallOriginMs: startedAt.getTime(), signal, record, onProgress, keep: options.keep };
  const phases = new PhaseRunner(context);
  const stage = new Stage(context, options.pool);
  const error = await playPhases(context, phases, stage);
  return await finish(options, broker, phases, stage, error, startedAt, clock.nowNs);
}

/** All phases that touch the world. Returns the first error that is not a finding. */
async function playPhases(context: RunContext, phases: PhaseRunner, stage: Stage): Promise<RunError | null> {
  const { bounds } = context.plan.scenario;
  let error: RunError | null = null;
  const attempt = async (phase: Phase, timeoutMs: number, work: (signal: AbortSignal) => Promise<string>, within?: AbortSignal): Promise<boolean> => {
    try {
      await phases.run(phase, timeoutMs, work, within);
      return true;
    } catch (thrown) {
      error ??= runError(context.signal.aborted ? reasonOf(context.signal) : thrown, phase);
      return false;
    }
  };
  const provisioned = await attempt('provision', bounds.provisionMs, (signal) => stage.provision(signal));
  if (context.signal.aborted) {
    error ??= runError(reasonOf(context.signal), 'provision');
  } else if (provisioned) {
    const steady = await attempt('steady', bounds.steadyMs, (signal) => stage.steady(signal));
    if (steady) await attempt('chaos', stepsLimitMs(context.plan.scenario), (signal) => stage.chaos(signal));
    if (context.signal.aborted) {
      await attempt('heal', interruptedHealMs, (signal) => stage.heal(signal), untilItsBound);
    } else if (await attempt('heal', bounds.healMs, (signal) => stage.heal(signal))) {
      if (await attempt('recover', bounds.recoverMs, (signal) => stage.recover(signal))) {
        await attempt('drain', bounds.drainMs, (signal) => stage.drain(signal));
        await attempt('audit', bounds.auditMs, (signal) => stage.audit(signal));
      }
    }
  }
  const reached = error?.phase ?? phases.current;
  await attempt('teardown', bounds.teardownMs, (signal) => stage.teardown(signal), untilItsBound);
  return stage.failure === null ? error : runError(stage.failure, reached);
}

async function finish(options: ConductOptions, broker: BrokerModule, phases: PhaseRunner, stage: Stage, error: RunError | null, startedAt: Date, nowNs: () => number): Promise<RunRecord> {
  const { plan } = options;
  let judged: Judged | null = null;
  let failure: RunError | null = null;
  try {
    judged = await judgeWorkers(options, broker, phases, stage);
  } catch (thrown) {
    failure = runError(thrown, 'judge');
  }
  const faultLogs = judged === null ? [] : await faultLogsOf(options.folder, judged.facts, startedAt.getTime());
  return assembleRecord({
    plan, error: together(error, failure), judged, startedAt, durationMs: nowNs() / 1e6, phases: phases.finished, environment: describeEnvironment(stage.cluster),
    configuration: [...plan.scenario.configuration, ...(stage.cluster?.configuration ?? [])], repetition: options.repetition, logs: stage.logs.map((file) => join('logs', file)), faultLogs,
  });
}

/** null: no worker was ever started, so there is nothing to judge. */
async function judgeWorkers({ plan, folder }: ConductOptions, broker: BrokerModule, phases: PhaseRunner, { workers, died, killed }: Stage): Promise<Judged | null> {
  if (workers.length === 0) return null;
  const { bounds, destination } = plan.scenario;
  await phases.run('judge', bounds.auditMs, async () => {
    sealHistory(folder, broker.spec.storeKind(destination), workers, [...died, ...killed]);
    return 'sealed';
  }, untilItsBound);
  return await judgeFolder(folder);
}

/** What ended the run comes before what then kept it from being judged; a finding did not end it, and has nothing left that it would be a finding about. */
function together(error: RunError | null, failure: RunError | null): RunError | null {
  if (error === null || failure === null) return failure ?? error;
  const [first, other] = isFinding(error) ? [failure, error] : [error, failure];
  const detail = [first.detail, `Also, in phase ${other.phase}: ${other.code}: ${other.message}`, other.detail].filter((line) => line !== null).join('\n');
  return { ...first, detail };
}

const interrupted = () => new LeaderfallError('E_INTERRUPTED', 'The run was interrupted', { hint: 'Everything was healed and removed; run it again.' });

function runError(thrown: unknown, phase: Phase | null): RunError {
  if (isLeaderfallError(thrown)) return { code: thrown.code, message: thrown.message, hint: thrown.hint ?? null, detail: thrown.detail ?? null, phase };
  return { code: 'E_INTERNAL', message: describeError(thrown), hint: 'This is a defect of leaderfall: please report it with the run\'s folder.', detail: thrown instanceof Error ? (thrown.stack ?? null) : null, phase };
}

/** Why the run is to end: a person, a defect, or a full disk. */
function reasonOf({ reason }: AbortSignal): LeaderfallError {
  return isLeaderfallError(reason) && reason.code !== 'E_INTERRUPTED' ? reason : interrupted();
}

/** Text may carry what a broker or a driver said, so secrets are hidden. A timeline that cannot be written ends the run, in good order. */
function appendTo(timeline: TimelineWriter, draft: TimelineDraft, unrecordable: AbortController): TimelineEntry | null {
  // A line after a torn one would make the whole timeline unreadable.
  if (unrecordable.signal.aborted) return null;
  try {
    return timeline.append(Object.fromEntries(Object.entries(draft).map(([key, value]) => [key, typeof value === 'string' ? redactText(value) : value])) as TimelineDraft);
  } catch (error) {
    unrecordable.abort(error);
    return null;
  }
}

/** What of the timeline a person at the terminal wants to see. */
function tell(entry: TimelineEntry | null, onProgress: OnProgress): void {
  if (entry === null) return;
  const event = progressOf(entry);
  if (event !== null) onProgress(event);
}

function progressOf(entry: TimelineEntry): ProgressEvent | null {
  if (entry.type === 'fault') return { type: 'fault', id: entry.id, fault: entry.fault, edge: entry.edge, nodes: entry.nodes, detail: entry.detail };
  if (entry.type === 'leader') return { type: 'leader', partition: entry.partition, from: entry.from, to: entry.to };
  if (entry.type === 'worker' && entry.edge === 'died') return { type: 'message', text: `${entry.worker} died: ${entry.detail}` };
  return null;
}
