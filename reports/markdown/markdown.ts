// `summary.md`: the verdict, the table and what is not upheld, for pull requests and job summaries.
import type { NotRunnable, RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { figuresOf, survivalOf, survivalWords } from '../summary/availability.ts';
import { familyOutcomes, familyTallies, outcomeWords } from '../summary/families.ts';
import { formatCount, formatTimestamp } from '../summary/format.ts';
import { asRequired, resultGlyphs, resultOf, resultWords } from '../summary/result.ts';
import { lostAsAgreed, sentenceOf, suiteSentence, summarise, type ScenarioSummary } from '../summary/summarise.ts';
import { actualWords, clauseVerdict } from '../summary/quantity.ts';
import { versionLabels, versionLeftOut } from '../summary/versions.ts';
import { codeBlock, codeSpan, escapeMarkdown } from './escape.ts';
import { matrixTables } from './matrix.ts';
import { predictionTable } from './predictions.ts';

export function renderSuiteMarkdown(suite: SuiteRecord): string {
  const rows = summarise(suite);
  const versionLabel = versionLabels(suite);
  return [
    `# Leaderfall: ${escapeMarkdown(suite.verdict)}\n`, `${escapeMarkdown(suiteSentence(suite))}\n`,
    lostAsAgreed(rows) === '' ? '' : `${escapeMarkdown(lostAsAgreed(rows))}\n`,
    rows.length === 0 ? '' : summaryTable(rows),
    familyTable(suite),
    rows.length > 1 ? matrixTables(suite) : '',
    howOften(rows), notRunnable(suite), notApplicable(suite),
    ...suite.runs.filter((run) => !['upheld', 'required'].includes(resultOf(run))).map((run) => runDetail(run, versionLabel(run))),
    footer(suite.startedAt, suite.seed, suite.command),
  ].filter((part) => part !== '').join('\n');
}

export function renderRunMarkdown(run: RunRecord): string {
  const required = asRequired(run);
  return [
    `# ${resultGlyphs[resultOf(run)]} ${codeSpan(run.scenario.name)}: ${resultWords[resultOf(run)]}${required === null ? '' : ` (${required})`}\n`,
    `${escapeMarkdown(sentenceOf(run))}\n`, summaryTable(summarise({ runs: [run] })),
    availabilityTable(run), predictionTable(run), clauseList(run), errorDetail(run), footer(run.startedAt, run.seed, run.reproduce),
  ].filter((part) => part !== '').join('\n');
}

export function summaryTable(rows: readonly ScenarioSummary[]): string {
  const head = '| scenario | verdict | base | lost | duplicated | time to recover | what happened |\n|---|---|--:|--:|--:|--:|---|\n';
  return head + rows.map((row) => {
    const verdict = `${resultGlyphs[row.result]} **${row.verdict}**<br>${row.note ?? row.rule}`;
    const lost = row.lostBy === '' ? row.lost : `${row.lost}<br>${row.lostBy}`;
    return `| ${codeSpan(row.name)}${row.version === '' ? '' : `<br>${escapeMarkdown(row.version)}`} | ${verdict} | ${row.base} ${row.base === '—' ? '' : row.baseWord} | ${lost} | ${row.duplicated} | ${row.recovery}${row.beyond ? '<br>beyond replication' : ''} | ${escapeMarkdown(row.sentence)} |\n`;
  }).join('');
}

/** One run needs no tally. */
function familyTable(suite: SuiteRecord): string {
  const rows = familyTallies(suite);
  if (rows.length === 0 || suite.runs.length + suite.notRunnable.length < 2) return '';
  const head = `| faults | runs | ${familyOutcomes.map((outcome) => outcomeWords[outcome]).join(' | ')} |\n|---|--:|${'--:|'.repeat(familyOutcomes.length)}\n`;
  return head + rows.map(({ family, runs, outcomes }) => `| ${family === 'none' ? 'no fault' : family} | ${formatCount(runs)} | ${familyOutcomes.map((outcome) => formatCount(outcomes[outcome])).join(' | ')} |\n`).join('');
}

/** What each fault meant: over all partitions, the worst. */
function availabilityTable({ facts }: RunRecord): string {
  const faults = facts?.faults ?? [];
  if (faults.length === 0) return '';
  const head = '| fault | to detect | to recover | to full redundancy | survivable? |\n|---|--:|--:|--:|---|\n';
  return head + faults.map((fault) => {
    const { detect, recover, redundancy } = figuresOf(fault, fault.strikes);
    const survival = survivalOf(fault);
    return `| ${escapeMarkdown(`${fault.fault} ${fault.nodes.join(', ')} (${fault.id})`)} | ${detect} | ${recover} | ${redundancy} | ${survivalWords(survival)}: ${escapeMarkdown(survival.because)} |\n`;
  }).join('');
}

function howOften(rows: readonly ScenarioSummary[]): string {
  const repeated = rows.filter((row) => row.howOften !== null);
  if (repeated.length === 0) return '';
  return `How often:\n\n${repeated.map((row) => `- ${codeSpan(row.name)}${row.version === '' ? '' : ` on ${escapeMarkdown(row.version)}`}: ${escapeMarkdown(row.howOften!)}\n`).join('')}`;
}

function notRunnable(suite: SuiteRecord): string {
  if (suite.notRunnable.length === 0) return '';
  const line = (left: NotRunnable): string => `- ${codeSpan(left.name)}${onVersion(versionLeftOut(left, suite))}: ${escapeMarkdown(left.reason)}\n`;
  return `Not run here${suite.allowsNotRunnable ? ', which was allowed' : ''}:\n\n${suite.notRunnable.map(line).join('')}`;
}

const onVersion = (version: string): string => (version === '' ? '' : ` on ${escapeMarkdown(version)}`);

function notApplicable({ notApplicable: all }: SuiteRecord): string {
  if (all.length === 0) return '';
  return `Not on these versions:\n\n${all.map(({ name, version, reason }) => `- ${codeSpan(name)} on ${escapeMarkdown(version)}: ${escapeMarkdown(reason)}\n`).join('')}`;
}

function runDetail(run: RunRecord, version: string): string {
  const repetition = run.repetition > 1 ? ` (repetition ${run.repetition})` : '';
  const result = resultOf(run);
  const reproduce = run.reproduce === '' ? '' : `\nReproduce:\n\n${codeBlock(run.reproduce)}`;
  return `## ${resultGlyphs[result]} ${codeSpan(run.scenario.name)}${version === '' ? '' : ` on ${escapeMarkdown(version)}`}${repetition}: ${resultWords[result]}\n\n${escapeMarkdown(sentenceOf(run))}\n\n${clauseList(run)}${errorDetail(run)}${reproduce}`;
}

/** Unmet clauses and failed gates. */
function clauseList(run: RunRecord): string {
  const { judgement } = run;
  const clauses = judgement.clauses.map((clause) => ({ ...clause, actual: actualWords(run, clause), verdict: clauseVerdict(run, clause) })).filter(({ verdict }) => verdict !== 'upheld').map(({ measure, expected, actual, verdict, reason }) => `- **${measure}** ${verdict}: ${escapeMarkdown(actual)}, expected ${escapeMarkdown(expected)}${reason === null ? '' : `. ${escapeMarkdown(reason)}`}\n`);
  const gates = judgement.gates.filter(({ passed }) => !passed).map(({ name, detail }) => `- gate **${escapeMarkdown(name)}** failed: ${escapeMarkdown(detail)}\n`);
  return [...clauses, ...gates].join('');
}

/** The last lines are what explains a failure. */
const detailLines = 40;

function errorDetail({ error }: RunRecord): string {
  if (error === null) return '';
  const hint = error.hint === null ? '' : `What to do: ${escapeMarkdown(error.hint)}\n\n`;
  const detail = error.detail === null ? '' : codeBlock(error.detail.split('\n').slice(-detailLines).join('\n'));
  return `${hint}${detail}`;
}

const footer = (startedAt: string, seed: string, command: string): string =>
  `${escapeMarkdown(formatTimestamp(startedAt))} · seed ${codeSpan(seed)}\n\n${codeBlock(command)}`;
