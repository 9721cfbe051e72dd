// Every format of a record at once: file name to content. Pure: the same record gives the same bytes.
import type { RunRecord, SuiteRecord } from '../harness/model/run-record.ts';
import { fileFormats, type FileFormat } from './formats.ts';
import { renderRunReport, renderSuiteReport } from './html/report.ts';
import { renderJson } from './json/json.ts';
import { renderJunit } from './junit/junit.ts';
import { renderRunMarkdown, renderSuiteMarkdown } from './markdown/markdown.ts';
import { renderRunMetrics, renderSuiteMetrics } from './openmetrics/openmetrics.ts';

type Files = Readonly<Record<string, string>>;
type Renderers<Subject> = Readonly<Record<FileFormat, readonly [file: string, render: (subject: Subject) => string]>>;

const ofSuite: Renderers<SuiteRecord> = {
  html: ['report.html', renderSuiteReport],
  junit: ['junit.xml', renderJunit],
  markdown: ['summary.md', renderSuiteMarkdown],
  openmetrics: ['metrics.txt', renderSuiteMetrics],
  json: ['suite.json', renderJson],
};

const ofRun: Renderers<RunRecord> = {
  html: ['report.html', renderRunReport],
  junit: ['junit.xml', (run) => renderJunit({ runs: [run], notRunnable: [], notApplicable: [] })],
  markdown: ['summary.md', renderRunMarkdown],
  openmetrics: ['metrics.txt', renderRunMetrics],
  json: ['run.json', renderJson],
};

/** One format of a suite, for a place outside its folder: there its links to the runs' folders would lead nowhere. */
export function renderSuiteAs(suite: SuiteRecord, format: FileFormat): string {
  const { folders: _, ...alone } = suite;
  // These name the suite's folder, and link to nothing.
  return ofSuite[format][1](format === 'json' || format === 'junit' ? suite : alone);
}

/** The files of a suite's folder. @param formats default: all; the record is among them always. */
export const renderSuite = (suite: SuiteRecord, formats?: readonly FileFormat[]): Files => filesOf(ofSuite, suite, formats);

/** The files of one run's folder. @param formats default: all; the record is among them always. */
export const renderRun = (run: RunRecord, formats?: readonly FileFormat[]): Files => filesOf(ofRun, run, formats);

function filesOf<Subject>(renderers: Renderers<Subject>, subject: Subject, formats: readonly FileFormat[] = fileFormats): Files {
  const wanted = fileFormats.filter((format) => format === 'json' || formats.includes(format));
  return Object.fromEntries(wanted.map((format) => [renderers[format][0], renderers[format][1](subject)]));
}
