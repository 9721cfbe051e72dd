// design.md section 6 written down as literally as possible, with sets of ids and no thought for speed:
// what the checkers are compared with on random histories.
import { eventKinds, type EventName, type HistoryEvent } from '../../model/event.ts';
import type { Measure } from '../../model/contract.ts';

export interface NaiveInput {
  readonly events: readonly HistoryEvent[];
  readonly log: boolean;
  /** Per partition. */
  readonly committed: readonly number[];
  readonly concluded: boolean;
  readonly audited: boolean;
}

export interface Naive {
  readonly counts: Partial<Record<Measure, number>>;
  readonly accounting: { readonly baseCount: number; readonly processed: number; readonly deadLettered: number; readonly stuck: number; readonly lost: number; readonly unseen: number };
  readonly lost: ReadonlySet<string>;
}

type Ids = ReadonlySet<string>;
const minus = (a: Ids, b: Ids): Ids => new Set([...a].filter((id) => !b.has(id)));
const both = (a: Ids, b: Ids): Ids => new Set([...a].filter((id) => b.has(id)));
const plus = (a: Ids, b: Ids): Ids => new Set([...a, ...b]);
const idOf = ({ producer, sequence }: HistoryEvent): string => `${producer}:${sequence}`;

export function naive({ events, log, committed, concluded, audited }: NaiveInput): Naive {
  const all = (...names: readonly EventName[]) => events.filter(({ kind }) => names.some((name) => eventKinds[name] === kind));
  const ids = (...names: readonly EventName[]) => new Set(all(...names).map(idOf));
  const ranges = (name: EventName) => new Set(all(name).flatMap(({ producer, sequence, offset }) => Array.from({ length: offset }, (_, index) => `${producer}:${sequence + index}`)));

  const A = ids('acknowledged', 'handedOver');
  const sent = ids('sent');
  const kept = plus(minus(ranges('reserved'), ranges('released')), sent);
  const attemptsOf = (id: string) => all('sent').filter((event) => idOf(event) === id).length;
  const endsOf = (id: string) => all('acknowledged', 'handedOver', 'failed', 'indeterminate').filter((event) => idOf(event) === id).length;
  const openEnded = new Set([...kept].filter((id) => attemptsOf(id) === 0 || attemptsOf(id) > endsOf(id)));
  const I = minus(plus(ids('indeterminate'), openEnded), A);
  const F = minus(ids('failed'), plus(A, I));
  const D = ids('delivered', 'redelivered');
  const P = ids('processed');
  const B = ids('stored');
  const owed = log ? new Set(all('stored').filter(({ partition, offset }) => offset >= committed[partition]!).map(idOf)) : B;

  const aside = both(minus(A, P), ids('deadLettered'));
  const missing = minus(minus(A, P), aside);
  const passed = log && audited ? minus(B, owed) : new Set<string>();
  const lost = concluded ? minus(missing, owed) : new Set<string>();
  const stuck = concluded ? both(missing, owed) : new Set<string>();
  const unseen = concluded ? new Set<string>() : missing;

  const distinct = (list: readonly HistoryEvent[], key: (event: HistoryEvent) => string) => new Set(list.map(key)).size;
  const attempt = (event: HistoryEvent) => `${idOf(event)}/${event.attempt}`;
  const place = (event: HistoryEvent) => `${idOf(event)}@${event.partition}/${event.offset}`;
  const stored = all('stored');
  const deliveries = all('delivered', 'redelivered');
  const unflagged = all('delivered');
  const seen = [...deliveries, ...stored, ...all('deadLettered')];
  const copies = log ? stored.length - distinct(stored, attempt) : 0;
  const republished = log ? distinct(stored, attempt) - B.size : distinct(seen, attempt) - distinct(seen, idOf);
  const processedTwice = all('processed').length - P.size;
  const firstSentNs = new Map(all('sent').toSorted((a, b) => b.timeNs - a.timeNs).map((event) => [idOf(event), event.timeNs]));
  const placed = [...Map.groupBy(stored.filter((event) => sent.has(idOf(event))), (event) => `${idOf(event)}/${event.partition}`).values()]
    .map((records) => ({ ...records[0]!, id: idOf(records[0]!), sentNs: firstSentNs.get(idOf(records[0]!))!, earliest: Math.min(...records.map(({ offset }) => offset)) }));
  const behind = placed.filter((one) => placed.some((other) => other.producer === one.producer && other.partition === one.partition && other.sentNs < one.sentNs && other.earliest > one.earliest));
  const counts: Partial<Record<Measure, number>> = {
    lost: lost.size,
    deadLettered: aside.size,
    settledUnprocessed: minus(plus(ids('settled'), passed), P).size,
    stuck: stuck.size,
    unseen: unseen.size,
    erased: log && audited ? minus(A, B).size : 0,
    phantom: minus(D, kept).size,
    ghost: both(D, F).size,
    recovered: both(I, plus(D, B)).size,
    unroutable: both(A, ids('returned')).size,
    copies,
    republished,
    redelivered: log ? deliveries.length - distinct(deliveries, place) : all('redelivered').length,
    repeated: log ? 0 : unflagged.length - distinct(unflagged, attempt),
    processedTwice,
    duplicated: log ? copies + republished : processedTwice,
    ...(log ? { reordered: new Set(behind.map(({ id }) => id)).size } : {}),
    corrupted: all('corrupted').length,
    strangers: all('stranger').length,
    failed: F.size,
    indeterminate: I.size,
  };
  return { counts, lost, accounting: { baseCount: A.size, processed: both(A, P).size, deadLettered: aside.size, stuck: stuck.size, lost: lost.size, unseen: unseen.size } };
}
