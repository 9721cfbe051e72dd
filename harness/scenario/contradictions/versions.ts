// A policy on a version of the broker that does not have it, and conditions on versions that overlap.
import type { Scenario, VersionCondition } from '../../model/scenario.ts';
import type { Problem } from '../problem.ts';
import { contradiction } from './contradiction.ts';

/** null: the version has this policy. */
export function outsideOnly({ cluster, only }: Scenario): Problem | null {
  if (only === null || only.versions.includes(cluster.version)) return null;
  return contradiction(['cluster', 'version'], `${cluster.broker} ${cluster.version} does not have this policy: ${only.because}`, `Use ${only.versions.join(' or ')}.`);
}

/** @param conditions all that were written, whatever the version is. */
export function overlappingConditions(conditions: readonly VersionCondition[], only: VersionCondition | null): readonly Problem[] {
  const seen = new Set<string>();
  return conditions.flatMap(({ versions }, index) =>
    versions.flatMap((version, position): readonly Problem[] => {
      const path = ['onVersions', index, 'versions', position];
      if (seen.has(version)) return [contradiction(path, `version ${version} has two conditions`, 'Name each version once, with all that differs on it.')];
      seen.add(version);
      if (only === null || only.versions.includes(version)) return [];
      return [contradiction(path, `version ${version} does not have this policy at all: ${only.because}`, 'Take it out here, or add it to only.versions.')];
    }),
  );
}
