// What the files of a run tell of its numbers, read back out of them, beside what run.json says. For tests only.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Accounting, FaultFact, MeasureFact, Totals } from '../../harness/model/facts.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { formatDuration } from '../summary/format.ts';
import { measureWords } from '../summary/measure-words.ts';
import { clauseVerdict } from '../summary/quantity.ts';
import { recoveryOf } from '../summary/summarise.ts';
import { byName, descendants, parseXml, textOf, type Element } from './parse-xml.ts';

type Numbers = Readonly<Record<string, number | string>>;

const states = ['processed', 'deadLettered', 'stuck', 'lost', 'unseen'] as const satisfies readonly (keyof Accounting)[];

/** Every number that a file of the run tells and that is not the record's, in words; a number that is not told at all is one as well. */
export const disagreements = (folder: string): readonly string[] => disagreementsIn((name) => readFileSync(join(folder, name), 'utf8'));

export function disagreementsIn(read: (name: string) => string): readonly string[] {
  const run = JSON.parse(read('run.json')) as RunRecord;
  return [
    ...differences('report.html', toldByPage(parseXml(read('report.html'))), ofPage(run)),
    ...differences('summary.md', toldByMarkdown(read('summary.md')), ofMarkdown(run)),
    ...differences('junit.xml', toldByJunit(parseXml(read('junit.xml'))), ofJunit(run)),
    ...differences('metrics.txt', toldByMetrics(read('metrics.txt')), ofMetrics(run)),
    ...strangers('metrics.txt', toldByMetrics(read('metrics.txt')), ofMetrics(run)),
  ];
}

const differences = (file: string, told: Numbers, recorded: Numbers): readonly string[] =>
  Object.entries(recorded).flatMap(([name, value]) => (told[name] === value ? [] : [`${file} says that ${name} is ${told[name]}, run.json ${value}`]));

const strangers = (file: string, told: Numbers, recorded: Numbers): readonly string[] =>
  Object.keys(told).flatMap((name) => (name in recorded ? [] : [`${file} says that ${name} is ${told[name]}, and run.json does not know it`]));

const prefixed = (prefix: string, numbers: Numbers): Numbers => Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`${prefix} ${name}`, value]));

/** `1,458` as 1458: what is shown must be what is meant; anything else as it is. */
const shown = (text: string): number | string => (/^\d[\d,]*$/.test(text.trim()) ? Number(text.replaceAll(',', '')) : text.trim());

// The page: what machines read in it, and what people read.

const totalWords = { attempted: 'messages attempted', attempts: 'attempts', acknowledged: 'acknowledged', handedOver: 'handed over', deliveries: 'deliveries', processedIds: 'messages processed', storedRecords: 'records found by the audit' } as const satisfies Partial<Record<keyof Totals, string>>;
const stateWords: Readonly<Record<(typeof states)[number], string>> = { processed: 'processed', deadLettered: 'dead-lettered', stuck: 'stuck', lost: 'lost', unseen: 'unseen' };

function toldByPage(page: Element): Numbers {
  const accounting = byName(page, 'table').find((table) => textOf(byName(table, 'caption')[0]!).startsWith('Every message that was'));
  const pairs = byName(page, 'dl').flatMap((list) => byName(list, 'dt').map((term, index) => [textOf(term), byName(list, 'dd')[index]!] as const));
  const rows = accounting === undefined ? [] : byName(byName(accounting, 'tbody')[0]!, 'tr').map((row) => [textOf(row.children[0]!), row] as const);
  const measures = byName(page, 'tr').flatMap((row) => { const [, measure] = /--counts-(\w+)$/.exec(row.attributes['id'] ?? '') ?? []; return measure === undefined ? [] : [[measure, row] as const]; });
  const sums = descendants(page).filter(({ name, attributes }) => name === 'figcaption' && attributes['class'] === 'hidden').flatMap((caption) => { const [, sum, base] = / = ([\d,]+) of ([\d,]+) /.exec(textOf(caption)) ?? []; return sum === undefined ? [] : [{ sum: shown(sum), of: shown(base!) }]; });
  return {
    ...prefixed('total', both(pairs)), ...prefixed('state', both(rows)), ...prefixed('measure', both(measures)), ...prefixed('accounting', sums[0] ?? {}),
    ...Object.fromEntries(rowsOf(page, 'The contract’s clauses').map((row) => [`clause ${row['measure']}`, leadingNumber(row['actual']!)])),
    ...toldOfFaults(rowsOf(page, 'Times are counted from the strike')),
  };
}

/** Of the table with that caption: each row's texts by the headers of their columns. */
function rowsOf(page: Element, caption: string): readonly Readonly<Record<string, string>>[] {
  const found = byName(page, 'table').find((table) => textOf(byName(table, 'caption')[0]!).startsWith(caption));
  if (found === undefined) return [];
  const headers = byName(byName(found, 'thead')[0]!, 'th').map(textOf);
  return byName(byName(found, 'tbody')[0]!, 'tr').map(({ children }) => Object.fromEntries(children.map((cell, index) => [headers[index]!, textOf(cell).replaceAll('\u00a0', ' ')])));
}

/** What a clause found: "1,458", "≥ 12", "at least 12", "12 (all exposed, …)". */
const leadingNumber = (text: string): number | string => shown(/^(?:≥ |at least )?(\d[\d,]*)/.exec(text)?.[1] ?? text);

const toldOfFaults = (rows: readonly Readonly<Record<string, string>>[]): Numbers => Object.fromEntries(rows.flatMap((row, index) =>
  (['to detect', 'to recover', 'to full redundancy'] as const).map((what) => [`fault ${index} ${what}`, row[what] ?? ''])));

/** Times are told rounded; how they are spelt is for format.test.ts to show. */
const ofFaults = (faults: readonly FaultFact[]): Numbers => Object.fromEntries(faults.flatMap(({ timeToDetectMs, timeToRecoverMs, timeToRedundancyMs, strikes }, index) => [
  [`fault ${index} to detect`, timeToDetectMs === null ? 'not felt' : formatDuration(timeToDetectMs)],
  [`fault ${index} to recover`, timeToRecoverMs === null ? 'never' : timeToRecoverMs === 0 ? 'no outage' : formatDuration(timeToRecoverMs)],
  [`fault ${index} to full redundancy`, strikes === 'client' ? 'does not apply' : timeToRedundancyMs === null ? 'not seen' : timeToRedundancyMs === 0 ? 'kept' : formatDuration(timeToRedundancyMs)],
]));

/** Of each: the value for machines under its name, and the words beside it. */
const both = (all: readonly (readonly [string, Element])[]): Numbers => Object.fromEntries(all.flatMap(([name, element]) => {
  const data = byName(element, 'data')[0];
  return data === undefined ? [] : [[name, Number(data.attributes['value'])], [`${name}, as shown`, shown(textOf(data))]];
}));

function ofPage(run: RunRecord): Numbers {
  const { totals, accounting, measures, faults } = run.facts!;
  const sum = states.reduce((all, state) => all + accounting[state], 0);
  const twice = (name: string, value: number): Numbers => ({ [name]: value, [`${name}, as shown`]: value });
  return {
    ...Object.assign({}, ...Object.entries(totalWords).map(([name, words]) => twice(`total ${words}`, totals[name as keyof typeof totalWords]))),
    ...(accounting.baseCount === 0 ? {} : { 'accounting sum': sum, 'accounting of': accounting.baseCount }),
    ...(accounting.baseCount === 0 ? {} : Object.assign({}, ...states.map((state) => (isExact(run, state) ? twice(`state ${stateWords[state]}`, accounting[state]) : { [`state ${stateWords[state]}`]: accounting[state] })))),
    ...Object.assign({}, ...measures.map((fact) => ({ [`measure ${fact.measure}`]: fact.count, [`measure ${fact.measure}, as shown`]: wordsOf(run, fact) }))),
    ...Object.fromEntries(run.judgement.clauses.filter(({ measure }) => isCounted(run, measure)).map(({ measure }) => [`clause ${measureWords[measure].label}${measure === 'unavailableMs' ? ', in ms' : ''}`, countOf(run, measure)])),
    ...ofFaults(faults),
  };
}

const countOf = ({ facts }: RunRecord, measure: string): number => facts!.measures.find((fact) => fact.measure === measure)!.count;

/** Nothing is a bound and nothing is unknown: then it is a plain number everywhere. */
function isExact({ facts, status }: RunRecord, measure: string): boolean {
  const fact: MeasureFact | undefined = facts!.measures.find((each) => each.measure === measure);
  return status === 'completed' && (fact === undefined || fact.conclusive);
}

/** Whether its count is told as a number: the truth or a bound. */
const isCounted = (run: RunRecord, measure: string): boolean => run.facts!.measures.some((fact) => fact.measure === measure && (isExact(run, measure) || isBound(run, fact)));

/** Of an unfinished run even what is conclusive is a bound. */
const isBound = (run: RunRecord, { measure, conclusive, atLeast }: MeasureFact): boolean => !isExact(run, measure) && (conclusive || atLeast === true);

function wordsOf(run: RunRecord, fact: MeasureFact): number | string {
  const words = fact.measure === 'unavailableMs' ? formatDuration(fact.count) : fact.count;
  if (isExact(run, fact.measure)) return words;
  return isBound(run, fact) ? `≥ ${words.toLocaleString('en')}` : '—';
}

// Markdown: the one row of its table, and its faults.

function toldByMarkdown(text: string): Numbers {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith('| scenario | verdict | base'));
  const cells = (lines[head + 2] ?? '').split(' | ').map((cell) => cell.replace(/^\| /, '').split('<br>')[0]!.trim());
  const faults = lines.indexOf('| fault | to detect | to recover | to full redundancy | survivable? |');
  const rows = faults === -1 ? [] : lines.slice(faults + 2).slice(0, lines.slice(faults + 2).indexOf(''));
  return {
    base: shown(cells[2]?.split(' ')[0] ?? ''), 'word of the base': cells[2]?.replace(/^\S+ /, '') ?? '', lost: shown(cells[3] ?? ''), duplicated: shown(cells[4] ?? ''), 'time to recover': cells[5] ?? '',
    ...toldOfFaults(rows.map((row) => { const [, detect, recover, redundancy] = row.split(' | '); return { 'to detect': detect!, 'to recover': recover!, 'to full redundancy': redundancy! }; })),
  };
}

function ofMarkdown(run: RunRecord): Numbers {
  const { accounting, measures, faults } = run.facts!;
  const recovery = recoveryOf(run);
  const exact = measures.filter(({ measure }) => ['lost', 'duplicated'].includes(measure) && isExact(run, measure));
  return {
    base: accounting.baseCount, 'word of the base': accounting.base, ...Object.fromEntries(exact.map(({ measure, count }) => [measure, count])),
    'time to recover': recovery === null ? '—' : recovery === 'never' ? 'not recovered' : formatDuration(recovery), ...ofFaults(faults),
  };
}

// JUnit has numbers where a clause is not upheld, and how many cases came to what.

function toldByJunit(document: Element): Numbers {
  const [suite] = byName(document, 'testsuite');
  const cases = byName(suite!, 'testcase').map((each): readonly [string, string, number | string] => {
    const [bad] = each.children.filter(({ name }) => name === 'failure' || name === 'error');
    return [each.attributes['name']!, bad?.name ?? 'passed', leadingNumber((bad?.attributes['message'] ?? '').replace(/^\w+: /, ''))];
  });
  const count = (outcome: string): number => cases.filter(([, each]) => each === outcome).length;
  const { tests, failures, errors } = suite!.attributes;
  return {
    tests: Number(tests), failures: Number(failures), errors: Number(errors), 'cases that failed': count('failure'), 'cases in error': count('error'),
    ...Object.fromEntries(cases.flatMap(([name, outcome, number]) => [[`outcome of ${name}`, outcome], [`number of ${name}`, number]])),
  };
}

const outcomes = { upheld: 'passed', violated: 'failure', inconclusive: 'error' } as const;

function ofJunit(run: RunRecord): Numbers {
  const { judgement: { clauses, gates } } = run;
  const failures = clauses.filter((clause) => clauseVerdict(run, clause) === 'violated').length;
  return {
    tests: 2 + clauses.length + gates.length, failures, 'cases that failed': failures,
    ...Object.fromEntries(clauses.map((clause) => [`outcome of ${clause.measure}: ${clause.expected}`, outcomes[clauseVerdict(run, clause)]])),
    ...Object.fromEntries(clauses.filter((clause) => clauseVerdict(run, clause) !== 'upheld' && isCounted(run, clause.measure)).map(({ measure, expected }) => [`number of ${measure}: ${expected}`, countOf(run, measure)])),
  };
}

// OpenMetrics: every sample, and no other.

function toldByMetrics(text: string): Numbers {
  return Object.fromEntries(text.split('\n').flatMap((line) => {
    const [, family, labels, value] = /^leaderfall_(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (family === undefined || family === 'run_info') return [];
    const own = [...labels!.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].flatMap(([, name, text]) => (['scenario', 'version', 'repetition'].includes(name!) ? [] : [text]));
    return [[[family, ...own].join(' '), Number(value)]];
  }));
}

function ofMetrics(run: RunRecord): Numbers {
  const { totals: { attempted, acknowledged, handedOver, failed, indeterminate, deliveredIds, processedIds }, accounting, measures, attribution } = run.facts!;
  const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const exact = measures.filter(({ measure }) => isExact(run, measure));
  const bounds = measures.filter((fact) => isBound(run, fact));
  return {
    ...prefixed('messages', { attempted, acknowledged, handed_over: handedOver, failed, indeterminate, delivered: deliveredIds, processed: processedIds }),
    ...prefixed('accounted_messages', Object.fromEntries(states.filter((state) => state === 'processed' || state === 'unseen' || isExact(run, state)).map((state) => [snake(state), accounting[state]]))),
    ...measured('measure', 'unavailable_seconds', exact), ...measured('measure_least', 'unavailable_least_seconds', bounds),
    ...(isExact(run, 'lost') ? prefixed('lost_messages', { ...attribution }) : {}),
    ...ofTimes(run),
  };
}

const measured = (counts: string, seconds: string, facts: readonly MeasureFact[]): Numbers =>
  Object.fromEntries(facts.map(({ measure, count }) => (measure === 'unavailableMs' ? [seconds, count / 1000] : [`${counts} ${measure}`, count])));

/** What has no value has no sample. */
const present = (numbers: Readonly<Record<string, number | null>>): Numbers => Object.fromEntries(Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== null));
const seconds = (timeMs: number | null): number | null => (timeMs === null ? null : timeMs / 1000);

function ofTimes({ durationMs, status, judgement, facts }: RunRecord): Numbers {
  const { faults, unavailable, acknowledgeLatency: latency } = facts!;
  const windows = (survivable: boolean | null): number => unavailable.filter((window) => window.survivable === survivable).length;
  const verdict = status === 'completed' ? judgement.verdict : status;
  return {
    run_duration_seconds: durationMs / 1000,
    ...prefixed('run_verdict', Object.fromEntries(['upheld', 'violated', 'inconclusive', 'failed', 'interrupted'].map((name) => [name, Number(name === verdict)]))),
    ...prefixed('unavailable_windows', { survivable: windows(true), beyond: windows(false), unknown: windows(null) }),
    ...Object.assign({}, ...faults.map(({ id, delayMs, partitions, ...fault }) => ({
      ...present({ [`fault_delay_seconds ${id}`]: seconds(delayMs), ...timesOf('fault', id, fault) }),
      ...Object.assign({}, ...partitions.map(({ partition, survivable, ...own }) => present({
        [`partition_survivable ${id} ${partition}`]: survivable === null ? null : Number(survivable), ...timesOf('partition', `${id} ${partition}`, own),
      }))),
    }))),
    ...(latency === null ? {} : prefixed('acknowledge_latency_seconds', { '0.5': latency.p50Ms / 1000, '0.95': latency.p95Ms / 1000, '0.99': latency.p99Ms / 1000, '1.0': latency.maxMs / 1000 })),
    ...(latency === null ? {} : { acknowledge_latency_seconds_count: latency.count }),
  };
}

const timesOf = (what: string, whose: string, { timeToDetectMs, timeToRecoverMs, timeToRedundancyMs }: Pick<FaultFact, 'timeToDetectMs' | 'timeToRecoverMs' | 'timeToRedundancyMs'>) => ({
  [`${what}_detection_seconds ${whose}`]: seconds(timeToDetectMs), [`${what}_recovery_seconds ${whose}`]: seconds(timeToRecoverMs), [`${what}_redundancy_seconds ${whose}`]: seconds(timeToRedundancyMs),
});
