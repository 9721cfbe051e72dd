// Whether a connection of our own meets the trouble that is said to be on the way to a node: the evidence beside Toxiproxy's own word.
import type { LinkTrouble } from '../../../model/cluster.ts';
import type { LinkQuestion } from '../../../model/engine.ts';
import { bytesPerMsOf } from './toxics-of.ts';
import { WireProbe } from './wire-probe.ts';

export interface Ways {
  /** The way of clients, `host:port`. */
  readonly through: string;
  /** The way around the proxy. */
  readonly direct: string;
  readonly question: LinkQuestion;
  /** A reset reaches clients as one: not behind a published port, where it is an ordinary end. */
  readonly tellsResets: boolean;
  /** A connection of clients' kind from before the trouble; null where none could be had. */
  readonly witness: WireProbe | null;
}

export interface Met {
  readonly ok: boolean;
  readonly detail: string;
}

/** What a node that works needs at most for an answer, on a busy machine. */
const answerMs = 5_000;
/** No byte for so long is silence: an answer takes a few milliseconds. */
const silentMs = 500;
/** So many at the same time, so many times over, by turns with the direct way: more at once would measure how busy the node is. */
const latencySamples = { atOnce: 4, rounds: 4 } as const;
/** How long the bytes should take that measure a bandwidth. */
const measureMs = 400;
/** What may be missing from it, for Toxiproxy counts in whole milliseconds and lets the first bytes pass. */
const tolerance = 0.7;
const slowMs = 30_000;

export function meetTrouble(trouble: LinkTrouble, ways: Ways): Promise<Met> {
  switch (trouble.kind) {
    case 'down': return meetsEnd(ways, false);
    case 'reset': return meetsEnd(ways, true);
    case 'silence': return meetsSilence(ways);
    case 'latency': return meetsLatency(ways, trouble.latencyMs, trouble.latencyMs + trouble.jitterMs);
    case 'bandwidth': return meetsBandwidth(ways, bytesPerMsOf(trouble));
    case 'cut-after': return meetsCut(ways, trouble.bytes);
  }
}

/** @param reset whether the connection must have been taken first, and reset; one that is not taken may look so behind a published port. */
async function meetsEnd({ through, question, tellsResets, witness }: Ways, reset: boolean): Promise<Met> {
  using probe = new WireProbe(through);
  probe.send(question.greeting);
  const ended = (await probe.ends(answerMs)) && probe.received === 0 && (!reset || (probe.connected && (!tellsResets || probe.end === 'ECONNRESET')));
  const old = witness === null ? 'there was none before' : `one from before ${(await witness.ends(answerMs)) ? `ended (${witness.end})` : 'is still open'}`;
  return { ok: ended && witness?.end !== null, detail: `a new connection ${fateOf(probe)}; ${old}` };
}

async function meetsSilence({ through, direct, question, witness }: Ways): Promise<Met> {
  using probe = new WireProbe(through);
  probe.send(question.greeting);
  const before = witness?.received ?? 0;
  witness?.send(question.echo);
  const [heard, witnessHeard, directMs] = await Promise.all([probe.receives(1, silentMs), witness?.receives(before + 1, silentMs) ?? false, answerTimeMs(direct, question, answerMs)]);
  // The old one may have ended with the node's process; that the new one stays open is what tells silence from an end.
  const open = probe.connected && probe.end === null;
  const old = witness === null ? '' : `, and one from before ${witnessHeard ? 'was answered' : witness.end === null ? 'is open and silent' : `ended (${witness.end})`}`;
  const node = directMs === null ? 'the node does not answer directly either' : `the node answers directly after ${tenths(directMs)} ms`;
  return { ok: !heard && !witnessHeard && open && directMs !== null, detail: `a new connection ${heard ? fateOf(probe) : `got no byte in ${silentMs} ms`}${old}; ${node}` };
}

/** Half of the latency is asked for, because the jitter may be as large as it. */
async function meetsLatency({ through, direct, question }: Ways, latencyMs: number, longestMs: number): Promise<Met> {
  const sample = (endpoint: string) => Promise.all(Array.from({ length: latencySamples.atOnce }, () => answerTimeMs(endpoint, question, answerMs + longestMs)));
  const late: (number | null)[] = [];
  const early: (number | null)[] = [];
  for (let round = 0; round < latencySamples.rounds; round += 1) {
    late.push(...(await sample(through)));
    early.push(...(await sample(direct)));
  }
  const [slow, quick] = [meanOf(late), meanOf(early)];
  if (slow === null || quick === null) return { ok: false, detail: `no answer ${slow === null ? 'through the proxy' : 'from the node directly'}` };
  return { ok: slow >= latencyMs / 2 && slow > quick, detail: `answers took ${tenths(slow)} ms, and ${tenths(quick)} ms directly, in the mean of ${late.length}` };
}

/** The same bytes both ways: how long they take through the proxy must follow from the rate. */
async function meetsBandwidth({ through, direct, question }: Ways, bytesPerMs: number): Promise<Met> {
  const bytes = bytesPerMs * measureMs;
  const [slow, quick] = [await transferMs(through, question, bytes), await transferMs(direct, question, bytes)];
  if (slow === null || quick === null) return { ok: false, detail: `${bytes} bytes did not come ${slow === null ? 'through the proxy' : 'from the node directly'}` };
  return { ok: slow >= measureMs * tolerance && slow > quick, detail: `${bytes} bytes took ${tenths(slow)} ms, and ${tenths(quick)} ms directly` };
}

async function meetsCut({ through, question }: Ways, bytes: number): Promise<Met> {
  using probe = new WireProbe(through);
  probe.send(question.greeting);
  if (await probe.receives(1, answerMs)) probe.send(echoes(question, bytes));
  const ended = await probe.ends(answerMs);
  return { ok: ended && probe.received <= bytes, detail: `a new connection ${ended ? `ended (${probe.end})` : 'is still open'} after ${probe.received} bytes` };
}

/** From the greeting to the first byte of its answer; null: none came. */
async function answerTimeMs(endpoint: string, { greeting }: LinkQuestion, withinMs: number): Promise<number | null> {
  using probe = new WireProbe(endpoint);
  const beganMs = performance.now();
  probe.send(greeting);
  return (await probe.receives(1, withinMs)) ? performance.now() - beganMs : null;
}

async function transferMs(endpoint: string, question: LinkQuestion, bytes: number): Promise<number | null> {
  using probe = new WireProbe(endpoint);
  probe.send(question.greeting);
  if (!(await probe.receives(1, slowMs))) return null;
  const beganMs = performance.now();
  const wanted = probe.received + bytes;
  probe.send(echoes(question, bytes));
  return (await probe.receives(wanted, slowMs)) ? performance.now() - beganMs : null;
}

/** As many as are answered with more than so many bytes. */
function echoes({ echo, echoAnswerBytes }: LinkQuestion, bytes: number): Uint8Array {
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / echoAnswerBytes) + 1 }, () => echo));
}

function fateOf(probe: WireProbe): string {
  if (probe.end === null) return probe.received === 0 ? 'got no byte and is open' : `was answered with ${probe.received} bytes`;
  return `${probe.connected ? 'was taken and ended' : 'was not taken'} (${probe.end}) after ${probe.received} bytes`;
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

function meanOf(samples: readonly (number | null)[]): number | null {
  const known = samples.filter((sample) => sample !== null);
  return known.length < samples.length ? null : known.reduce((sum, sample) => sum + sample, 0) / samples.length;
}
