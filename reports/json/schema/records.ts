// `run.json` and `suite.json`.
import { z } from 'zod';
import type { ImageRecord } from '../../../harness/model/cluster.ts';
import type { Gate, JudgedClause, Judgement } from '../../../harness/model/contract.ts';
import type { ClauseRepetitions, MeasureRepetitions, RepetitionSummary, Share } from '../../../harness/model/repetitions.ts';
import { faultFamilies } from '../../../harness/model/fault-parameters.ts';
import type { FaultLog, LogLine, NodeLog } from '../../../harness/model/node-logs.ts';
import { runSchema, suiteSchema, type Environment, type NotRunnable, type RunError, type RunRecord, type SuiteRecord } from '../../../harness/model/run-record.ts';
import { phases } from '../../../harness/model/scenario.ts';
import { facts } from './facts.ts';
import { durationMs, flag, instant, list, milliseconds, tally, text, words, type Shape } from './parts.ts';
import { clause, configured, measureName, scenario } from './scenario.ts';

const verdict = z.enum(['upheld', 'violated', 'inconclusive']);
const phase = z.enum(phases);

const judgement = z.object({
  verdict, sentence: text,
  clauses: list(z.object({ measure: measureName, clause, expected: text, actual: text, verdict, reason: text.nullable() } satisfies Shape<JudgedClause>)),
  gates: list(z.object({ name: text, passed: flag, detail: text } satisfies Shape<Gate>)).describe('preconditions of believing the result; one that fails makes the run inconclusive'),
  power: z.object({ twin: text.nullable(), state: z.enum(['shown', 'not-shown', 'untested', 'is-the-twin']), detail: text } satisfies Shape<Judgement['power']>).describe('what the twin’s run means for this one'),
} satisfies Shape<Judgement>);

const error = z.object({ code: text, message: text, hint: text.nullable(), detail: text.nullable(), phase: phase.nullable() } satisfies Shape<RunError>);

const environment = z.object({
  node: text, os: text, cpus: tally, memoryGiB: z.number(), engine: text, brokerVersion: text.describe('in full, such as 4.1.0'),
  images: list(z.object({ node: text, reference: text, id: text, source: z.enum(['local', 'pulled', 'built', 'embedded']) } satisfies Shape<ImageRecord>)), drivers: words.describe('package name to version'),
} satisfies Shape<Environment>);

const nodeLog = z.object({
  node: text, lines: list(z.object({ timeMs: milliseconds.describe('by the wall clock'), text: text.describe('with lines that have no time of their own; secrets are redacted') } satisfies Shape<LogLine>)), leftOut: tally.describe('lines of the window that are not here'),
  missing: text.nullable().describe('why there are no lines'),
} satisfies Shape<NodeLog>);
const faultLog = z.object({ fault: text.describe('its id'), fromMs: milliseconds, toMs: milliseconds, nodes: list(nodeLog) } satisfies Shape<FaultLog>);

export const runRecord = z.object({
  schema: z.literal(runSchema), leaderfall: text.describe('version of leaderfall'), runId: text, seed: text, scenario, status: z.enum(['completed', 'failed', 'interrupted']).describe('whether it ran; what it found is the judgement'),
  error: error.nullable(), startedAt: instant, durationMs, phases: list(z.object({ phase, beginMs: milliseconds, endMs: milliseconds, ok: flag, detail: text } satisfies Shape<RunRecord['phases'][number]>)), environment, configuration: list(configured),
  facts: facts.nullable().describe('null: the run ended before there was a history to check'), judgement, reproduce: text.describe('the command that plays the same plan again'), repetition: tally, logs: list(text),
  faultLogs: list(faultLog).optional().describe('what the nodes wrote around each fault'),
} satisfies Shape<RunRecord>).meta({ id: 'Run', title: 'run.json of leaderfall' });

const share = z.object({ count: tally, of: tally, low: z.number(), high: z.number() } satisfies Shape<Share>).describe('with the 95 % Wilson score interval');
const shares = z.object({ upheld: share, violated: share, inconclusive: share } satisfies Shape<RepetitionSummary['verdicts']>);

const repetition = z.object({
  scenario: text, broker: text, version: text, judged: tally, notJudged: tally, verdicts: shares, sentence: text,
  clauses: list(z.object({ measure: measureName, expected: text, verdicts: shares } satisfies Shape<ClauseRepetitions>)),
  measures: list(z.object({ measure: measureName, shown: share, fewest: z.number(), median: z.number(), most: z.number() } satisfies Shape<MeasureRepetitions>)),
} satisfies Shape<RepetitionSummary>);

const notRunnable = z.object({
  name: text, reason: text, version: text.optional().describe('of its broker; absent: not known'), lacks: text.optional().describe('what the machine lacks, such as disk'), families: list(z.enum(faultFamilies)).optional().describe('of its faults'),
} satisfies Shape<NotRunnable>);

export const suiteRecord = z.object({
  schema: z.literal(suiteSchema), leaderfall: text, suiteId: text, seed: text, startedAt: instant, durationMs, command: text, verdict: z.enum(['upheld', 'violated', 'inconclusive', 'usage', 'environment', 'internal', 'interrupted']),
  exitCode: tally, runs: list(runRecord), repetitions: list(repetition).optional(), folders: words.optional().describe('folder of each run, relative to the suite’s, by run id'), shard: text.nullable().describe('2/4: which part of what was chosen; null: all of it'),
  notApplicable: list(z.object({ name: text, version: text, reason: text })), notRunnable: list(notRunnable),
  allowsNotRunnable: z.boolean().optional().describe('what the machine lacks does not decide the exit code; absent: it does'),
} satisfies Shape<SuiteRecord>).meta({ title: 'suite.json of leaderfall' });

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Named as the record's own `schema` field names it. */
function schemaOf(what: 'run' | 'suite', record: z.ZodType): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(record, { io: 'input' });
  return { $schema, $id: `urn:leaderfall:${what}@1`, title: `${what}.json of leaderfall`, ...rest };
}

/** JSON Schema, draft 2020-12. Fields that it does not name are allowed: a newer version may add some. */
export const runJsonSchema = (): JsonSchema => schemaOf('run', runRecord);
export const suiteJsonSchema = (): JsonSchema => schemaOf('suite', suiteRecord);
