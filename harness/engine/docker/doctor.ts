// Names what this machine lacks for runs with brokers and the command that mends it; with `fix`, mends it first.
import { describeError, isLeaderfallError } from '../../model/errors.ts';
import { checkCores, checkEngine, checkFaults, checkImage, checkLeftovers, checkMemory, checkNode, checkPermission, checkPorts } from './doctor-checks.ts';
import { connectEngine, type Engine } from './engine-client.ts';
import { ensureEngine } from './ensure-engine.ts';
import type { ImageRequest } from './images/image-types.ts';
import { resolveImage } from './images/resolve-image.ts';
import { toxiproxyImage } from './images/versions.ts';
import { installStorageTools } from './storage/storage-tools.ts';
import { sweep } from './sweeper.ts';

export interface DoctorCheck {
  /** Stable: `node`, `engine`, `permission`, `image:kafka`, `net-admin`, `packet-loss`, `bandwidth`, `disk`, `memory`, `cores`, `ports`, `leftovers`. */
  readonly id: string;
  readonly title: string;
  readonly ok: boolean;
  /** False: a run gets by without it, or gets it by itself. */
  readonly required: boolean;
  readonly detail: string;
  /** A command, or a sentence where no command does it; null when there is nothing to mend. */
  readonly fix: string | null;
}

export interface DoctorReport {
  /** Every required check is ok. */
  readonly ok: boolean;
  readonly checks: readonly DoctorCheck[];
}

export interface DoctorOptions {
  readonly signal: AbortSignal;
  /** Default false. */
  readonly fix?: boolean;
  readonly onProgress?: (message: string) => void;
  /** Default: those of the demo suite. */
  readonly images?: readonly ImageRequest[];
  /** With `fix`: install the programs that faults of disks take, too. Default true. */
  readonly storage?: boolean;
}

/** What the demo suite starts. */
export const demoImages: readonly ImageRequest[] = [
  { name: 'kafka', version: '4.1' },
  { name: 'rabbitmq', version: '4.3' },
  { name: 'nettools', version: '1' },
  // Only scenarios with faults on the way of clients need it.
  toxiproxyImage,
];

/** Never throws for what it finds: that is in the report. @throws the signal's reason when aborted. */
export async function doctor(options: DoctorOptions): Promise<DoctorReport> {
  const { signal, images = demoImages } = options;
  const troubles = options.fix ? await mend(options, images) : new Map<string, string>();
  const connection = await connectEngine(signal).catch((error: unknown) => error);
  signal.throwIfAborted();
  const engine = isEngine(connection) ? connection : undefined;
  const checks = [
    checkNode(),
    checkEngine(connection),
    ...(engine || isLeaderfallError(connection) && connection.code === 'E_ENGINE_PERMISSION' ? [checkPermission(connection)] : []),
    ...(engine ? await engineChecks(engine, images, signal) : []),
    await checkPorts(),
  ].map((check) => withTrouble(check, troubles.get(check.id)));
  return { ok: checks.every(({ ok, required }) => ok || !required), checks };
}

async function engineChecks(engine: Engine, images: readonly ImageRequest[], signal: AbortSignal): Promise<readonly DoctorCheck[]> {
  const checks: DoctorCheck[] = [];
  for (const image of images) checks.push(await checkImage(engine, image));
  return [...checks, ...(await checkFaults(signal)), checkMemory(engine), checkCores(engine), await checkLeftovers(engine, signal)];
}

/** What could not be mended, by the id of the check that it belongs to. */
async function mend(options: DoctorOptions, images: readonly ImageRequest[]): Promise<ReadonlyMap<string, string>> {
  const { signal, onProgress = () => {} } = options;
  const troubles = new Map<string, string>();
  const attempt = async (id: string, step: () => Promise<void>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      signal.throwIfAborted();
      troubles.set(id, explain(error));
    }
  };
  let engine: Engine | undefined;
  await attempt('engine', async () => {
    engine = await ensureEngine({ fix: true, onProgress, signal });
  });
  if (!engine) return troubles;
  const { docker } = engine;
  await attempt('leftovers', async () => {
    const { removed } = await sweep(signal);
    if (removed.length > 0) onProgress(`removed ${removed.length} containers and networks of dead runs`);
  });
  if (engine.isLocal && options.storage !== false) await attempt('disk', () => installStorageTools({ onProgress, signal }));
  for (const image of images) {
    await attempt(`image:${image.name}`, async () => {
      const { reference, source } = await resolveImage(docker, image, { signal, onProgress: (event) => onProgress(`${event.image}: ${event.step}`) });
      onProgress(`image ${reference} (${source})`);
    });
  }
  return troubles;
}

function withTrouble(check: DoctorCheck, trouble: string | undefined): DoctorCheck {
  return trouble === undefined || check.ok ? check : { ...check, detail: `${check.detail}; mending it failed: ${trouble}` };
}

function explain(error: unknown): string {
  if (!isLeaderfallError(error)) return describeError(error);
  return [error.message, error.detail, error.hint].filter((part) => part !== undefined && part !== '').join('\n');
}

function isEngine(connection: unknown): connection is Engine {
  return typeof connection === 'object' && connection !== null && 'docker' in connection;
}
