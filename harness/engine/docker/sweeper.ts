// Removes what dead runs left on the engine. Never touches what a living process owns,
// what cannot be judged, or what somebody asked to keep.
import type Dockerode from 'dockerode';
import { connectEngine, type Engine } from './engine-client.ts';
import { engineCall } from './engine-call.ts';
import { currentViewpoint, type Labels, labelNames, type OwnerLife, ownerLife, parseOwner } from '../owner.ts';
import { removeContainer, removeNetwork } from './remove.ts';
import { sweepPortLocks } from './reserve-ports.ts';
import { sweepDisks } from './storage/sweep-disks.ts';
import { throwFirst } from '../../model/throw-first.ts';

export interface OwnedObject {
  readonly kind: 'container' | 'network';
  readonly id: string;
  readonly name: string;
  readonly runId: string;
  /** As in the label `leaderfall.owner`. */
  readonly owner: string;
  readonly life: OwnerLife;
  readonly kept: boolean;
}

export interface SweepResult {
  readonly removed: readonly OwnedObject[];
}

/**
 * Removes what an earlier, dead process left and nobody keeps, its port locks and disks too. What cannot be removed does not keep the rest.
 * @throws LeaderfallError `E_NO_ENGINE`, `E_ENGINE_PERMISSION`; the first failure once all has been tried.
 */
export async function sweep(signal: AbortSignal): Promise<SweepResult> {
  const engine = await connectEngine(signal);
  const locks = await Promise.allSettled([sweepPortLocks()]);
  const objects = await Promise.allSettled([sweepObjects(engine, signal)]);
  // After the containers that use them.
  const disks = engine.isLocal ? await Promise.allSettled([sweepDisks()]) : [];
  throwFirst([...objects, ...disks, ...locks]);
  return { removed: objects.flatMap((swept) => (swept.status === 'fulfilled' ? swept.value : [])) };
}

async function sweepObjects(engine: Engine, signal: AbortSignal): Promise<readonly OwnedObject[]> {
  const objects = (await listOwned(engine, signal)).filter(({ life, kept }) => life === 'dead' && !kept);
  const idsOf = (kind: OwnedObject['kind']): readonly string[] => objects.filter((object) => object.kind === kind).map(({ id }) => id);
  await removeAll(engine.docker, idsOf('container'), idsOf('network'), signal);
  return objects;
}

/** Everything on the engine that carries our mark. */
export async function listOwned(engine: Engine, signal: AbortSignal): Promise<readonly OwnedObject[]> {
  const { containers, networks } = await listLabelled(engine.docker, [`${labelNames.mark}=1`], signal);
  const viewpoint = currentViewpoint(engine.isLocal);
  const describe = (kind: OwnedObject['kind'], id: string, name: string, labels: Labels): OwnedObject => {
    const owner = parseOwner(labels[labelNames.owner]);
    return {
      kind, id, name,
      runId: labels[labelNames.run] ?? '',
      owner: labels[labelNames.owner] ?? '',
      life: owner ? ownerLife(owner, labels[labelNames.place], viewpoint) : 'unknown',
      kept: labels[labelNames.keep] === '1',
    };
  };
  return [
    ...containers.map(({ Id: id, Names: names, Labels: labels }) => describe('container', id, (names[0] ?? '').slice(1), labels)),
    ...networks.map(({ Id: id, Name: name, Labels: labels }) => describe('network', id, name, labels ?? {})),
  ];
}

/** Removes every container and network that has all these labels, and looks again until none is left. */
export async function removeLabelled(docker: Dockerode, labels: readonly string[], signal: AbortSignal): Promise<void> {
  const rounds = 3;
  for (let round = 1; ; round += 1) {
    const { containers, networks } = await listLabelled(docker, labels, signal);
    if (containers.length + networks.length === 0) return;
    try {
      await removeAll(docker, containers.map(({ Id: id }) => id), networks.map(({ Id: id }) => id), signal);
    } catch (error) {
      if (round >= rounds) throw error;
    }
  }
}

/** Containers first: a network with members cannot go. One that will not go does not keep the others. */
async function removeAll(docker: Dockerode, containerIds: readonly string[], networkIds: readonly string[], signal: AbortSignal): Promise<void> {
  const containers = await Promise.allSettled(containerIds.map((id) => removeContainer(docker.getContainer(id), signal)));
  const networks = await Promise.allSettled(networkIds.map((id) => removeNetwork(docker.getNetwork(id), signal)));
  throwFirst([...containers, ...networks]);
}

async function listLabelled(docker: Dockerode, labels: readonly string[], signal: AbortSignal): Promise<{ readonly containers: readonly Dockerode.ContainerInfo[]; readonly networks: readonly Dockerode.NetworkInspectInfo[] }> {
  const filters = { label: [...labels] };
  const [containers, networks] = await Promise.all([
    engineCall({ describe: 'list containers', signal }, (abortSignal) => docker.listContainers({ all: true, filters, abortSignal })),
    engineCall({ describe: 'list networks', signal }, (abortSignal) => docker.listNetworks({ filters, abortSignal })),
  ]);
  return { containers, networks };
}
