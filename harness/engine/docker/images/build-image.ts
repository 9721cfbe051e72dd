// Builds an image from its folder under `docker/`, leaving nothing behind but the image.
import type Dockerode from 'dockerode';
import { describeError, isLeaderfallError, LeaderfallError } from '../../../model/errors.ts';
import { type Observation, waitUntil } from '../../../model/wait.ts';
import { baseReference, ensureBaseImage } from './base-image.ts';
import { contextFolder, contextHash, stageContext } from './build-context.ts';
import { readEngineStream } from './engine-stream.ts';
import type { ImageRequest } from './image-types.ts';
import { type BuildPlan, fullVersion } from './versions.ts';

export const versionLabel = 'org.opencontainers.image.version';
const keptLines = 30;

/** The tag that a build of this request gets; it changes when anything that goes into the image does. */
export async function builtReference(request: ImageRequest, plan: BuildPlan): Promise<string> {
  const inputs = [await baseReference(plan.suite), JSON.stringify(plan.buildArgs)];
  return `leaderfall/${request.name}:${fullVersion(request)}-${await contextHash(contextFolder(request.name), inputs)}`;
}

/**
 * Builds the image, and its base when that is missing. The caller holds the build lock.
 * @throws LeaderfallError `E_IMAGE_BUILD` with the last lines of the build's output.
 */
export async function buildImage(docker: Dockerode, request: ImageRequest, plan: BuildPlan, signal: AbortSignal, report: (step: string) => void): Promise<string> {
  const reference = await builtReference(request, plan);
  const base = await ensureBaseImage(docker, plan.suite, signal, report);
  await using context = await stageContext(contextFolder(request.name));
  const output = new BuildOutput(report);
  try {
    const stream = await docker.buildImage({ context: context.folder, src: [...context.entries] }, {
      t: reference, rm: true, forcerm: true, abortSignal: signal,
      buildargs: { ...machineArguments(), ...plan.buildArgs, BASE: base },
    });
    for await (const message of readEngineStream(stream)) output.add(message.stream ?? '');
    if (output.version !== undefined) await labelVersion(docker, reference, output.version);
    return reference;
  } catch (cause) {
    signal.throwIfAborted();
    if (isLeaderfallError(cause)) throw cause;
    throw new LeaderfallError('E_IMAGE_BUILD', `Building ${reference} failed.`, {
      cause, detail: `${output.lastLines()}\n${describeError(cause)}`,
      hint: 'Check that package mirrors are reachable, then run `leaderfall doctor --fix` again.',
    });
  } finally {
    await removeDangling(docker, output.imageIds);
  }
}

/** What one build printed: steps for the reader, image ids for cleaning up, the version that a package manager chose. */
class BuildOutput {
  readonly imageIds = new Set<string>();
  version: string | undefined;
  readonly #lines: string[] = [];
  readonly #report: (step: string) => void;

  constructor(report: (step: string) => void) {
    this.#report = report;
  }

  add(text: string): void {
    for (const line of text.split('\n').map((part) => part.trim()).filter(Boolean)) this.#addLine(line);
  }

  lastLines(): string {
    return this.#lines.join('\n');
  }

  #addLine(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
    const id = /^---> ([0-9a-f]{12})$/.exec(line)?.[1];
    if (id !== undefined) this.imageIds.add(id);
    const title = /^==> (.+)$/.exec(line)?.[1];
    // Only commands take time, and the long ones announce themselves with a title.
    const command = /^Step \d+\/\d+ : RUN (?!.*echo ['"]==>)(.+)$/.exec(line)?.[1];
    if (title ?? command) this.#report((title ?? command)?.slice(0, 70) ?? '');
    this.version ??= /^==> version (\S+)$/.exec(line)?.[1];
  }
}

/** A label cannot be computed inside a Dockerfile, so the finished image is committed once more with it. */
async function labelVersion(docker: Dockerode, reference: string, version: string): Promise<void> {
  const container = await docker.createContainer({ Image: reference });
  try {
    const [repo, tag] = reference.split(':');
    await container.commit({ repo, tag, changes: `LABEL ${versionLabel}=${version}` });
  } finally {
    await container.remove({ v: true });
  }
}

/**
 * Stages that no tag points at, and what a failed build got to; the engine names our own in its output. An interrupted
 * build holds its last image until the engine has stopped the running step.
 */
async function removeDangling(docker: Dockerode, ours: ReadonlySet<string>): Promise<void> {
  const observe = async (): Promise<Observation<void>> => {
    const dangling = await docker.listImages({ filters: { dangling: ['true'] } });
    const left = dangling.filter(({ Id }) => ours.has(Id.slice('sha256:'.length, 'sha256:'.length + 12)));
    if (left.length === 0) return { done: true, value: undefined };
    await Promise.allSettled(left.map(({ Id }) => docker.getImage(Id).remove()));
    return { done: false, seen: `${left.length} left` };
  };
  const { signal } = new AbortController();
  // What a build did is known by now, and images that stay are no reason to call it failed.
  await waitUntil(observe, { describe: 'unused build stages to go', timeoutMs: 5_000, signal }).catch(() => {});
}

/** How this machine reaches the outside: decides whether a build succeeds, and nothing of what is in the image. */
function machineArguments(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'GOPROXY', 'GOSUMDB', 'GOPRIVATE'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
