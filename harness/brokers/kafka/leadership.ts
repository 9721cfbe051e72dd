// Changes of leadership over the wire: the order of replicas decides who is preferred, and an election puts that one in its place.
import { alterPartitionReassignmentsV0 } from '@platformatic/kafka';
import type { Destination, Leadership, PartitionTopology } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';
import { nodeNumber } from './node-ids.ts';
import { metadataOf, partitionsOf } from './topology.ts';
import { codeName, codes } from './wire/codes.ts';
import { electionTypes, electLeadersV2 } from './wire/elect-leaders.ts';
import type { Wire } from './wire/wire.ts';

const requestTimeoutMs = 10_000;
const orderedWithinMs = 10_000;
/** The controller has not heard yet of what the request builds on: it is asked again. */
const notYet: readonly number[] = [codes.notController, codes.requestTimedOut, codes.eligibleLeadersNotAvailable];

export class KafkaLeadership implements Leadership {
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** The same replicas in another order move no data; the election then makes the first of them the leader (KIP-455, KIP-460). */
  async transfer(destination: Destination, partition: number, signal: AbortSignal): Promise<string> {
    const { leader, replicas, inSync } = await this.#layout(destination, partition, signal);
    const next = inSync.find((node) => node !== leader);
    if (leader === null || next === undefined) throw new LeaderfallError('E_NOT_READY', `No other replica of ${destination.name}/${partition} is in sync: ${inSync.join(', ') || 'none'}`, { hint: 'Wait for redundancy before the transfer.' });
    const order = [next, ...replicas.filter((node) => node !== next)];
    await this.#reorder(destination, partition, order, signal);
    await this.#elect(electionTypes.preferred, destination, partition, signal);
    return `${next} was put before ${leader} in the order of replicas and elected as preferred`;
  }

  async electPreferred(destination: Destination, partition: number, signal: AbortSignal): Promise<string> {
    const { leader, replicas: [preferred] } = await this.#layout(destination, partition, signal);
    await this.#elect(electionTypes.preferred, destination, partition, signal);
    return `the election of ${preferred ?? 'the preferred replica'} instead of ${leader ?? 'nobody'} was accepted`;
  }

  async electUnclean(destination: Destination, partition: number, signal: AbortSignal): Promise<string> {
    const { inSync } = await this.#layout(destination, partition, signal);
    await this.#elect(electionTypes.unclean, destination, partition, signal);
    return `the unclean election was accepted, with ${inSync.join(', ') || 'nobody'} in sync`;
  }

  async #layout(destination: Destination, partition: number, signal: AbortSignal): Promise<PartitionTopology> {
    const metadata = await this.#wire.any('admin', `tell the leaders of ${destination.name}`, signal, (link) => metadataOf(link, [destination.name]));
    const found = partitionsOf(metadata, destination.name).find((candidate) => candidate.partition === partition);
    if (found === undefined) throw new LeaderfallError('E_NOT_READY', `${destination.name}/${partition} is not known`, { hint: "See the nodes' logs in the run's folder." });
    return found;
  }

  /** Returns once the cluster itself has the new order. */
  async #reorder(destination: Destination, partition: number, order: readonly string[], signal: AbortSignal): Promise<void> {
    const { name } = destination;
    const question = { name, partitions: [{ partitionIndex: partition, replicas: order.map(nodeNumber) }] };
    const answer = await this.#wire.any('admin', `reorder the replicas of ${name}/${partition}`, signal, (link) => link.ask(alterPartitionReassignmentsV0.api, requestTimeoutMs, false, [question]));
    const code = answer.errorCode === codes.none ? (answer.responses[0]?.partitions[0]?.errorCode ?? -1) : answer.errorCode;
    if (code !== codes.none) throw refused(`another order of the replicas of ${name}/${partition}`, code, answer.errorMessage ?? null);
    await waitUntil(async () => {
      const { replicas } = await this.#layout(destination, partition, signal);
      return replicas[0] === order[0] ? { done: true, value: null } : { done: false, seen: replicas.join(', ') };
    }, { describe: `${order[0]} to be the preferred replica of ${name}/${partition}`, timeoutMs: orderedWithinMs, signal, intervalMs: 50 });
  }

  /** @throws `E_NOT_READY` with the broker's own words where there is nothing to elect. */
  async #elect(type: number, { name }: Destination, partition: number, signal: AbortSignal): Promise<void> {
    const refusal = await waitUntil(async () => {
      const answer = await this.#wire.any('admin', `elect the leader of ${name}/${partition}`, signal, (link) => link.ask(electLeadersV2, type, [{ topic: name, partitions: [partition] }], requestTimeoutMs));
      const result = answer.results[0]?.partitions[0];
      const code = answer.errorCode === codes.none ? (result?.errorCode ?? -1) : answer.errorCode;
      if (notYet.includes(code)) return { done: false, seen: codeName(code) };
      return { done: true, value: code === codes.none ? null : { code, message: result?.message ?? null } };
    }, { describe: `a leader of ${name}/${partition} to be elected`, timeoutMs: orderedWithinMs, signal });
    if (refusal !== null) throw refused(`an election for ${name}/${partition}`, refusal.code, refusal.message);
  }
}

const refused = (what: string, code: number, message: string | null): LeaderfallError =>
  new LeaderfallError('E_NOT_READY', `Kafka refuses ${what}: ${message ?? codeName(code)}`, { detail: codeName(code), hint: 'A preferred election needs another leader than the preferred one, an unclean one a partition without any.' });
