// GitHub Actions: the step summary, and annotations for what is not upheld.
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { formatCount, plural } from '../summary/format.ts';
import { oneLine } from '../summary/plain-text.ts';
import { resultOf, results, resultWords } from '../summary/result.ts';
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

interface Annotation {
  readonly type: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
}

/** Workflow commands, one a line, for stdout, worst first. Errors for violated and failed runs and where something could not run, warnings for inconclusive ones. */
export function renderAnnotations(suite: SuiteRecord): string {
  const versionLabel = versionLabels(suite);
  const bad = suite.runs.filter((run) => !['upheld', 'required'].includes(resultOf(run))).toSorted((a, b) => results.indexOf(resultOf(a)) - results.indexOf(resultOf(b)));
  // One for all that could not run, in a place that no number of runs can take from it.
  const missing = notRunnableAnnotation(suite);
  const room = annotationLimit - missing.length;
  const left = bad.slice(room);
  const more = left.length === 0 ? [] : [{ type: typeOf(left[0]!), title: 'Leaderfall', message: `and ${formatCount(left.length)} more: see the summary` }];
  return [...bad.slice(0, room).map((run) => annotation(run, versionLabel(run))), ...missing, ...more].map((line) => `${command(line)}\n`).join('');
}

const typeOf = (run: RunRecord): Annotation['type'] => (resultOf(run) === 'inconclusive' ? 'warning' : 'error');

function annotation(run: RunRecord, version: string): Annotation {
  return { type: typeOf(run), title: `${run.scenario.name}${version === '' ? '' : ` (${version})`} ${resultWords[resultOf(run)]}`, message: sentenceOf(run) };
}

/** What this machine lacks decides the exit code, unless whoever ran it allowed it. */
function notRunnableAnnotation({ notRunnable, allowsNotRunnable }: SuiteRecord): readonly Annotation[] {
  const [first] = notRunnable;
  if (first === undefined) return [];
  const more = notRunnable.length === 1 ? '' : `; and ${formatCount(notRunnable.length - 1)} more: see the summary`;
  return [{ type: allowsNotRunnable === true ? 'warning' : 'error', title: `${plural(notRunnable.length, 'scenario')} could not run here`, message: `${first.name}: ${first.reason}${more}` }];
}

const command = ({ type, title, message }: Annotation): string => `::${type} title=${escapeProperty(title)}::${escapeMessage(message)}`;

const escapeMessage = (text: string): string => oneLine(text).replaceAll('%', '%25');

const escapeProperty = (text: string): string => escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
