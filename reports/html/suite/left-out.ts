// What the suite does not show, and why: never silently.
import type { SuiteRecord } from '../../../harness/model/run-record.ts';
import { folded } from '../block.ts';
import { plural } from '../../summary/format.ts';
import { markup, nothing, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { versionLeftOut } from '../../summary/versions.ts';

export function leftOut(suite: SuiteRecord): Markup {
  const { notRunnable, notApplicable } = suite;
  return markup`${notRunnable.length === 0 ? nothing : markup`<div class="overview" id="not-runnable">${table<(typeof notRunnable)[number]>({
    caption: `Not run here, and why${suite.allowsNotRunnable ? ' (allowed: it does not decide the exit code)' : ''}`, captionHidden: false, rows: notRunnable, stack: false,
    columns: [{ header: 'scenario', cell: (left) => `${left.name}${inBrackets(versionLeftOut(left, suite))}` }, { header: 'reason', cell: ({ reason }) => reason }],
  })}</div>`}${notApplicable.length === 0 ? nothing : markup`<div class="overview" id="not-applicable">${folded(`${plural(notApplicable.length, 'scenario')} left out because the broker’s version has no such policy`, table<(typeof notApplicable)[number]>({
    caption: 'Scenarios that their version does not have', rows: notApplicable, stack: false,
    columns: [{ header: 'scenario', cell: ({ name }) => name }, { header: 'version', cell: ({ version }) => version }, { header: 'reason', cell: ({ reason }) => reason }],
  }))}</div>`}`;
}

const inBrackets = (version: string): string => (version === '' ? '' : ` (${version})`);
