// What each fault can be told and at what it can strike: pure declarations for validation, documentation and the faults themselves.
import type { SettleMode } from './client.ts';
import type { CrashPoint, FaultName } from './scenario.ts';

export interface FaultParameter {
  /** `messages`, `processes`. */
  readonly unit: string;
  /** In words where it follows from the scenario; it then has no number here. */
  readonly default: number | string;
  readonly min: number;
  readonly max: number;
  readonly description: string;
}

export interface FaultDeclaration {
  /** One line for people. */
  readonly summary: string;
  /** What it can be aimed at. */
  readonly strikes: readonly ('node' | 'producer' | 'consumer')[];
  /** By the name that is written in `with`. */
  readonly parameters: Readonly<Record<string, FaultParameter>>;
}

const anyProcess = ['node', 'producer', 'consumer'] as const;

export const faultDeclarations: Readonly<Record<FaultName, FaultDeclaration>> = {
  kill: {
    summary: 'SIGKILL: no goodbye, no flush; healing starts a node again with its data, or a client as a new process',
    strikes: anyProcess, parameters: {},
  },
  stop: {
    summary: 'SIGTERM and a bounded wait: leaderships may be handed over, a client closes its connections; healing starts it again',
    strikes: anyProcess, parameters: {},
  },
  pause: {
    summary: 'freezes every process of the target: connections stay open and silent; healing thaws it',
    strikes: anyProcess, parameters: {},
  },
  'replication-cut': {
    summary: 'drops packets between the replication port of one node and all other nodes; healing removes the rules',
    strikes: ['node'], parameters: {},
  },
  stall: {
    summary: "a consumer's handlers no longer end, and deliveries pile up to its prefetch; healing lets them end",
    strikes: ['consumer'], parameters: {},
  },
  'crash-loop': {
    summary: 'a consumer dies by SIGKILL with deliveries in hand, is started again, and dies again; healing starts one that lives',
    strikes: ['consumer'],
    parameters: {
      times: { unit: 'processes', default: 3, min: 1, max: 100, description: 'how many processes die' },
      held: { unit: 'messages', default: "the consumer's prefetch (1 where that has no limit)", min: 1, max: 65_535, description: 'how many unprocessed deliveries each holds when it dies' },
    },
  },
};

/** The one crash point that a consumer of this mode ever reaches: with `after-processing` nothing is settled before it is handled, otherwise everything is. */
export const crashPointOf = (mode: SettleMode): CrashPoint => (mode === 'after-processing' ? 'processing-and-settling' : 'settling-and-processing');
