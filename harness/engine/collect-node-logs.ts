// The nodes' logs as files: streamed, for a log can be large, and with secrets hidden before anything reaches the disk.
import { createWriteStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import type { CollectedLogs, LogOptions, Node, NodeId } from '../model/cluster.ts';
import { redactText } from '../model/configuration.ts';
import { describeError } from '../model/errors.ts';
import { untilAborted } from '../model/wait.ts';

type LoggingNode = Pick<Node, 'id' | 'log'>;

/** A key or a setting over several lines is hidden as a whole, and what only begins like one must not fill the memory. */
const mostHeldCharacters = 64 * 1024;

/** `<node>.log` for each node. Never rejects: one log that cannot be read does not take the others, and is named. */
export async function collectNodeLogs(nodes: readonly LoggingNode[], folder: string, options: LogOptions): Promise<CollectedLogs> {
  const incomplete: { readonly node: NodeId; readonly reason: string }[] = [];
  await Promise.all(nodes.map((node) => writeLog(node, join(folder, fileOf(node)), options).catch((error: unknown) => {
    incomplete.push({ node: node.id, reason: options.signal.aborted ? 'there was no more time' : describeError(error) });
  })));
  const isWhole = ({ id }: LoggingNode): boolean => !incomplete.some(({ node }) => node === id);
  return { files: nodes.filter((node) => isWhole(node) || hasContent(join(folder, fileOf(node)))).map(fileOf), incomplete };
}

const fileOf = ({ id }: LoggingNode): string => `${id}.log`;
const hasContent = (file: string): boolean => existsSync(file) && statSync(file).size > 0;

async function writeLog(node: LoggingNode, file: string, options: LogOptions): Promise<void> {
  const log = await untilAborted(node.log(options), options.signal);
  await pipeline(log, redacted, createWriteStream(file), { signal: options.signal });
}

async function* redacted(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let held = '';
  for await (const chunk of chunks) {
    held += decoder.write(chunk);
    const end = endOfWhole(held);
    if (end > 0) yield redactText(held.slice(0, end));
    held = held.slice(end);
  }
  yield redactText(held + decoder.end());
}

/** Where the last line ends after which neither a private key nor a setting goes on. */
function endOfWhole(text: string): number {
  const lines = lineEnd(text, text.length);
  const key = text.lastIndexOf('-----BEGIN ');
  const isOpen = key !== -1 && !text.slice(0, lines).includes('-----END ', key);
  let end = isOpen ? lineEnd(text, key) : lines;
  while (/\\\r?\n$/.test(text.slice(Math.max(0, end - 3), end))) end = lineEnd(text, end - 1);
  return text.length - end > mostHeldCharacters ? lines || text.length : end;
}

/** After the last line feed before the position. */
const lineEnd = (text: string, before: number): number => (before === 0 ? 0 : text.lastIndexOf('\n', before - 1) + 1);
