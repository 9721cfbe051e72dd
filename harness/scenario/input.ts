// What people write, in TypeScript and in YAML alike: everything optional has a default, policies are flat.
import type { SettleMode } from '../model/client.ts';
import type { Contract } from '../model/contract.ts';
import type { Bounds, FaultName, Trigger } from '../model/scenario.ts';
import type { BrokerInputs } from './broker-specs.ts';

/** Where a fault strikes; resolved when it is injected. `controller` is Kafka's active controller. */
type TargetInput =
  | { readonly leader: number }
  | { readonly follower: number }
  | { readonly node: string }
  | 'controller';

type StepInput =
  | { readonly wait: Trigger }
  | 'quiesce'
  | { readonly publish: { readonly count: number; readonly withinMs?: number } }
  /** `as` names the fault for `heal`; default: the fault's own name. */
  | { readonly inject: FaultName; readonly as?: string; readonly target: TargetInput }
  | { readonly heal: string }
  | 'resume';

/** Fields that every broker's producers have. */
interface CommonProducerInput {
  readonly driver?: string;
  readonly count?: number;
  readonly inFlight?: number;
  readonly batch?: number;
  readonly ratePerSecond?: number | null;
  readonly resend?: 'never' | 'unknown';
  readonly options?: Readonly<Record<string, unknown>>;
}

interface CommonConsumerInput {
  readonly driver?: string;
  readonly count?: number;
  readonly start?: 'steady' | 'drain';
  readonly settle?: SettleMode;
  readonly prefetch?: number;
  readonly handlerMs?: number;
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

/** For one broker: its name decides which policy fields exist. */
export interface ScenarioInputOf<Name extends keyof BrokerInputs> {
  readonly name: string;
  readonly title?: string;
  readonly tags?: readonly string[];
  readonly twin?: string | null;
  readonly cluster: CommonClusterInput & { readonly broker: Name; readonly defects?: BrokerInputs[Name]['defects'] };
  readonly destination?: { readonly partitions?: number } & BrokerInputs[Name]['destination'];
  readonly producer?: CommonProducerInput & BrokerInputs[Name]['producer'];
  readonly consumer?: CommonConsumerInput & BrokerInputs[Name]['consumer'];
  readonly payloadBytes?: number;
  readonly steady?: Trigger;
  readonly steps: readonly StepInput[];
  readonly contract: Contract;
  readonly bounds?: Partial<Bounds>;
  readonly sources?: readonly string[];
}

/** A scenario as it is written, for any broker. */
export type ScenarioInput = { [Name in keyof BrokerInputs]: ScenarioInputOf<Name> }[keyof BrokerInputs];
