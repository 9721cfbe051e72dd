// One answer to "which image do I start": what is present, else what the vendor's registry gives, else what `docker/` builds.
import type Dockerode from 'dockerode';
import { LeaderfallError } from '../../../model/errors.ts';
import { acquireBuildLock } from './build-lock.ts';
import { buildImage, builtReference, versionLabel } from './build-image.ts';
import { reportSteps } from './image-progress.ts';
import type { ImageProgress, ImageRequest, ImageStatus, ResolvedImage } from './image-types.ts';
import { pullImage } from './pull-image.ts';
import { type BuildPlan, buildableVersions, buildPlan, fullVersion, officialReference } from './versions.ts';

export interface ResolveOptions {
  readonly signal: AbortSignal;
  readonly onProgress: ImageProgress;
  /** Default true. */
  readonly allowBuild?: boolean;
}

type FoundImage = Omit<ResolvedImage, 'source' | 'elapsedMs'>;

/**
 * Finds, pulls or builds an image.
 * @throws LeaderfallError `E_IMAGE_MISSING` when it is neither present nor to be had; `E_IMAGE_BUILD` when a build fails.
 */
export async function resolveImage(docker: Dockerode, request: ImageRequest, options: ResolveOptions): Promise<ResolvedImage> {
  const startedMs = performance.now();
  const result = (image: FoundImage, source: ResolvedImage['source']): ResolvedImage =>
    ({ ...image, source, elapsedMs: Math.round(performance.now() - startedMs) });
  const local = await findLocal(docker, request);
  if (local) return result(local, 'local');

  using report = reportSteps(`${request.name} ${fullVersion(request)}`, options.onProgress);
  const official = officialReference(request);
  let reason = 'there is no official image to pull';
  if (official !== undefined) {
    report(`looking for ${official} in its registry`);
    const pull = await pullImage(docker, official, options.signal, report);
    const image = pull.pulled ? await inspectReference(docker, official, request) : undefined;
    if (image) return result(image, 'pulled');
    if (!pull.pulled) reason = pull.reason;
  }
  const plan = buildPlan(request);
  if (!plan || options.allowBuild === false) throw missing(request, plan, reason);
  report(`building (${reason})`);
  return result(await buildOnce(docker, request, plan, options.signal, report), 'built');
}

/** What would be used, without pulling or building. */
export async function inspectImage(docker: Dockerode, request: ImageRequest): Promise<ImageStatus> {
  const plan = buildPlan(request);
  const local = await findLocal(docker, request);
  if (local) return { ...local, present: true, buildable: plan !== undefined };
  const reference = officialReference(request) ?? (plan ? await builtReference(request, plan) : `leaderfall/${request.name}:${request.version}`);
  return { reference, present: false, version: fullVersion(request), buildable: plan !== undefined };
}

/** Another process may have built it while this one waited for the lock. */
async function buildOnce(docker: Dockerode, request: ImageRequest, plan: BuildPlan, signal: AbortSignal, report: (step: string) => void): Promise<FoundImage> {
  await using _lock = await acquireBuildLock({ signal, onWait: (pid) => report(`waiting for the image build of process ${pid}`) });
  const reference = await builtReference(request, plan);
  const already = await inspectReference(docker, reference, request);
  if (already) return already;
  await buildImage(docker, request, plan, signal, report);
  const built = await inspectReference(docker, reference, request);
  if (built) return built;
  throw new LeaderfallError('E_IMAGE_BUILD', `The build of ${reference} ended well, and the engine has no such image.`, {
    hint: 'Something else removes images on this machine: stop it and run again.',
  });
}

/** A built image comes first: it starts faster than the official one. */
async function findLocal(docker: Dockerode, request: ImageRequest): Promise<FoundImage | undefined> {
  const plan = buildPlan(request);
  const official = officialReference(request);
  const built = plan ? await inspectReference(docker, await builtReference(request, plan), request) : undefined;
  return built ?? (official ? await inspectReference(docker, official, request) : undefined);
}

async function inspectReference(docker: Dockerode, reference: string, request: ImageRequest): Promise<FoundImage | undefined> {
  let image: Dockerode.ImageInspectInfo;
  try {
    image = await docker.getImage(reference).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
  // The official rabbitmq image tells its version in its environment, not in a label.
  const inEnvironment = image.Config.Env?.find((entry) => entry.startsWith('RABBITMQ_VERSION='))?.split('=')[1];
  const version = image.Config.Labels?.[versionLabel] ?? inEnvironment ?? fullVersion(request);
  const digest = image.RepoDigests?.[0]?.split('@')[1];
  return { reference, id: image.Id, version, ...(digest === undefined ? {} : { digest }) };
}

function missing(request: ImageRequest, plan: BuildPlan | undefined, reason: string): LeaderfallError {
  const versions = buildableVersions[request.name].join(', ');
  return new LeaderfallError('E_IMAGE_MISSING', `No image of ${request.name} ${request.version}: not present, and not pulled: ${reason}.`, {
    hint: plan
      ? 'Run `leaderfall doctor --fix` to build it.'
      : `Versions that can be built here: ${versions}. Any other needs an image registry.`,
  });
}
