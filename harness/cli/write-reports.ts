// What `--reporter` asks for beside the files in the suite's folder: copies elsewhere, and what GitHub Actions reads.
import { accessSync, appendFileSync, constants, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LeaderfallError } from '../model/errors.ts';
import type { SuiteRecord } from '../model/run-record.ts';
import { makeOutFolder } from '../run/suite-files.ts';
import { isFileFormat, type FileFormat } from '../../reports/formats.ts';
import type { Io } from './io.ts';
import type { ReporterChoice } from './option-values.ts';

/** What to write into the folders; undefined: all formats. */
export function formatsOf(reporters: readonly ReporterChoice[]): readonly FileFormat[] | undefined {
  const formats = reporters.flatMap(({ name }) => (isFileFormat(name) ? [name] : []));
  return reporters.length === 0 ? undefined : formats;
}

/** Before anything is started: a run of an hour must not end in a path that cannot be. @throws LeaderfallError `E_USAGE`. */
export function makeFoldersFor(reporters: readonly ReporterChoice[], history: string | null): void {
  for (const path of [...reporters.map((each) => each.path), history]) if (path !== null) write(path, () => accessSync(`${makeOutFolder(dirname(path))}/.`, constants.W_OK));
}

export interface ReportsToWrite {
  readonly suite: SuiteRecord;
  readonly reporters: readonly ReporterChoice[];
  /** Stdout is for the record alone. */
  readonly json: boolean;
  /** Markdown that follows the step summary: the comparison with a baseline, the trend. */
  readonly more: readonly string[];
}

/** @throws LeaderfallError `E_USAGE` for a path that cannot be written. */
export async function writeReports(io: Io, { suite, reporters, json, more }: ReportsToWrite): Promise<void> {
  if (reporters.length === 0) return;
  const { renderSuiteAs } = await import('../../reports/render.ts');
  for (const { name, path } of reporters) if (path !== null && isFileFormat(name)) write(path, (file) => writeFileSync(file, renderSuiteAs(suite, name)));
  if (!reporters.some(({ name }) => name === 'github')) return;
  const { renderAnnotations, renderStepSummary } = await import('../../reports/github/github.ts');
  (json ? io.stderr : io.stdout).write(renderAnnotations(suite));
  const summary = io.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined && summary !== '') write(summary, (file) => appendFileSync(file, renderStepSummary(suite, more)));
}

function write(path: string, how: (path: string) => void): void {
  try {
    makeOutFolder(dirname(path));
    how(path);
  } catch (error) {
    throw new LeaderfallError('E_USAGE', `The report ${path} cannot be written`, { hint: 'Choose a writable path; the reports in the suite\'s own folder are there.', cause: error });
  }
}
