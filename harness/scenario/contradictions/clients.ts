// Client settings that contradict each other, whatever the broker: drivers and programs, routing, refusing.
import type { BrokerSpec } from '../../model/broker.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { Problem } from '../problem.ts';
import { defaultKeys } from '../schema.ts';
import { contradiction } from './contradiction.ts';

export function clientContradictions(scenario: Scenario, spec: BrokerSpec): readonly Problem[] {
  return [...programs(scenario), ...routing(scenario, spec), ...refusing(scenario, spec)];
}

/** A program needs its command, and a library has none. */
function programs({ producer, consumer }: Scenario): readonly Problem[] {
  return ([['producer', producer], ['consumer', consumer]] as const).flatMap(([role, { driver, program }]) => {
    if (driver === 'program' && program === null) {
      return [contradiction([role, 'driver'], 'driver program needs to know which program to start', `Add ${role}.program: { command: [python3, client.py] }, or choose a library.`)];
    }
    if (driver !== 'program' && program !== null) {
      return [contradiction([role, 'program'], `is never started: the driver is ${driver}`, `Set ${role}.driver to program, or take program out.`)];
    }
    return [];
  });
}

function routing({ producer, destination }: Scenario, spec: BrokerSpec): readonly Problem[] {
  // Written as it is by default, it cannot be told from one that nobody wrote, and does no harm.
  if (producer.routing !== 'keyed' && producer.keys !== defaultKeys) {
    return [contradiction(['producer', 'keys'], `no message has a key: routing is ${producer.routing}`, 'Set producer.routing to keyed, or take keys out.')];
  }
  if (producer.routing === 'explicit' || spec.storeKind(destination) === 'log') return [];
  return [contradiction(['producer', 'routing'], `${producer.routing} chooses among partitions, and a queue has none`, 'Leave routing out, or choose a broker with partitions.')];
}

/** Only a broker that was not yet told can take a message back, and a log never does. */
function refusing({ consumer, destination }: Scenario, spec: BrokerSpec): readonly Problem[] {
  const path = ['consumer', 'refuse'];
  if (consumer.refuse === null) return [];
  if (spec.storeKind(destination) === 'log') return [contradiction(path, 'a record of a log cannot be refused: consumers only move their position', 'Take refuse out, or choose a queue.')];
  if (consumer.settle === 'after-processing') return [];
  return [contradiction(path, `with settle ${consumer.settle} a message is settled before its handler could refuse it`, 'Set consumer.settle to after-processing, or take refuse out.')];
}
