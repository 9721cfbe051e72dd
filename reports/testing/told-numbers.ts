// What the files of a run tell of its numbers, read back out of them, beside what run.json says. For tests only.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Accounting, MeasureFact, Totals } from '../../harness/model/facts.ts';
import type { RunRecord } from '../../harness/model/run-record.ts';
import { clauseVerdict } from '../summary/quantity.ts';
import { byName, descendants, parseXml, textOf, type Element } from './parse-xml.ts';

type Numbers = Readonly<Record<string, number | string>>;

const states = ['processed', 'deadLettered', 'stuck', 'lost', 'unseen'] as const satisfies readonly (keyof Accounting)[];

/** Every number that a file of the run tells and that is not the record's, in words; a number that is not told at all is one as well. */
export function disagreements(folder: string): readonly string[] {
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const run = JSON.parse(read('run.json')) as RunRecord;
  return [
    ...differences('report.html', toldByPage(parseXml(read('report.html'))), ofPage(run)),
    ...differences('summary.md', toldByMarkdown(read('summary.md')), ofMarkdown(run)),
    ...differences('junit.xml', toldByJunit(parseXml(read('junit.xml'))), ofJunit(run)),
    ...differences('metrics.txt', toldByMetrics(read('metrics.txt')), ofMetrics(run)),
  ];
}

const differences = (file: string, told: Numbers, recorded: Numbers): readonly string[] =>
  Object.entries(recorded).flatMap(([name, value]) => (told[name] === value ? [] : [`${file} says that ${name} is ${told[name]}, run.json ${value}`]));

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
  };
}

/** Of each: the value for machines under its name, and the words beside it. */
const both = (all: readonly (readonly [string, Element])[]): Numbers => Object.fromEntries(all.flatMap(([name, element]) => {
  const data = byName(element, 'data')[0];
  return data === undefined ? [] : [[name, Number(data.attributes['value'])], [`${name}, as shown`, shown(textOf(data))]];
}));

function ofPage(run: RunRecord): Numbers {
  const { totals, accounting, measures } = run.facts!;
  const sum = states.reduce((all, state) => all + accounting[state], 0);
  const twice = (name: string, value: number): Numbers => ({ [name]: value, [`${name}, as shown`]: value });
  return {
    ...Object.assign({}, ...Object.entries(totalWords).map(([name, words]) => twice(`total ${words}`, totals[name as keyof typeof totalWords]))),
    ...(accounting.baseCount === 0 ? {} : { 'accounting sum': sum, 'accounting of': accounting.baseCount }),
    ...(accounting.baseCount === 0 ? {} : Object.assign({}, ...states.map((state) => (isExact(run, state) ? twice(`state ${stateWords[state]}`, accounting[state]) : { [`state ${stateWords[state]}`]: accounting[state] })))),
    ...Object.assign({}, ...measures.map((fact) => ({ [`measure ${fact.measure}`]: fact.count, ...(fact.conclusive && run.status === 'completed' && fact.measure !== 'unavailableMs' ? { [`measure ${fact.measure}, as shown`]: fact.count } : {}) }))),
  };
}

/** Nothing is a bound and nothing is unknown: then it is a plain number everywhere. */
function isExact({ facts, status }: RunRecord, measure: string): boolean {
  const fact: MeasureFact | undefined = facts!.measures.find((each) => each.measure === measure);
  return status === 'completed' && (fact === undefined || fact.conclusive);
}

// Markdown: the one row of its table.

function toldByMarkdown(text: string): Numbers {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith('| scenario | verdict | base'));
  const cells = (lines[head + 2] ?? '').split(' | ').map((cell) => cell.replace(/^\| /, '').split('<br>')[0]!.trim());
  return { base: shown(cells[2]?.split(' ')[0] ?? ''), 'word of the base': cells[2]?.replace(/^\S+ /, '') ?? '', lost: shown(cells[3] ?? ''), duplicated: shown(cells[4] ?? '') };
}

function ofMarkdown(run: RunRecord): Numbers {
  const { accounting, measures } = run.facts!;
  const exact = measures.filter(({ measure }) => ['lost', 'duplicated'].includes(measure) && isExact(run, measure));
  return { base: accounting.baseCount, 'word of the base': accounting.base, ...Object.fromEntries(exact.map(({ measure, count }) => [measure, count])) };
}

// JUnit has numbers where a clause is not upheld, and how many cases came to what.

function toldByJunit(document: Element): Numbers {
  const [suite] = byName(document, 'testsuite');
  const cases = byName(suite!, 'testcase').map((each): readonly [string, string, number | string] => {
    const [bad] = each.children.filter(({ name }) => name === 'failure' || name === 'error');
    return [each.attributes['name']!, bad?.name ?? 'passed', shown(/^\w+: (?:≥ )?(\d[\d,]*)/.exec(bad?.attributes['message'] ?? '')?.[1] ?? '')];
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
  const { judgement: { clauses, gates }, facts } = run;
  const failures = clauses.filter((clause) => clauseVerdict(run, clause) === 'violated').length;
  const countOf = (measure: string): number => facts!.measures.find((fact) => fact.measure === measure)!.count;
  return {
    tests: 2 + clauses.length + gates.length, failures, 'cases that failed': failures,
    ...Object.fromEntries(clauses.map((clause) => [`outcome of ${clause.measure}: ${clause.expected}`, outcomes[clauseVerdict(run, clause)]])),
    ...Object.fromEntries(clauses.filter(({ verdict, measure }) => verdict === 'violated' && measure !== 'unavailableMs').map(({ measure, expected }) => [`number of ${measure}: ${expected}`, countOf(measure)])),
  };
}

// OpenMetrics.

function toldByMetrics(text: string): Numbers {
  return Object.fromEntries(text.split('\n').flatMap((line) => {
    const [, family, labels, value] = /^leaderfall_(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    const [, label] = /(?:outcome|state|measure|cause)="(\w+)"/.exec(labels ?? '') ?? [];
    return label === undefined ? [] : [[`${family} ${label}`, Number(value)]];
  }));
}

function ofMetrics(run: RunRecord): Numbers {
  const { totals: { attempted, acknowledged, handedOver, failed, indeterminate, deliveredIds, processedIds }, accounting, measures, attribution } = run.facts!;
  const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return {
    ...prefixed('messages', { attempted, acknowledged, handed_over: handedOver, failed, indeterminate, delivered: deliveredIds, processed: processedIds }),
    ...prefixed('accounted_messages', Object.fromEntries(states.filter((state) => isExact(run, state)).map((state) => [snake(state), accounting[state]]))),
    ...prefixed('measure', Object.fromEntries(measures.filter(({ measure }) => measure !== 'unavailableMs' && isExact(run, measure)).map(({ measure, count }) => [measure, count]))),
    ...(isExact(run, 'lost') ? prefixed('lost_messages', { ...attribution }) : {}),
  };
}
