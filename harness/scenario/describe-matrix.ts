// Scenario x version in words, for `--dry-run`: what runs where, and what does not, with the reason.
import type { Matrix } from './version-matrix.ts';

/** One line a scenario, then one a cell that is not there. */
export function describeMatrix({ scenarios, notApplicable }: Matrix): string {
  const cells = [...scenarios.map(({ name, cluster }) => ({ name, version: cluster.version })), ...notApplicable.map(({ name }) => ({ name, version: null }))];
  const width = Math.max(...cells.map(({ name }) => name.length));
  const rows = [...Map.groupBy(cells, ({ name }) => name)].map(([name, ofName]) => {
    const versions = ofName.flatMap(({ version }) => version ?? []);
    return `  ${name.padEnd(width)}  ${versions.length === 0 ? 'on none of these versions' : versions.join(', ')}`;
  });
  const absent = notApplicable.map(({ name, version, reason }) => `  not on ${version}: ${name}: ${reason}`);
  return ['matrix', ...rows, ...absent].join('\n');
}
