// What this machine's engine and kernel can do for faults, or why not: found out by trying, each thing once a process and only when it
// is asked for. `list`, `run` and `doctor` ask here.
import type { NetCapability } from '../../model/engine.ts';
import { describeError, isLeaderfallError } from '../../model/errors.ts';
import { machineNeeds, type Capabilities, type Capable, type MachineNeed } from '../../model/machine-needs.ts';
import { connectEngine, type Engine } from './engine-client.ts';
import type { ImageRequest } from './images/image-types.ts';
import { inspectImage, resolveImage } from './images/resolve-image.ts';
import { toxiproxyImage } from './images/versions.ts';
import { probeNetwork } from './probe-network.ts';
import { storageCapability } from './storage/storage-capability.ts';

export interface CapabilityOptions {
  readonly signal: AbortSignal;
  /** Pull or build an image that a probe needs; otherwise what cannot be tried without one counts as possible. Default false. */
  readonly getImages?: boolean;
  readonly onProgress?: (message: string) => void;
}

/** As `run` and `list` take it, so that a test can be a machine that lacks something. */
export type CapabilitiesHere = (needs: readonly MachineNeed[], options: CapabilityOptions) => Promise<Capabilities>;

export const nettools: ImageRequest = { name: 'nettools', version: '1' };

/** Never rejects for what is missing: that is the answer. Where no engine answers, nothing else can. @throws the signal's reason when aborted. */
export const capabilitiesHere: CapabilitiesHere = async (needs, options) => {
  if (needs.length === 0) return new Map();
  const engine = await connectEngine(options.signal).catch((error: unknown) => (isLeaderfallError(error) ? error.message : describeError(error)));
  options.signal.throwIfAborted();
  const here = new Map<MachineNeed, Capable>();
  for (const need of machineNeeds.filter((one) => needs.includes(one))) {
    here.set(need, typeof engine === 'string' ? { ok: false, reason: engine } : await probes[need](engine, options));
  }
  return here;
};

type Probe = (engine: Engine, options: CapabilityOptions) => Promise<Capable>;

const probes: Readonly<Record<MachineNeed, Probe>> = {
  engine: async ({ version, address }) => ({ ok: true, reason: `${version} at ${address}` }),
  'node-links': network,
  'replication-cut': network,
  'packet-loss': async (engine, options) => (await network(engine, options)).packetLoss,
  bandwidth: async (engine, options) => (await network(engine, options)).bandwidth,
  'client-links': proxy,
  disk: ({ isLocal }) => storageCapability(isLocal),
};

/** One container answers for all network faults. What hangs on an image that is not there yet is asked again the next time. */
async function network(engine: Engine, options: CapabilityOptions): Promise<NetCapability> {
  if (tried !== undefined) return await tried;
  const image = await imageHere(engine, nettools, options);
  if (image.reference === null) return { ...image.instead, packetLoss: image.instead, bandwidth: image.instead };
  tried ??= probeNetwork(engine, image.reference, options.signal).catch((error: unknown) => {
    tried = undefined;
    throw error;
  });
  return await tried;
}
let tried: Promise<NetCapability> | undefined;

/** It needs nothing but its image, which takes minutes to build: longer than a cluster may take to start. */
async function proxy(engine: Engine, options: CapabilityOptions): Promise<Capable> {
  const image = await imageHere(engine, toxiproxyImage, options);
  return image.reference === null ? image.instead : { ok: true, reason: 'clients can be led through a proxy' };
}

type Here = { readonly reference: string } | { readonly reference: null; readonly instead: Capable };

async function imageHere({ docker }: Engine, request: ImageRequest, { signal, getImages = false, onProgress = () => {} }: CapabilityOptions): Promise<Here> {
  try {
    if (getImages) return await resolveImage(docker, request, { signal, onProgress: ({ image, step }) => onProgress(`${image}: ${step}`) });
    const { present, reference } = await inspectImage(docker, request);
    return present ? { reference } : { reference: null, instead: { ok: true, untried: true, reason: `the image of ${request.name} is not there to try with; a run gets it` } };
  } catch (error) {
    signal.throwIfAborted();
    return { reference: null, instead: { ok: false, reason: describeError(error) } };
  }
}
