// One connection to one node, for single questions in Kafka's protocol. Connects when first asked and again after any
// failure; every question is bounded. Not the client under test: the harness and the audit look through it.
import { Connection, ResponseError, type API } from '@platformatic/kafka';
import type { NodeId } from '../../../model/cluster.ts';

export interface Endpoint {
  readonly node: NodeId;
  readonly host: string;
  readonly port: number;
}

/** Bounds of a connect and of a question, unless the lane says otherwise. */
const connectTimeoutMs = 1000;

export class Link implements AsyncDisposable {
  readonly node: NodeId;
  readonly #endpoint: Endpoint;
  readonly #requestTimeoutMs: number;
  #connecting: Promise<Connection> | null = null;

  constructor(endpoint: Endpoint, requestTimeoutMs: number) {
    this.node = endpoint.node;
    this.#endpoint = endpoint;
    this.#requestTimeoutMs = requestTimeoutMs;
  }

  /** An answer with error codes in it is an answer: the caller reads the codes. @throws when no answer came. */
  async ask<Arguments extends unknown[], Answer>(api: API<Arguments, Answer>, ...question: Arguments): Promise<Answer> {
    const connecting = (this.#connecting ??= this.#connect(() => this.#forget(connecting)));
    try {
      return await api.async(await connecting, ...question);
    } catch (error) {
      if (error instanceof ResponseError && error['response'] !== undefined) return error['response'] as Answer;
      this.#forget(connecting);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#connecting !== null) this.#forget(this.#connecting);
  }

  /** @param closed called when the node hangs up, so that a restarted node is not asked over its dead connection. */
  async #connect(closed: () => void): Promise<Connection> {
    const connection = new Connection('leaderfall-harness', { connectTimeout: connectTimeoutMs, requestTimeout: this.#requestTimeoutMs, maxInflights: 16 });
    connection.on('error', () => {}); // The question that was under way reports it.
    await connection.connect(this.#endpoint.host, this.#endpoint.port);
    connection.once('close', closed);
    return connection;
  }

  /** The next question connects anew; the old socket is not waited for, its node may be frozen. */
  #forget(connecting: Promise<Connection>): void {
    if (this.#connecting === connecting) this.#connecting = null;
    connecting.then((connection) => connection.socket.destroy(), () => {});
  }
}
