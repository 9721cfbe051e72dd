// Versions of the AMQP libraries as installed, for the run record.
import { readFileSync } from 'node:fs';

const drivers = ['amqplib', 'rabbitmq-client'] as const;

/** Package name to version: the driver under test, and the auditor's. */
export function driverVersions(): Readonly<Record<string, string>> {
  return Object.fromEntries(drivers.map((name) => [name, installedVersion(name)]));
}

/** Walks up from the module to its own package.json: not every package exports it. */
function installedVersion(name: string): string {
  let folder = new URL('.', import.meta.resolve(name));
  while (folder.pathname !== '/') {
    const version = versionIn(new URL('package.json', folder), name);
    if (version !== null) return version;
    folder = new URL('..', folder);
  }
  return 'unknown';
}

function versionIn(file: URL, name: string): string | null {
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    return manifest.name === name ? (manifest.version ?? null) : null;
  } catch {
    return null;
  }
}
