// Every fault by its name. A new fault is one file in faults/ and one line here.
import type { FaultName } from '../model/scenario.ts';
import type { Fault } from './fault.ts';
import { kill } from './faults/kill.ts';
import { pause } from './faults/pause.ts';
import { replicationCut } from './faults/replication-cut.ts';
import { stop } from './faults/stop.ts';

export const faults: Readonly<Record<FaultName, Fault>> = { kill, stop, pause, 'replication-cut': replicationCut };
