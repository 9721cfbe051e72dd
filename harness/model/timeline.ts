// Everything in a run that is not a message: phases, faults, leaders, nodes, errors. One JSON object a line.
import type { AuditPositions, NodeId, NodeStatus } from './cluster.ts';
import type { FaultName, Phase } from './scenario.ts';

interface At {
  /** Nanoseconds since the run began. */
  readonly timeNs: number;
}

export type TimelineEntry = At & (
  | { readonly type: 'phase'; readonly phase: Phase; readonly edge: 'begin' | 'end'; readonly ok?: boolean; readonly detail?: string }
  /** `ok` false: a wait that was not reached within its bound. */
  | { readonly type: 'step'; readonly index: number; readonly kind: string; readonly edge: 'begin' | 'end'; readonly detail?: string; readonly ok?: boolean }
  /** trigger: the count was reached. begin: injection starts. struck: it returned. proved: checked. heal, healed: the way back. */
  | { readonly type: 'fault'; readonly id: string; readonly fault: FaultName; readonly strikes: 'node' | 'link' | 'client'; readonly edge: 'trigger' | 'begin' | 'struck' | 'proved' | 'heal' | 'healed'; readonly nodes: readonly NodeId[]; readonly detail: string; readonly ok?: boolean }
  /** Whether the victim led when it was struck, and whether leadership moved. */
  | { readonly type: 'led'; readonly id: string; readonly node: NodeId; readonly partition: number; readonly led: boolean | null; readonly detail: string }
  | { readonly type: 'leader'; readonly partition: number; readonly from: NodeId | null; readonly to: NodeId | null; readonly epoch: number | null }
  | { readonly type: 'in-sync'; readonly partition: number; readonly nodes: readonly NodeId[] }
  | { readonly type: 'controller'; readonly node: NodeId | null }
  | { readonly type: 'node'; readonly node: NodeId; readonly status: NodeStatus; readonly detail: string }
  | { readonly type: 'redundant'; readonly id: string; readonly detail: string }
  /** A closed publish: sequences `from` … `to − 1` of one producer, exposed to the fault that follows. */
  | { readonly type: 'closed'; readonly producer: number; readonly from: number; readonly to: number; readonly complete: boolean }
  | { readonly type: 'worker'; readonly worker: string; readonly edge: 'started' | 'stopped' | 'killed' | 'died'; readonly detail: string }
  | { readonly type: 'error'; readonly worker: string; readonly code: number; readonly name: string; readonly message: string }
  | { readonly type: 'drain'; readonly conclusive: boolean; readonly detail: string }
  | { readonly type: 'audit'; readonly conclusive: boolean; readonly detail: string; readonly records: number; readonly positions: AuditPositions }
  | { readonly type: 'note'; readonly source: string; readonly message: string }
);
export type TimelineType = TimelineEntry['type'];

/** An entry before its time is set. */
export type TimelineDraft = TimelineEntry extends infer Entry ? (Entry extends At ? Omit<Entry, 'timeNs'> : never) : never;
