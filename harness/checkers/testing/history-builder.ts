// Histories in memory, planted event by event: for tests of everything right of the waist.
// Each worker's events are put in the order of their time, as a worker records them.
import { eventKinds, noOffset, noPartition, noSequence, type EventName, type HistoryEvent } from '../../model/event.ts';
import type { EventBatch, HistorySource, WorkerInfo } from '../../model/history.ts';
import type { ClientError } from '../../model/outcome.ts';
import type { StoreKind } from '../../model/cluster.ts';
import type { Scenario } from '../../model/scenario.ts';
import type { TimelineDraft, TimelineEntry } from '../../model/timeline.ts';
import { EventColumns } from '../event-columns.ts';
import { planOf } from './plan.ts';

export type Role = WorkerInfo['role'];

/** Everything but the kind and the actor; `atMs` defaults to one microsecond after the worker's previous event. */
export interface EventFields {
  readonly atMs?: number;
  readonly producer?: number;
  readonly sequence?: number;
  readonly attempt?: number;
  readonly partition?: number;
  readonly offset?: number;
  readonly code?: number;
}

export interface BuilderOptions {
  readonly storeKind: StoreKind;
  readonly producers?: number;
  readonly consumers?: number;
  readonly scenario?: Partial<Scenario>;
}

export interface BuildOptions {
  /** Rows of each batch in turn, over and over; default: one batch. */
  readonly cuts?: readonly number[];
  /** Names of workers in the order in which their events are sealed; default: as a folder lists them, consumers before producers. */
  readonly order?: readonly string[];
}

interface Worker {
  readonly info: WorkerInfo;
  readonly events: HistoryEvent[];
}

export class HistoryBuilder {
  readonly #storeKind: StoreKind;
  readonly #workers = new Map<string, Worker>();
  readonly #timeline: TimelineEntry[] = [];
  #scenario: Partial<Scenario>;
  #integrity: HistorySource['integrity'] = { whole: true, detail: 'complete' };

  constructor({ storeKind, producers = 1, consumers = 1, scenario = {} }: BuilderOptions) {
    this.#storeKind = storeKind;
    this.#scenario = scenario;
    this.#worker('audit', 0);
    for (let index = 0; index < consumers; index++) this.#worker('consumer', index);
    for (let index = 0; index < producers; index++) this.#worker('producer', index);
  }

  /** An event as the worker of that role and index records it. */
  event(role: Role, actor: number, name: EventName, fields: EventFields = {}): this {
    const { events } = this.#worker(role, actor);
    const { atMs, producer = 0, sequence = noSequence, attempt = 0, partition = noPartition, offset = noOffset, code = 0 } = fields;
    const timeNs = atMs === undefined ? (events.at(-1)?.timeNs ?? 0) + 1_000 : atMs * 1e6;
    events.push({ kind: eventKinds[name], timeNs, producer, sequence, attempt, partition, offset, actor, code });
    return this;
  }

  /** An event of a producer about one of its own messages. */
  produced(producer: number, name: EventName, sequence: number, fields: EventFields = {}): this {
    return this.event('producer', producer, name, { producer, sequence, attempt: 1, ...fields });
  }

  consumed(consumer: number, name: EventName, producer: number, sequence: number, fields: EventFields = {}): this {
    return this.event('consumer', consumer, name, { attempt: 1, ...fields, producer, sequence });
  }

  audited(name: EventName, producer: number, sequence: number, fields: EventFields = {}): this {
    return this.event('audit', 0, name, { attempt: 1, ...fields, producer, sequence });
  }

  at(atMs: number, draft: TimelineDraft): this {
    this.#timeline.push({ timeNs: atMs * 1e6, ...draft } as TimelineEntry);
    return this;
  }

  /** What `code` 1, 2, … mean in a worker's events. */
  errors(role: Role, actor: number, errors: readonly ClientError[]): this {
    const worker = this.#worker(role, actor);
    this.#workers.set(worker.info.name, { ...worker, info: { ...worker.info, errors } });
    return this;
  }

  scenario(scenario: Partial<Scenario>): this {
    this.#scenario = { ...this.#scenario, ...scenario };
    return this;
  }

  broken(detail: string): this {
    this.#integrity = { whole: false, detail };
    return this;
  }

  /** Every event with its worker's role, for models that count in their own way. */
  get events(): readonly (HistoryEvent & { readonly role: Role })[] {
    return [...this.#workers.values()].flatMap(({ info, events }) => inTime(events).map((event) => ({ ...event, role: info.role })));
  }

  build({ cuts, order }: BuildOptions = {}): HistorySource {
    const names = order ?? [...this.#workers.keys()].sort();
    const columns = new EventColumns();
    for (const name of names) for (const event of inTime(this.#workers.get(name)!.events)) columns.push(event);
    const timeline = this.#timeline.toSorted((a, b) => a.timeNs - b.timeNs);
    return {
      plan: planOf(this.#scenario),
      storeKind: this.#storeKind,
      workers: names.map((name) => this.#workers.get(name)!.info),
      integrity: this.#integrity,
      async *batches(wanted = () => true) {
        let index = 0;
        for (const batch of cut(columns, cuts ?? [Math.max(1, columns.length)])) if (wanted(index++)) yield batch;
      },
      timeline: async () => timeline,
    };
  }

  get workerNames(): readonly string[] {
    return [...this.#workers.keys()];
  }

  #worker(role: Role, index: number): Worker {
    const name = role === 'audit' ? 'audit' : `${role}-${index}`;
    const known = this.#workers.get(name);
    if (known !== undefined) return known;
    const made: Worker = { info: { name, role, index, errors: [] }, events: [] };
    this.#workers.set(name, made);
    return made;
  }
}

const inTime = (events: readonly HistoryEvent[]): readonly HistoryEvent[] => events.toSorted((a, b) => a.timeNs - b.timeNs);

function* cut(columns: EventColumns, cuts: readonly number[]): Generator<EventBatch> {
  for (let from = 0, turn = 0; from < columns.length; turn++) {
    const to = Math.min(columns.length, from + Math.max(1, cuts[turn % cuts.length]!));
    yield columns.slice(from, to);
    from = to;
  }
}
