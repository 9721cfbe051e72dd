// Versions of brokers in one suite: named everywhere where a broker ran in more than one, nowhere else, so that names stay stable.
import type { NotRunnable, RunRecord, SuiteRecord } from '../../harness/model/run-record.ts';

export type Versioned = Pick<SuiteRecord, 'runs'> & Partial<Pick<SuiteRecord, 'notApplicable' | 'notRunnable' | 'repetitions'>>;

export const versionOf = (run: RunRecord): string => run.scenario.cluster.version;

/** The broker of a scenario that did not run: that of its runs on other versions, else what its name begins with. */
export const brokerOf = (name: string, runs: readonly RunRecord[]): string =>
  runs.find(({ scenario }) => scenario.name === name)?.scenario.cluster.broker ?? (name.includes('rabbitmq') ? 'rabbitmq' : name.includes('kafka') ? 'kafka' : name.split('/')[0] ?? name);

/** Versions of each broker, lowest first. */
export function versionsByBroker({ runs, notApplicable = [], notRunnable = [] }: Versioned): ReadonlyMap<string, readonly string[]> {
  const pairs = [
    ...runs.map((run) => ({ broker: run.scenario.cluster.broker as string, version: versionOf(run) })),
    ...[...notApplicable, ...notRunnable].flatMap(({ name, version }) => (version === undefined ? [] : [{ broker: brokerOf(name, runs), version }])),
  ];
  const groups = Map.groupBy(pairs, ({ broker }) => broker);
  return new Map([...groups].map(([broker, all]) => [broker, [...new Set(all.map(({ version }) => version))].toSorted(byVersion)]));
}

const byVersion = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** "kafka 4.1" where that broker ran in several versions; empty otherwise. */
export function versionLabels(suite: Versioned): (run: RunRecord) => string {
  const versions = versionsByBroker(suite);
  return (run) => {
    const { broker, version } = run.scenario.cluster;
    return (versions.get(broker)?.length ?? 0) > 1 ? `${broker} ${version}` : '';
  };
}

/** The version of a scenario that did not run, where that broker's runs are of several; empty otherwise. */
export function versionLeftOut({ name, version }: NotRunnable, suite: Versioned): string {
  const broker = brokerOf(name, suite.runs);
  return version !== undefined && (versionsByBroker(suite).get(broker)?.length ?? 0) > 1 ? `${broker} ${version}` : '';
}
