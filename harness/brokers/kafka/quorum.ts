// The KRaft quorum's leader. Metadata cannot tell it: there a broker names a random broker as "controller"
// (KIP-595, KIP-853), so DescribeQuorum asks the metadata log itself. Slow or unknown answers never hold up a caller.
import { setTimeout as delay } from 'node:timers/promises';
import { describeQuorumV1 } from '@platformatic/kafka';
import type { NodeId } from '../../model/cluster.ts';
import { nodeName } from './node-ids.ts';
import type { Wire } from './wire/wire.ts';

/** How long a question may hold up callers while an answer younger than `staleAfterMs` is known, and where none is. */
const patienceMs = 15;
const firstPatienceMs = 300;
const staleAfterMs = 1500;

export class QuorumWatch {
  readonly #wire: Wire;
  #asking: Promise<void> | null = null;
  #askedAtMs = 0;
  #known: { readonly leader: NodeId | null; readonly atMs: number } = { leader: null, atMs: -Infinity };

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  /** null while nobody can say: the controller is gone and no other was elected yet. */
  async leader(signal: AbortSignal): Promise<NodeId | null> {
    if (this.#asking === null) {
      this.#askedAtMs = performance.now();
      this.#asking = this.#ask(signal).finally(() => {
        this.#asking = null;
      });
    }
    const untilMs = this.#askedAtMs + (this.#isFresh() ? patienceMs : firstPatienceMs);
    await Promise.race([this.#asking, delay(Math.max(0, untilMs - performance.now()), undefined, { ref: false })]);
    return this.#isFresh() ? this.#known.leader : null;
  }

  #isFresh(): boolean {
    return performance.now() - this.#known.atMs < staleAfterMs;
  }

  async #ask(signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.#wire.any('quorum', 'tell the controller', signal, (link) =>
        link.ask(describeQuorumV1.api, [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }]));
      const leader = answer.topics[0]?.partitions[0]?.leaderId ?? -1;
      this.#known = { leader: leader < 0 ? null : nodeName(leader), atMs: performance.now() };
    } catch {
      // Unknown is an answer: the last one ages until it counts as unknown too.
    }
  }
}
