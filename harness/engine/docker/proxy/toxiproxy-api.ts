// Toxiproxy's HTTP interface, as much of it as is needed: https://github.com/Shopify/toxiproxy#http-api
import { z } from 'zod';
import { describeError, LeaderfallError } from '../../../model/errors.ts';
import type { Toxic } from './toxics-of.ts';

const toxicState = z.object({ name: z.string(), type: z.string(), stream: z.enum(['upstream', 'downstream']), attributes: z.record(z.string(), z.number()) });
const proxyState = z.object({ enabled: z.boolean(), toxics: z.array(toxicState) });
export type ProxyState = z.infer<typeof proxyState>;

const timeoutMs = 10_000;
const notFound = 404;

/** Every call: @throws LeaderfallError `E_NODE_FAILED` when Toxiproxy refuses or does not answer; the signal's reason when aborted. */
export class ToxiproxyApi {
  readonly #address: string;

  /** @param address `host:port`. */
  constructor(address: string) {
    this.#address = address;
  }

  async version(signal: AbortSignal): Promise<string> {
    return z.object({ version: z.string() }).parse(await this.#ask('GET', 'version', signal)).version;
  }

  /** @param listen and @param upstream `host:port`. */
  async create(name: string, listen: string, upstream: string, signal: AbortSignal): Promise<void> {
    await this.#ask('POST', 'proxies', signal, { name, listen, upstream, enabled: true });
  }

  async show(name: string, signal: AbortSignal): Promise<ProxyState> {
    return proxyState.parse(await this.#ask('GET', `proxies/${name}`, signal));
  }

  /** Off: nobody listens, and every connection is closed. */
  async setEnabled(name: string, enabled: boolean, signal: AbortSignal): Promise<void> {
    await this.#ask('POST', `proxies/${name}`, signal, { enabled });
  }

  /** Returns once every open connection has it. */
  async addToxic(name: string, toxicName: string, toxic: Toxic, signal: AbortSignal): Promise<void> {
    await this.#ask('POST', `proxies/${name}/toxics`, signal, { ...toxic, name: toxicName, toxicity: 1 });
  }

  /** One that is gone is no error. */
  async removeToxic(name: string, toxic: string, signal: AbortSignal): Promise<void> {
    await this.#ask('DELETE', `proxies/${name}/toxics/${toxic}`, signal);
  }

  async #ask(method: string, path: string, signal: AbortSignal, body?: object): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`http://${this.#address}/${path}`, {
        method, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      text = await response.text();
    } catch (cause) {
      signal.throwIfAborted();
      throw new LeaderfallError('E_NODE_FAILED', `Toxiproxy does not answer (${method} ${path}): ${describeError(cause)}`, { cause });
    }
    if (response.status === notFound && method === 'DELETE') return null;
    if (!response.ok) throw new LeaderfallError('E_NODE_FAILED', `Toxiproxy refuses ${method} ${path} with ${response.status}: ${text.slice(0, 200)}`);
    return text === '' ? null : JSON.parse(text);
  }
}
