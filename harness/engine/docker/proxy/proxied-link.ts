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
  /** A reset reaches clients as one. */
  readonly tellsResets: boolean;
}

/** A node that works answers within milliseconds; one that does not has no connection whose fate could be told. */
const witnessMs = 2_000;

/** Its toxics bear its mark, so that it ends alone; off is off for all, until nobody wants it any more. */
export class ProxiedLink implements ClientLink {
  readonly #options: ProxiedLinkOptions;
  /** By mark: connections from before each trouble. */
  readonly #witnesses = new Map<string, WireProbe | null>();
  /** Marks of the troubles that are the proxy being off. */
  readonly #off = new Set<string>();

  constructor(options: ProxiedLinkOptions) {
    this.#options = options;
  }

  async apply(mark: string, trouble: LinkTrouble, signal: AbortSignal): Promise<void> {
    const { api, name } = this.#options;
    this.#witnesses.set(mark, await this.#openWitness());
    for (const [index, toxic] of toxicsOf(trouble).entries()) await api.addToxic(name, toxicName(mark, index), toxic, signal);
    if (trouble.kind === 'down') this.#off.add(mark);
    // A reset toxic waits for an open connection's next byte: switching the proxy off and on ends the idle ones as well.
    if (trouble.kind === 'down' || trouble.kind === 'reset') await api.setEnabled(name, false, signal);
    if (trouble.kind === 'reset') await api.setEnabled(name, this.#isToBeEnabled, signal);
  }

  async restore(mark: string, signal: AbortSignal): Promise<void> {
    const { api, name } = this.#options;
    this.#witnesses.get(mark)?.[Symbol.dispose]();
    this.#witnesses.delete(mark);
    this.#off.delete(mark);
    const { enabled, toxics } = await api.show(name, signal);
    for (const toxic of toxics.filter(isOf(mark))) await api.removeToxic(name, toxic.name, signal);
    if (enabled !== this.#isToBeEnabled) await api.setEnabled(name, this.#isToBeEnabled, signal);
    const now = await api.show(name, signal);
    if (now.enabled !== this.#isToBeEnabled || now.toxics.some(isOf(mark))) throw new LeaderfallError('E_NODE_FAILED', `The way of clients to ${name} is not free of ${mark} again: ${describeState(now)}`);
  }

  async observe(mark: string, trouble: LinkTrouble, signal: AbortSignal): Promise<{ readonly ok: boolean; readonly detail: string }> {
    const { api, name, through, direct, question, tellsResets } = this.#options;
    const state = await api.show(name, signal);
    const met = await meetTrouble(trouble, { through, direct, question, tellsResets, witness: this.#witnesses.get(mark) ?? null });
    return { ok: this.#isOn(mark, trouble, state) && met.ok, detail: `${name}: ${describeState(state)}; ${met.detail}` };
  }

  get #isToBeEnabled(): boolean {
    return this.#off.size === 0;
  }

  /** What another trouble brought does not stand for this one. */
  #isOn(mark: string, trouble: LinkTrouble, { enabled, toxics }: ProxyState): boolean {
    if (trouble.kind === 'down') return !enabled && this.#off.has(mark);
    const [wanted, own] = [toxicsOf(trouble), toxics.filter(isOf(mark))];
    return enabled && own.length === wanted.length && wanted.every((toxic) => own.some((each) => isSame(toxic, each)));
  }

  async #openWitness(): Promise<WireProbe | null> {
    const probe = new WireProbe(this.#options.through);
    probe.send(this.#options.question.greeting);
    if (await probe.receives(1, witnessMs)) return probe;
    probe[Symbol.dispose]();
    return null;
  }
}

const toxicName = (mark: string, index: number): string => `${mark}.${index}`;
const isOf = (mark: string) => ({ name }: ProxyState['toxics'][number]): boolean => name.startsWith(`${mark}.`);

const isSame = (wanted: Toxic, { type, stream, attributes }: ProxyState['toxics'][number]): boolean =>
  wanted.type === type && wanted.stream === stream && Object.entries(wanted.attributes).every(([name, value]) => attributes[name] === value);

function describeState({ enabled, toxics }: ProxyState): string {
  if (!enabled) return 'its proxy is off';
  return toxics.length === 0 ? 'its proxy lets everything pass' : `its proxy has ${toxics.map((toxic) => describeToxic(toxic as Toxic)).join(', ')}`;
}
