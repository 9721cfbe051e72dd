// Every format of a record at once: file name to content. Pure: the same record gives the same bytes.
import type { RunRecord, SuiteRecord } from '../harness/model/run-record.ts';
import { renderRunReport, renderSuiteReport } from './html/report.ts';
import { renderJson } from './json/json.ts';
import { renderJunit } from './junit/junit.ts';
import { renderRunMarkdown, renderSuiteMarkdown } from './markdown/markdown.ts';
import { renderRunMetrics, renderSuiteMetrics } from './openmetrics/openmetrics.ts';

/** The files of a suite's folder. */
export function renderSuite(suite: SuiteRecord): Readonly<Record<string, string>> {
  return {
    'report.html': renderSuiteReport(suite),
    'junit.xml': renderJunit(suite),
    'summary.md': renderSuiteMarkdown(suite),
    'metrics.txt': renderSuiteMetrics(suite),
    'suite.json': renderJson(suite),
  };
}

/** The files of one run's folder. */
export function renderRun(run: RunRecord): Readonly<Record<string, string>> {
  return {
    'report.html': renderRunReport(run),
    'junit.xml': renderJunit({ runs: [run], notRunnable: [], notApplicable: [] }),
    'summary.md': renderRunMarkdown(run),
    'metrics.txt': renderRunMetrics(run),
    'run.json': renderJson(run),
  };
}
