// Pulls a vendor's image where a registry answers, and finds out fast where none does.
import type Dockerode from 'dockerode';
import { describeError } from '../../../model/errors.ts';
import { readEngineStream } from './engine-stream.ts';

/** A registry that has said nothing by then is taken as unreachable. */
const answerMs = 6_000;
/** A pull that makes no progress for so long is given up. */
const stallMs = 60_000;

let unreachableBecause: string | undefined;

export type PullResult = { readonly pulled: true } | { readonly pulled: false; readonly reason: string };

/** Never throws for a registry's sake: not being able to pull is an answer. Once unreachable, not asked again by this process. */
export async function pullImage(docker: Dockerode, reference: string, signal: AbortSignal, report: (step: string) => void): Promise<PullResult> {
  if (unreachableBecause !== undefined) return { pulled: false, reason: unreachableBecause };
  const patience = new AbortController();
  let timer = setTimeout(() => patience.abort(), answerMs);
  try {
    const stream = await docker.pull(reference, { abortSignal: AbortSignal.any([signal, patience.signal]) });
    for await (const { status = '', id } of readEngineStream(stream)) {
      clearTimeout(timer);
      timer = setTimeout(() => patience.abort(), stallMs);
      if (/^(?:Pulling from|Pull complete|Status:|Digest:)/.test(status)) report(`${status}${id ? ` (${id})` : ''}`);
    }
    return { pulled: true };
  } catch (error) {
    signal.throwIfAborted();
    const reason = patience.signal.aborted ? 'the registry did not answer in time' : engineWords(error);
    if (patience.signal.aborted || isUnreachable(reason)) unreachableBecause = reason;
    return { pulled: false, reason };
  } finally {
    clearTimeout(timer);
  }
}

/** The engine's message without the HTTP client's prefix and the address that it asked. */
function engineWords(error: unknown): string {
  const words = error instanceof Error ? error.message : describeError(error);
  return words.replace(/^\(HTTP code \d+\) [\w ]+ - /, '').replace(/^Get "[^"]*": /, '').trim();
}

/** Anything but an answer about the image itself: name resolution, connection, proxy, certificate. */
export function isUnreachable(reason: string): boolean {
  return !/not found|manifest unknown|does not exist|denied|unauthorized|toomanyrequests|no matching manifest/i.test(reason);
}
