// GitHub Actions: the step summary, and annotations for what is not upheld.
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { formatCount } from '../summary/format.ts';
import { oneLine } from '../summary/plain-text.ts';
import { resultOf, resultWords } from '../summary/result.ts';
import { sentenceOf, summarise } from '../summary/summarise.ts';
import { versionLabels } from '../summary/versions.ts';
import { renderSuiteMarkdown, summaryTable } from '../markdown/markdown.ts';

/** GitHub drops a step summary of more than 1024 KiB whole. */
const summaryLimitBytes = 1000 * 1024;

/**
 * Append it to the file that `GITHUB_STEP_SUMMARY` names.
 * @param more further sections in Markdown, as far as there is room.
 */
export function renderStepSummary(suite: SuiteRecord, more: readonly string[] = []): string {
  return more.reduce((text, section) => {
    const longer = `${text}\n${section}`;
    return Buffer.byteLength(longer) <= summaryLimitBytes ? longer : `${text}\nA section is left out: with it this would be larger than GitHub accepts.\n`;
  }, summaryOf(suite));
}

function summaryOf(suite: SuiteRecord): string {
  const whole = renderSuiteMarkdown(suite);
  if (Buffer.byteLength(whole) <= summaryLimitBytes) return whole;
  const short = `# Leaderfall: ${suite.verdict}\n\nDetail is left out: it would be larger than GitHub accepts. The report has it.\n\n${summaryTable(summarise(suite))}`;
  return Buffer.byteLength(short) <= summaryLimitBytes ? short : `# Leaderfall: ${suite.verdict}\n\n${formatCount(suite.runs.length)} runs: too many for a summary. The report has them.\n`;
}

/** GitHub shows ten annotations of a type per step; the tenth says what was left out. */
const annotationLimit = 9;

/** Workflow commands, one a line, for stdout. Errors for violated and failed runs, warnings for inconclusive ones. */
export function renderAnnotations(suite: SuiteRecord): string {
  const bad = suite.runs.filter((run) => !['upheld', 'required'].includes(resultOf(run)));
  const versionLabel = versionLabels(suite);
  const lines = bad.slice(0, annotationLimit).map((run) => annotation(run, versionLabel(run)));
  if (bad.length > annotationLimit) lines.push(`::error title=Leaderfall::and ${bad.length - annotationLimit} more: see the summary`);
  return lines.map((line) => `${line}\n`).join('');
}

function annotation(run: RunRecord, version: string): string {
  const result = resultOf(run);
  const title = `${run.scenario.name}${version === '' ? '' : ` (${version})`} ${resultWords[result]}`;
  return `::${result === 'inconclusive' ? 'warning' : 'error'} title=${escapeProperty(title)}::${escapeMessage(sentenceOf(run))}`;
}

const escapeMessage = (text: string): string => oneLine(text).replaceAll('%', '%25');

const escapeProperty = (text: string): string => escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
