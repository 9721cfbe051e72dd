// The way of clients to one port of a node, through a proxy of Toxiproxy's: brings trouble to it, ends it, and looks at it with a connection of its own.
import type { ClientLink, LinkTrouble } from '../../../model/cluster.ts';
import type { LinkQuestion } from '../../../model/engine.ts';
import { LeaderfallError } from '../../../model/errors.ts';
import { meetTrouble } from './meet-trouble.ts';
import type { ProxyState, ToxiproxyApi } from './toxiproxy-api.ts';
import { describeToxic, type Toxic, toxicsOf } from './toxics-of.ts';
import { WireProbe } from './wire-probe.ts';

export interface ProxiedLinkOptions {
  readonly api: ToxiproxyApi;
  /** Of the proxy. */
  readonly name: string;
  /** `host:port` of the proxy, and of the node without it. */
  readonly through: string;
  readonly direct: string;
  readonly question: LinkQuestion;
}

/** A node that works answers within milliseconds; one that does not has no connection whose fate could be told. */
const witnessMs = 2_000;
const undoMs = 10_000;

export class ProxiedLink implements ClientLink {
  readonly #options: ProxiedLinkOptions;
  #witness: WireProbe | null = null;

  constructor(options: ProxiedLinkOptions) {
    this.#options = options;
  }

  async apply(trouble: LinkTrouble, signal: AbortSignal): Promise<void> {
    const { api, name } = this.#options;
    this.#witness ??= await this.#openWitness();
    try {
      for (const toxic of toxicsOf(trouble)) await api.addToxic(name, toxic, signal);
      // A reset toxic waits for an open connection's next byte: switching the proxy off and on ends the idle ones as well.
      if (trouble.kind === 'down' || trouble.kind === 'reset') await api.setEnabled(name, false, signal);
      if (trouble.kind === 'reset') await api.setEnabled(name, true, signal);
    } catch (error) {
      // Half a trouble is none that anybody would end.
      await this.restore(AbortSignal.timeout(undoMs)).catch(() => {});
      throw error;
    }
  }

  async restore(signal: AbortSignal): Promise<void> {
    const { api, name } = this.#options;
    this.#witness?.[Symbol.dispose]();
    this.#witness = null;
    const { enabled, toxics } = await api.show(name, signal);
    for (const toxic of toxics) await api.removeToxic(name, toxic.name, signal);
    if (!enabled) await api.setEnabled(name, true, signal);
    const now = await api.show(name, signal);
    if (!now.enabled || now.toxics.length > 0) throw new LeaderfallError('E_NODE_FAILED', `The way of clients to ${name} is not free again: ${describeState(now)}`);
  }

  async observe(trouble: LinkTrouble, signal: AbortSignal): Promise<{ readonly ok: boolean; readonly detail: string }> {
    const { api, name, through, direct, question } = this.#options;
    const state = await api.show(name, signal);
    const met = await meetTrouble(trouble, { through, direct, question, witness: this.#witness });
    return { ok: isOn(trouble, state) && met.ok, detail: `${name}: ${describeState(state)}; ${met.detail}` };
  }

  async #openWitness(): Promise<WireProbe | null> {
    const probe = new WireProbe(this.#options.through);
    probe.send(this.#options.question.greeting);
    if (await probe.receives(1, witnessMs)) return probe;
    probe[Symbol.dispose]();
    return null;
  }
}

function isOn(trouble: LinkTrouble, { enabled, toxics }: ProxyState): boolean {
  if (trouble.kind === 'down') return !enabled;
  return enabled && toxicsOf(trouble).every((wanted) => toxics.some((toxic) => isSame(wanted, toxic)));
}

const isSame = (wanted: Toxic, { type, stream, attributes }: ProxyState['toxics'][number]): boolean =>
  wanted.type === type && wanted.stream === stream && Object.entries(wanted.attributes).every(([name, value]) => attributes[name] === value);

function describeState({ enabled, toxics }: ProxyState): string {
  if (!enabled) return 'its proxy is off';
  return toxics.length === 0 ? 'its proxy lets everything pass' : `its proxy has ${toxics.map((toxic) => describeToxic(toxic as Toxic)).join(', ')}`;
}
