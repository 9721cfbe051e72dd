// Which client libraries were under test, by name and version.
import type { RunRecord } from '../../harness/model/run-record.ts';

/** "kafkajs 2.2.4", or "kafkajs 2.2.4, consuming with @platformatic/kafka 2.12.1"; for a program of the user's, its command. */
export function clientOf(run: RunRecord): string {
  const { producer, consumer } = run.scenario;
  const [produces, consumes] = [producer, consumer].map(({ driver, program }) => (program === null ? driverWords(run, driver) : `program ${program.command.join(' ')}`));
  return produces === consumes ? produces! : `${produces}, consuming with ${consumes}`;
}

/** A driver may be named shorter than its package. */
function driverWords({ environment }: RunRecord, driver: string): string {
  const known = Object.entries(environment.drivers);
  const [name, version] = known.find(([packageName]) => packageName === driver) ?? known.find(([packageName]) => packageName.includes(driver)) ?? [driver, ''];
  return `${name} ${version}`.trim();
}
