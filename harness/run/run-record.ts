// Puts a run's record together: what it ran on, what it found, how to play it again.
import type { Configured } from '../model/configuration.ts';
import { redactText } from '../model/configuration.ts';
import type { Judgement } from '../model/contract.ts';
import type { FaultLog } from '../model/node-logs.ts';
import { runSchema, type Environment, type RunError, type RunRecord } from '../model/run-record.ts';
import type { Plan, Scenario } from '../model/scenario.ts';
import { ownVersion } from './environment.ts';
import { reproduceLine } from '../scenario/reproduce-line.ts';
import { redactScenario } from '../scenario/redact-scenario.ts';
import type { Judged } from './judge-folder.ts';

export interface RecordParts {
  readonly plan: Plan;
  readonly error: RunError | null;
  /** null where there was no history to judge. */
  readonly judged: Judged | null;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly phases: RunRecord['phases'];
  readonly environment: Environment;
  readonly configuration: readonly Configured[];
  readonly repetition: number;
  /** Where an old record is made anew: as it was told then. Default: from what the scenario was made of. */
  readonly reproduce?: string;
  readonly logs: readonly string[];
  readonly faultLogs: readonly FaultLog[];
}

export function assembleRecord(parts: RecordParts): RunRecord {
  const { plan, error, judged, startedAt } = parts;
  return {
    schema: runSchema,
    leaderfall: ownVersion,
    runId: plan.runId,
    seed: plan.seed,
    scenario: redactScenario(plan.scenario),
    status: statusOf(error),
    error: error === null ? null : { ...error, message: redactText(error.message), detail: error.detail === null ? null : redactText(error.detail) },
    startedAt: startedAt.toISOString(),
    durationMs: parts.durationMs,
    phases: parts.phases,
    environment: parts.environment,
    configuration: parts.configuration,
    facts: judged?.facts ?? null,
    judgement: judged === null ? notJudged(plan.scenario, error) : withError(judged.judgement, error),
    reproduce: parts.reproduce ?? reproduceLine(plan),
    repetition: parts.repetition,
    logs: parts.logs,
    ...(judged === null ? {} : { faultLogs: parts.faultLogs }),
  };
}

/** What a gate tells of: a bound that was hit, a cluster that did not come back or let itself be read. */
const findings: ReadonlySet<string> = new Set(['E_TIMEOUT', 'E_NOT_READY']);

/** Teardown comes after all that is judged: what it did not manage is told beside the judgement. */
const isAfterwards = ({ phase }: RunError): boolean => phase === 'teardown';

/** It leaves the run complete. */
export const isFinding = (error: RunError): boolean => isAfterwards(error) || (findings.has(error.code) && error.phase !== 'provision');

/** What is no finding means that the run itself failed. */
function statusOf(error: RunError | null): RunRecord['status'] {
  if (error === null || isFinding(error)) return 'completed';
  return error.code === 'E_INTERRUPTED' ? 'interrupted' : 'failed';
}

/** A run that failed is never upheld, whatever was counted until then. Gates that failed because a phase did say less than the phase. */
function withError(judgement: Judgement, error: RunError | null): Judgement {
  if (error === null || isAfterwards(error)) return judgement;
  const { verdict, sentence, gates } = judgement;
  if (statusOf(error) === 'completed') {
    const isTold = verdict !== 'inconclusive' || gates.some(({ passed, detail }) => !passed && detail.includes(error.message));
    return isTold ? judgement : { ...judgement, sentence: sentence.replace(/^Inconclusive: /, () => `Inconclusive: phase ${error.phase} failed (${error.message}); `) };
  }
  return verdict === 'inconclusive' ? judgement : { ...judgement, verdict: 'inconclusive', sentence: `Inconclusive: the run ended early (${error.message})` };
}

function notJudged({ twin }: Scenario, error: RunError | null): Judgement {
  return {
    verdict: 'inconclusive',
    sentence: `Not judged: ${error?.message ?? 'nothing was recorded'}`,
    clauses: [],
    gates: [],
    power: { twin, state: 'untested', detail: 'the run ended before there was anything to judge' },
  };
}
