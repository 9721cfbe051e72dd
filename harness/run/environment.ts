// What a run ran on: recorded so that numbers are only compared where environments match.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, release, totalmem, type } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from '../model/cluster.ts';
import type { Environment } from '../model/run-record.ts';

const require = createRequire(import.meta.url);

export function describeEnvironment(cluster: Cluster | null): Environment {
  return {
    node: process.versions.node,
    os: `${type()} ${release()}`,
    cpus: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    engine: cluster === null ? 'none' : cluster.broker === 'memory' ? 'child processes' : 'docker',
    brokerVersion: cluster?.version ?? 'none',
    images: cluster?.images ?? [],
    drivers: cluster === null ? {} : driverVersions(driversOf[cluster.broker]),
  };
}

const driversOf: Readonly<Record<Cluster['broker'], readonly string[]>> = {
  memory: [],
  kafka: ['kafkajs', '@platformatic/kafka'],
  rabbitmq: ['amqplib', 'rabbitmq-client'],
};

/** Package name to installed version: the drivers under test and the auditors. */
function driverVersions(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, packageVersion(require.resolve(name), name)]));
}

export const ownVersion = packageVersion(fileURLToPath(import.meta.url), 'leaderfall');

/** The version in the nearest package.json above a file that carries the package's name. */
function packageVersion(file: string, name: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: string; version?: string };
      if (found.name === name) return found.version ?? 'unknown';
    } catch {
      // No package.json here: look one folder up.
    }
  }
  return 'unknown';
}
