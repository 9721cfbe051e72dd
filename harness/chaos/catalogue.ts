// Every fault by its name. A new fault is one file in faults/, one line here and one declaration in model/fault-parameters.
import type { FaultName, Step } from '../model/scenario.ts';
import type { Fault } from './fault.ts';
import { bandwidthLimit } from './faults/bandwidth-limit.ts';
import { clientBandwidth } from './faults/client-bandwidth.ts';
import { clientCut } from './faults/client-cut.ts';
import { clientCutAfter } from './faults/client-cut-after.ts';
import { clientLatency } from './faults/client-latency.ts';
import { clientReset } from './faults/client-reset.ts';
import { clientSilence } from './faults/client-silence.ts';
import { connectionChurn } from './faults/connection-churn.ts';
import { crashLoop } from './faults/crash-loop.ts';
import { diskFull } from './faults/disk-full.ts';
import { diskReadOnly } from './faults/disk-read-only.ts';
import { diskWipe } from './faults/disk-wipe.ts';
import { kill } from './faults/kill.ts';
import { leaderElection, leaderTransfer, uncleanElection } from './faults/leadership.ts';
import { lostResponse } from './faults/lost-response.ts';
import { packetLoss } from './faults/packet-loss.ts';
import { partitionOneWay } from './faults/partition-one-way.ts';
import { partitionRing } from './faults/partition-ring.ts';
import { partition } from './faults/partition.ts';
import { pause } from './faults/pause.ts';
import { powerLoss } from './faults/power-loss.ts';
import { rebalanceStorm } from './faults/rebalance-storm.ts';
import { replicationCut } from './faults/replication-cut.ts';
import { restart } from './faults/restart.ts';
import { stall } from './faults/stall.ts';
import { stop } from './faults/stop.ts';

export const faults: Readonly<Record<FaultName, Fault>> = {
  kill, stop, restart, pause, stall, 'crash-loop': crashLoop,
  'replication-cut': replicationCut, partition, 'partition-one-way': partitionOneWay, 'partition-ring': partitionRing, 'packet-loss': packetLoss, 'bandwidth-limit': bandwidthLimit,
  'client-cut': clientCut, 'client-reset': clientReset, 'client-silence': clientSilence, 'lost-response': lostResponse, 'client-latency': clientLatency,
  'client-bandwidth': clientBandwidth, 'client-cut-after': clientCutAfter, 'connection-churn': connectionChurn,
  'power-loss': powerLoss, 'disk-full': diskFull, 'disk-read-only': diskReadOnly, 'disk-wipe': diskWipe,
  'leader-transfer': leaderTransfer, 'leader-election': leaderElection, 'unclean-election': uncleanElection,
  'rebalance-storm': rebalanceStorm,
};

/** What a step strikes: a fault aimed at a client strikes the client, whatever it would do to a node. */
export const strikesOf = ({ fault, target }: Extract<Step, { kind: 'inject' }>): Fault['strikes'] =>
  target.role === 'client' ? 'client' : faults[fault].strikes;
