// What runs in a container and what it printed: bounded commands, the last lines, whole logs as streams.
import { finished } from 'node:stream/promises';
import { PassThrough, type Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import type { ExecOptions, ExecResult, LogOptions } from '../../model/cluster.ts';
import { LeaderfallError } from '../../model/errors.ts';
import { engineCall } from './engine-call.ts';

/** Output of a command beyond this is cut: commands are asked for facts, not for floods. */
const maxOutputBytes = 4 * 1024 * 1024;

/**
 * Runs a command inside a running container. When time is up the wait ends; the command itself may go on, for the engine has no way to end it.
 * @throws LeaderfallError `E_TIMEOUT`, or `E_NODE_FAILED` when the container does not run or is paused.
 */
export async function execInContainer(docker: Dockerode, container: Dockerode.Container, command: readonly string[], options: ExecOptions): Promise<ExecResult> {
  const words = command.join(' ');
  const describe = `run "${words.length > 200 ? `${words.slice(0, 200)}…` : words}"`;
  let stream: NodeJS.ReadWriteStream | undefined;
  try {
    return await engineCall({ describe, signal: options.signal, timeoutMs: options.timeoutMs }, async (abortSignal) => {
      const exec = await container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true, abortSignal });
      stream = await exec.start({ hijack: false, stdin: false, abortSignal });
      const output = await collect(docker, stream);
      const { ExitCode } = await exec.inspect({ abortSignal });
      return { exitCode: ExitCode ?? -1, output };
    });
  } finally {
    (stream as unknown as Readable | undefined)?.destroy();
  }
}

async function collect(docker: Dockerode, stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const both = new PassThrough();
  both.on('data', (chunk: Buffer) => {
    if (size < maxOutputBytes) chunks.push(chunk);
    size += chunk.length;
  });
  docker.modem.demuxStream(stream, both, both);
  await finished(stream);
  return Buffer.concat(chunks).toString('utf8');
}

/** The last lines that a container printed, stdout and stderr together. */
export async function lastLines(container: Dockerode.Container, count: number, signal: AbortSignal): Promise<string> {
  const framed = await engineCall({ describe: 'give the last log lines', signal, timeoutMs: 10_000 }, (abortSignal) =>
    container.logs({ stdout: true, stderr: true, tail: count, abortSignal }));
  return unframe(framed);
}

/** Everything that a container printed so far. */
export async function openLog(docker: Dockerode, container: Dockerode.Container, { stamped, signal }: LogOptions): Promise<Readable> {
  // With the caller's signal alone: the bound is for the answer's begin, and would cut off what is still being read.
  const stream = await engineCall({ describe: 'give the whole log', signal, timeoutMs: 10_000 }, () => dialLog(docker, container.id, stamped, signal));
  const lines = new PassThrough();
  docker.modem.demuxStream(stream, lines, lines);
  stream.once('end', () => lines.end()).once('error', (error: Error) => lines.destroy(error));
  // Whoever has read enough, or has no more time, ends the answer too.
  lines.once('close', () => (stream as unknown as Readable).destroy());
  return lines;
}

/** `Container.logs` reads a log that it does not follow into memory as a whole; a broker's log can be large. */
function dialLog(docker: Dockerode, containerId: string, stamped: boolean, abortSignal: AbortSignal): Promise<NodeJS.ReadableStream> {
  const path = `/containers/${containerId}/logs?stdout=1&stderr=1&timestamps=${stamped ? 1 : 0}&follow=0`;
  return new Promise((resolve, reject) => {
    docker.modem.dial({ path, method: 'GET', isStream: true, abortSignal, statusCodes: { 200: true, 404: 'no such container', 500: 'server error' } } as never,
      (error: unknown, stream: unknown) => (error ? reject(error) : resolve(stream as NodeJS.ReadableStream)));
  });
}

const frameHeaderBytes = 8;

/** Takes the engine's framing off: eight bytes before each piece, the last four its length. */
export function unframe(framed: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + frameHeaderBytes <= framed.length;) {
    const length = framed.readUInt32BE(at + 4);
    pieces.push(framed.subarray(at + frameHeaderBytes, at + frameHeaderBytes + length));
    at += frameHeaderBytes + length;
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** A failure with the node's own last words as its detail. */
export async function withLastWords(error: LeaderfallError, container: Dockerode.Container): Promise<LeaderfallError> {
  const detail = await lastLines(container, 30, AbortSignal.timeout(5000)).catch(() => '');
  return new LeaderfallError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(detail === '' ? {} : { detail }),
    cause: error.cause,
  });
}
