// JUnit XML: a suite for each scenario (and version, where there are several), a case for each clause and each gate.
// Names are stable over runs: no seed, no time, no number in them.
// There is no official specification; the shape is the one that Jenkins, GitLab and testmo read.
import junitBuilder, { type Builder, type TestCase, type TestSuite } from 'junit-report-builder';
import type { Gate, JudgedClause, Judgement } from '../../harness/model/contract.ts';
import type { RunError, RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';
import { oneLine, plainText } from '../summary/plain-text.ts';
import { actualWords, clauseVerdict } from '../summary/quantity.ts';
import { brokerOf, versionLabels, versionLeftOut } from '../summary/versions.ts';
import { clauseTale, placeIn, runTale, type ReportPlace } from './tale.ts';

/** The package's types describe a default export inside the module; Node.js sees the builder itself. */
const builder = junitBuilder as unknown as Builder;

export function renderJunit(record: Pick<SuiteRecord, 'runs' | 'notRunnable' | 'notApplicable'> & Partial<Pick<SuiteRecord, 'folders' | 'suiteId'>>): string {
  const document = builder.newBuilder().name('leaderfall');
  const versionLabel = versionLabels(record);
  const place = placeIn(record);
  for (const run of record.runs) addRun(document, run, versionLabel(run), place);
  for (const { name, version, reason } of record.notApplicable) {
    const suite = document.testSuite().name(oneLine(`${name} (${brokerOf(name, record.runs)} ${version})`));
    skip(suite.testCase().className(className(name)).name('run'), `Does not apply to this version: ${reason}`);
  }
  for (const left of record.notRunnable) {
    const { name, reason } = left;
    const version = versionLeftOut(left, record);
    const suite = document.testSuite().name(oneLine(version === '' ? name : `${name} (${version})`));
    skip(suite.testCase().className(className(name)).name('run'), `Not runnable here: ${reason}`);
  }
  return `${document.build()}\n`;
}

/** The library knows no reason for what is skipped; Jenkins and GitLab show the attribute. */
function skip(result: TestCase, reason: string): void {
  const build = result.skipped().standardOutput(cdata(reason)).build.bind(result);
  result.build = (parent) => {
    const element = build(parent);
    const skipped = element.children.find((child): child is typeof element => 'name' in child && child.name === 'skipped');
    skipped?.att('message', oneLine(reason));
    return element;
  };
}

function addRun(document: Builder, run: RunRecord, version: string, place: ReportPlace): void {
  const { name } = run.scenario;
  const suite = document.testSuite().name(oneLine(name) + (version === '' ? '' : ` (${oneLine(version)})`) + (run.repetition > 1 ? ` (repetition ${run.repetition})` : ''));
  suite.timestamp(run.startedAt).time(run.durationMs / 1000);
  addProperties(suite, run);
  const newCase = (title: string): TestCase => suite.testCase().className(className(name)).name(oneLine(title));
  addRunCase(newCase('run').time(run.durationMs / 1000).standardOutput(cdata(runTale(run, place))), run);
  for (const clause of run.judgement.clauses) addClause(newCase(`${clause.measure}: ${clause.expected}`), run, clause, place);
  for (const gate of run.judgement.gates) addGate(newCase(`gate: ${gate.name}`), gate);
  addPower(newCase('power'), run.judgement);
}

/** Jenkins makes packages of what stands before dots. */
const className = (name: string): string => oneLine(name).replaceAll('.', '_').replaceAll('/', '.');

/** The library splits only the first `]]>`, so none may reach it. */
const cdata = (text: string): string => plainText(text).replaceAll(']]>', ']] >');

function addProperties(suite: TestSuite, run: RunRecord): void {
  const { environment } = run;
  const properties: readonly (readonly [string, string])[] = [
    ['run', run.runId], ['seed', run.seed], ['leaderfall', run.leaderfall], ['reproduce', run.reproduce], ['broker', `${run.scenario.cluster.broker} ${environment.brokerVersion}`],
    ...Object.entries(environment.drivers).map(([name, version]) => [`driver ${name}`, version] as const),
    ...environment.images.map((image) => [`image ${image.node}`, `${image.reference} ${image.id}`] as const),
  ];
  for (const [name, value] of properties) suite.property(oneLine(name), oneLine(value));
}

/** Whether it ran; and the verdict itself, where no clause or gate below explains it. */
function addRunCase(result: TestCase, { status, error, judgement }: RunRecord): void {
  if (error !== null) result.error(oneLine(error.message), error.code, cdata(errorText(error)));
  else if (status !== 'completed') result.error(`The run was ${status}`, status);
  else if (!explained(judgement)) {
    if (judgement.verdict === 'violated') result.failure(oneLine(judgement.sentence), 'verdict');
    if (judgement.verdict === 'inconclusive') result.error(oneLine(judgement.sentence), 'inconclusive');
  }
}

const errorText = ({ code, message, hint, detail, phase }: RunError): string =>
  [`${code}: ${message}`, phase === null ? '' : `Phase: ${phase}`, hint === null ? '' : `What to do: ${hint}`, detail ?? ''].filter((line) => line !== '').join('\n');

function explained({ verdict, clauses, gates, power }: Judgement): boolean {
  if (clauses.some((clause) => clause.verdict === verdict)) return true;
  return verdict !== 'violated' && (gates.some(({ passed }) => !passed) || power.state === 'not-shown');
}

/** A clause of a run that did not end is no passed test: what it counted is not the whole truth. */
function addClause(result: TestCase, run: RunRecord, clause: JudgedClause, place: ReportPlace): void {
  const { measure, expected, reason } = clause;
  const verdict = clauseVerdict(run, clause);
  const message = oneLine(`${measure}: ${actualWords(run, clause)}, expected ${expected}${reason === null ? '' : `. ${reason}`}`);
  // What the library calls a stack trace is the failure's text.
  if (verdict === 'violated') result.failure(message, measure).stacktrace(cdata(clauseTale(run, measure, place)));
  if (verdict === 'inconclusive') result.error(message, 'inconclusive', cdata(clauseTale(run, measure, place)));
}

function addGate(result: TestCase, { name, passed, detail }: Gate): void {
  if (!passed) result.error(oneLine(`Gate ${name} failed: ${detail}`), 'gate');
}

function addPower(result: TestCase, { power }: Judgement): void {
  if (power.state === 'not-shown') result.error(oneLine(power.detail), 'power');
}
