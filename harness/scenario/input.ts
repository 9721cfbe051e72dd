// What people write, in TypeScript and in YAML alike: everything optional has a default, policies are flat.
import type { SettleMode } from '../model/client.ts';
import type { contracts } from '../model/contract-presets.ts';
import type { Contract } from '../model/contract.ts';
import type { Bounds, CrashPoint, FaultName, FaultParameters, Predictions, Routing, Trigger, VersionCondition } from '../model/scenario.ts';
import type { BrokerInputs } from './broker-specs.ts';
import type { PolicyNames } from './policies.ts';

/** Where a fault strikes; resolved when it is injected. `controller` is Kafka's active controller. */
type TargetInput =
  | { readonly producer: number }
  /** `between` makes the end exact: after the first of the two is recorded and done, before the second begins. */
  | { readonly consumer: number; readonly between?: CrashPoint }
  | { readonly leader: number }
  | { readonly follower: number }
  /** Every node that holds a copy of the partition. */
  | { readonly replicas: number }
  | { readonly node: string }
  | 'controller'
  /** The node that coordinates the consumers' group (Kafka). */
  | 'coordinator'
  /** Chosen by the run's seed. */
  | 'random'
  /** The leader of partition 0 is among them. */
  | 'minority'
  | 'majority'
  | 'all'
  /** Several nodes at once. */
  | readonly TargetInput[];

type StepInput =
  | { readonly wait: Trigger }
  | 'quiesce'
  | { readonly publish: { readonly count: number; readonly withinMs?: number } }
  /** `as` names the fault for `heal`; default: the fault's own name. */
  | { readonly inject: FaultName; readonly as?: string; readonly target: TargetInput; readonly with?: FaultParameters }
  | { readonly heal: string }
  /** Waits until the broker itself says that everything is back and in sync. Default 60,000 ms. */
  | 'redundant'
  | { readonly redundant: { readonly withinMs?: number } }
  | 'resume'
  | 'consume'
  /** Each node in turn, started again at once. `redundant` waits for full redundancy before the next; false is the unsafe way. Default fault: restart. */
  | { readonly rolling: { readonly fault?: 'stop' | 'kill' | 'restart'; readonly redundant: boolean; readonly between?: Trigger; readonly as?: string } }
  /** Kills the leader of partition 0, and each that leads after it. Between two: 500 attempted or 15,000 ms, unless said otherwise. */
  | { readonly chase: { readonly times: number; readonly between?: Trigger; readonly as?: string } }
  /** Faults on nodes, chosen by the seed: the same seed gives the same steps. Default faults: kill, stop, pause, restart. */
  | { readonly storm: { readonly seed: string | number; readonly times: number; readonly faults?: readonly FaultName[]; readonly between?: Trigger; readonly as?: string } };

/** Your own client, with driver `program`; it runs in the folder of the scenario's file. */
interface ProgramInput {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Fields that every broker's producers have. */
interface CommonProducerInput {
  readonly driver?: string;
  readonly program?: ProgramInput;
  readonly count?: number;
  readonly inFlight?: number;
  readonly batch?: number;
  readonly routing?: Routing;
  readonly keys?: number;
  readonly ratePerSecond?: number | null;
  readonly resend?: 'never' | 'unknown';
  readonly options?: Readonly<Record<string, unknown>>;
}

interface CommonConsumerInput {
  readonly driver?: string;
  readonly program?: ProgramInput;
  readonly count?: number;
  readonly start?: 'steady' | 'drain';
  readonly settle?: SettleMode;
  readonly prefetch?: number;
  readonly handlerMs?: number;
  readonly refuse?: { readonly every: number; readonly requeue?: boolean } | null;
  readonly options?: Readonly<Record<string, unknown>>;
}

interface CommonClusterInput {
  readonly version?: string;
  readonly nodes?: number;
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
  /** `server.properties`, relative to the scenario's file. */
  readonly propertiesFile?: string;
  /** `rabbitmq.conf`, relative to the scenario's file. */
  readonly configFile?: string;
}

type Kebab<Word extends string> = Word extends `${infer Head}${infer Tail}` ? `${Head extends Uppercase<Head> ? '-' : ''}${Lowercase<Head>}${Kebab<Tail>}` : '';
type ContractPreset = Kebab<keyof typeof contracts>;

/** Clauses; or the name of a preset; or a preset with clauses beside it, which win. */
type ContractInput = Contract | ContractPreset | (Contract & { readonly preset: ContractPreset });

/** For one broker: its name decides which policy fields exist. */
export interface ScenarioInputOf<Name extends keyof BrokerInputs> {
  readonly name: string;
  readonly title?: string;
  readonly tags?: readonly string[];
  readonly twin?: string | null;
  /** A delivery policy by name: fields written beside it win. */
  readonly policy?: PolicyNames[Name];
  readonly cluster: CommonClusterInput & { readonly broker: Name; readonly defects?: BrokerInputs[Name]['defects'] };
  readonly destination?: { readonly partitions?: number } & BrokerInputs[Name]['destination'];
  readonly producer?: CommonProducerInput & BrokerInputs[Name]['producer'];
  readonly consumer?: CommonConsumerInput & BrokerInputs[Name]['consumer'];
  readonly payloadBytes?: number;
  readonly steady?: Trigger;
  readonly steps: readonly StepInput[];
  readonly contract: ContractInput;
  /** By measure of the contract: what you expect to be measured, and why. Shown beside what was measured; judged by nobody. */
  readonly predicted?: Predictions;
  /** Versions of the broker that have this policy at all; default: all. */
  readonly only?: VersionCondition;
  /** Clauses that replace those of the contract on some versions. */
  readonly onVersions?: readonly (VersionCondition & { readonly contract: Contract })[];
  readonly bounds?: Partial<Bounds>;
  readonly sources?: readonly string[];
}

/** A scenario as it is written, for any broker. */
export type ScenarioInput = { [Name in keyof BrokerInputs]: ScenarioInputOf<Name> }[keyof BrokerInputs];
