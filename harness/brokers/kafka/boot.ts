// From started containers to a cluster that works by its own view, or to an error that shows what the brokers said.
import type { Node } from '../../model/cluster.ts';
import { redactText } from '../../model/configuration.ts';
import { isLeaderfallError, LeaderfallError } from '../../model/errors.ts';
import { waitUntil } from '../../model/wait.ts';
import type { TopologyReader } from './topology.ts';

const readyWithinMs = 120_000;
const lookEveryMs = 100;
/** Asking the engine costs more than asking a socket: once in so many looks. */
const statesEvery = 8;
const shownLines = 25;

/** What Kafka prints when it refuses a value, in the format step or at start. */
const refusedValue = /ConfigException|IllegalArgumentException|requirement failed|Invalid value|ClassNotFoundException/;
const ownComplaint = /((?:Config|IllegalArgument|ClassNotFound)Exception: .*)$/m;

/** @throws LeaderfallError `E_BROKER_SETTING`, `E_NODE_FAILED` for a node that exits, `E_NOT_READY`. */
export async function waitUntilReady(nodes: readonly Node[], topology: TopologyReader, signal: AbortSignal): Promise<void> {
  let looks = 0;
  let exited: Node | null = null;
  try {
    exited = await waitUntil<Node | null>(async () => {
      looks += 1;
      const dead = looks % statesEvery === 0 ? await findExited(nodes, signal) : null;
      if (dead !== null) return { done: true, value: dead };
      const { healthy, detail } = await topology.health(null, signal);
      return healthy ? { done: true, value: null } : { done: false, seen: detail };
    }, { describe: 'all brokers to see each other', timeoutMs: readyWithinMs, signal, intervalMs: lookEveryMs });
  } catch (error) {
    if (signal.aborted || !isLeaderfallError(error)) throw error;
    throw await notReady(nodes, error);
  }
  if (exited !== null) throw await failed(exited, signal);
}

async function findExited(nodes: readonly Node[], signal: AbortSignal): Promise<Node | null> {
  const states = await Promise.all(nodes.map((node) => node.state(signal)));
  return nodes.find((_, position) => states[position]?.status === 'exited') ?? null;
}

async function failed(node: Node, signal: AbortSignal): Promise<LeaderfallError> {
  const [text, state] = await Promise.all([node.lastLogLines(400), node.state(signal)]);
  const log = redactText(text);
  if (!refusedValue.test(log)) {
    return new LeaderfallError('E_NODE_FAILED', `${node.id} exited with code ${state.exitCode} while it started`, {
      hint: 'Read its last log lines below; `leaderfall doctor` checks memory, disk and images.',
      detail: lastLines(log, shownLines),
    });
  }
  const complaint = ownComplaint.exec(log)?.[1] ?? 'a setting was refused';
  return new LeaderfallError('E_BROKER_SETTING', `Kafka refuses the broker settings: ${complaint.replace('ConfigException: ', '')}`, {
    hint: 'Correct cluster.properties or the server.properties file; https://kafka.apache.org/documentation/#brokerconfigs has the names and ranges.',
    detail: log.split('\n').filter((line) => refusedValue.test(line)).slice(0, 5).join('\n'),
  });
}

async function notReady(nodes: readonly Node[], cause: LeaderfallError): Promise<LeaderfallError> {
  const logs = await Promise.all(nodes.map(async (node) => `--- ${node.id}\n${lastLines(redactText(await node.lastLogLines(shownLines)), shownLines)}`));
  return new LeaderfallError('E_NOT_READY', `The Kafka cluster was not ready in time. ${cause.message}`, {
    hint: 'Read the last log lines of each node below; on a loaded machine raise bounds.provisionMs.',
    cause,
    detail: logs.join('\n'),
  });
}

const lastLines = (text: string, count: number): string => text.trimEnd().split('\n').slice(-count).join('\n');

/** Brings every node back to running, once; the caller looks again, for a node may exit right after its start. */
export async function reviveNode(node: Node, signal: AbortSignal): Promise<void> {
  const { status } = await node.state(signal);
  if (status === 'paused') await node.unpause(signal);
  if (status === 'exited') await node.start(signal);
}
