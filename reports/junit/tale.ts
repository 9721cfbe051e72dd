// What a CI's own view of a case has room for: what was lost, by whom, which messages, and where the rest is.
import type { Measure } from '../../harness/model/contract.ts';
import type { Example } from '../../harness/model/facts.ts';
import type { RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { formatCount, plural } from '../summary/format.ts';
import { measureWords } from '../summary/measure-words.ts';
import { oneLine } from '../summary/plain-text.ts';
import { formatQuantity, quantityOf } from '../summary/quantity.ts';
import { demanded, formatMeasure } from '../summary/result.ts';
import { attributionWords, measureFact, sentenceOf } from '../summary/summarise.ts';

const exampleLimit = 5;

/** Where a run's own report is: `folders` are relative to the suite's. Empty: not known. */
export type ReportPlace = (run: RunRecord) => string;

export const placeIn = ({ folders, suiteId }: Partial<Pick<SuiteRecord, 'folders' | 'suiteId'>>): ReportPlace => ({ runId }) => {
  const folder = folders?.[runId];
  return folder === undefined ? '' : `${folder}/report.html, from the folder of suite ${suiteId}`;
};

/** Of one clause: the sentence, and the messages that it is about. */
export function clauseTale(run: RunRecord, measure: Measure, place: ReportPlace): string {
  return lines([sentenceOf(run), measure === 'lost' ? lossLine(run) : '', ...exampleLines(run, measure), ...whereMore(run, place)]);
}

/** Of the run, whatever its verdict: a loss that was required is told like any other. */
export function runTale(run: RunRecord, place: ReportPlace): string {
  const asked = demanded(run.scenario.contract).filter((measure) => measure !== 'lost');
  const told: readonly Measure[] = ['lost', ...asked];
  return lines([sentenceOf(run), baseLine(run), lossLine(run), ...asked.map((measure) => countLine(run, measure)), ...told.flatMap((measure) => exampleLines(run, measure)), ...whereMore(run, place)]);
}

const lines = (all: readonly string[]): string => all.filter((line) => line !== '').map(oneLine).join('\n');

function baseLine({ facts }: RunRecord): string {
  if (facts === null) return '';
  const { base, baseCount, processed, deadLettered, stuck, lost, unseen } = facts.accounting;
  const parts = Object.entries({ processed, 'dead-lettered': deadLettered, stuck, lost, unseen }).filter(([name, count]) => count > 0 || name === 'processed');
  return `${formatCount(baseCount)} ${base}: ${parts.map(([name, count]) => `${formatCount(count)} ${name}`).join(', ')}`;
}

function lossLine(run: RunRecord): string {
  if (run.facts === null) return '';
  const by = attributionWords([run.facts]);
  return `Lost: ${formatQuantity(quantityOf(run, 'lost'), formatCount)}${by === '' ? '' : ` (${by})`}`;
}

const countLine = (run: RunRecord, measure: Measure): string =>
  `${measureWords[measure].label}: ${formatQuantity(quantityOf(run, measure), (count) => formatMeasure(measure, count))}`;

function exampleLines({ facts }: RunRecord, measure: Measure): readonly string[] {
  const fact = facts === null ? undefined : measureFact(facts, measure);
  if (fact === undefined || fact.examples.length === 0) return [];
  const first = fact.examples.slice(0, exampleLimit);
  return [`${measureWords[measure].label}, ${first.length === fact.count ? plural(first.length, 'message') : `${plural(first.length, 'message')} of ${formatCount(fact.count)}`}:`, ...first.map(exampleLine)];
}

const exampleLine = ({ producer, sequence, story }: Example): string => `- ${producer}:${sequence} ${story}`;

const whereMore = (run: RunRecord, place: ReportPlace): readonly string[] => [place(run) === '' ? '' : `Report: ${place(run)}`, `Reproduce: ${run.reproduce}`];
