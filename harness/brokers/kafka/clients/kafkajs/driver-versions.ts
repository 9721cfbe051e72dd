// The versions of the client libraries, for the run record.
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

export const driverVersions = (): Readonly<Record<string, string>> =>
  Object.fromEntries(['kafkajs', '@platformatic/kafka'].map((name) => [name, versionOf(name)]));

function versionOf(name: string): string {
  const path = findPackageJSON(name, import.meta.url);
  if (path === undefined) return 'unknown';
  return (JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string }).version;
}
