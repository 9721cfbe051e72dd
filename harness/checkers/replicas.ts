// The replicas of one partition over time: how many were left at the worst moment of a stretch, and when all were back.
// What the broker said of who is in sync is joined with what faults had done, for its word comes late.
import type { NodeId } from '../model/cluster.ts';
import type { Survival } from '../model/facts.ts';
import type { Scenario } from '../model/scenario.ts';
import { absencesOf, type Absence, type ReplicaTimeline } from './absences.ts';
import { replicationNeedOf, type ReplicationNeed } from './replication-need.ts';
import type { FaultOutline } from './timeline-facts.ts';

interface Moment {
  readonly left: number;
  readonly nodesLeft: number;
  readonly away: readonly Absence[];
  readonly unclear: readonly Absence[];
}

const unseen = 'nobody saw its replicas before the first fault';

export class Replicas {
  /** Those that were in sync before the first fault: nothing else is known of what it should have. */
  readonly #expected: readonly NodeId[];
  readonly #looks: readonly { readonly timeNs: number; readonly nodes: readonly NodeId[] }[];
  readonly #absences: readonly Absence[];
  readonly #need: ReplicationNeed | null;
  readonly #wholeNs: readonly number[];
  readonly #clusterNodes: number;

  constructor(partition: number, timeline: ReplicaTimeline, scenario: Scenario) {
    this.#looks = timeline.inSync.filter((entry) => entry.partition === partition);
    this.#clusterNodes = scenario.cluster.nodes;
    this.#absences = absencesOf(partition, timeline, this.#clusterNodes);
    this.#wholeNs = timeline.wholeNs;
    this.#expected = this.#inSync(Math.min(Infinity, ...this.#absences.map(({ fromNs }) => fromNs))) ?? [];
    this.#need = this.#expected.length === 0 ? null : replicationNeedOf(scenario, this.#expected.length);
  }

  /** Over the stretch, which may have no end. */
  survival(fromNs: number, toNs: number): Survival {
    if (this.#expected.length === 0) return { survivable: null, because: unseen };
    const need = this.#need;
    if (need === null) return { survivable: null, because: 'how many acknowledgements the producer waits for is not known' };
    const moments = this.#changesWithin(fromNs, toNs).map((timeNs) => this.#at(timeNs));
    const enough = ({ left, nodesLeft }: Moment) => left >= need.replicas && (need.nodes === null || nodesLeft >= need.nodes);
    const worst = moments.reduce((least, moment) => (rank(moment, enough(moment)) < rank(least, enough(least)) ? moment : least));
    const because = this.#describe(worst, need);
    if (!enough(worst)) return { survivable: false, because };
    const unclear = moments.flatMap((moment) => moment.unclear)[0];
    return unclear === undefined ? { survivable: true, because } : { survivable: null, because: `whom ${unclear.node} still reached during ${unclear.fault} is not known` };
  }

  /**
   * How a partition fares from a strike until the next fault begins: what comes then is that one's.
   * @param nextNs when that is; Infinity: there is none.
   */
  survivalOf({ beginMs, struckNs, healedMs }: FaultOutline, nextNs: number): Survival {
    const beginNs = beginMs * 1e6;
    return this.survival(beginNs, Math.max(struckNs ?? beginNs, Math.min(nextNs, healedMs === null ? Infinity : healedMs * 1e6)));
  }

  /**
   * When all that were expected were in sync and no fault held one of them, at or after the time, and stayed so until another fault began.
   * Where the broker's view shows only who is online: when it was asked whether everything is whole, and said yes.
   * @returns null: not seen. The time itself where nothing was missing.
   */
  redundantNs({ struckNs, healedMs }: FaultOutline): number | null {
    if (struckNs === null) return null;
    const healedNs = healedMs === null ? Infinity : healedMs * 1e6;
    const confirmed = this.#wholeNs.find((timeNs) => timeNs >= healedNs) ?? null;
    if (this.#expected.length === 0) return confirmed;
    const changes = this.#changesWithin(struckNs, Infinity);
    const lasting = changes.find((timeNs, index) => this.#isWhole(timeNs) && this.#lasts(changes, index)) ?? null;
    if (lasting === struckNs || this.#need?.onlineOnly !== true) return lasting ?? confirmed;
    return confirmed;
  }

  /** Whole until a fault begins, or until the end. */
  #lasts(changes: readonly number[], index: number): boolean {
    const endNs = changes.slice(index).find((timeNs) => !this.#isWhole(timeNs));
    return endNs === undefined || this.#absences.some(({ fromNs }) => fromNs === endNs);
  }

  #isWhole(timeNs: number): boolean {
    const inSync = this.#inSync(timeNs) ?? [];
    return this.#expected.every((node) => inSync.includes(node) && !this.#absences.some((absence) => absence.node === node && isOn(absence, timeNs)));
  }

  #at(timeNs: number): Moment {
    const on = this.#absences.filter((absence) => isOn(absence, timeNs));
    const away = on.filter(({ reach }) => reach === 'away');
    const gone = new Set(away.map(({ node }) => node));
    const left = (this.#inSync(timeNs) ?? []).filter((node) => !gone.has(node)).length;
    return { left, nodesLeft: this.#clusterNodes - gone.size, away, unclear: on.filter(({ reach }) => reach === 'unclear') };
  }

  /** The last word before or at the time; null: there was none. */
  #inSync(timeNs: number): readonly NodeId[] | null {
    return this.#looks.findLast((look) => look.timeNs <= timeNs)?.nodes ?? null;
  }

  /** The beginning, and every later time at which something may be different. */
  #changesWithin(fromNs: number, toNs: number): readonly number[] {
    const edges = [...this.#looks.map(({ timeNs }) => timeNs), ...this.#absences.flatMap(({ fromNs: beginNs, toNs: endNs }) => [beginNs, endNs])];
    return [fromNs, ...[...new Set(edges)].filter((timeNs) => timeNs > fromNs && timeNs < toNs).toSorted((a, b) => a - b)];
  }

  #describe({ left, nodesLeft, away }: Moment, { replicas, nodes, rule }: ReplicationNeed): string {
    const names = [...new Set(away.map(({ node }) => node))];
    const while_ = names.length === 0 ? '' : ` while ${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} away`;
    const controllers = nodes !== null && nodesLeft < nodes ? `; ${nodesLeft} of ${this.#clusterNodes} controllers left, ${nodes} needed to elect a leader` : '';
    const all = this.#expected.length;
    const [noun, state] = this.#need?.onlineOnly === true ? ['members', 'online'] : ['replicas', 'in sync'];
    const kept = all === left ? `all ${left} ${noun} ${state}` : `${left} of ${all} ${noun} left ${state}`;
    return `${all === 1 ? `its only copy was ${left === 1 ? '' : 'not '}there` : kept}${while_}, ${replicas} needed (${rule})${controllers}`;
  }
}

const isOn = ({ fromNs, toNs }: Absence, timeNs: number): boolean => fromNs <= timeNs && timeNs < toNs;

/** Worse is less. */
const rank = ({ left }: Moment, enough: boolean): number => left + (enough ? 1_000 : 0);
