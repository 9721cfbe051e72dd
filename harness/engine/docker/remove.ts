// Removing containers and networks so that they are really gone afterwards, also when somebody else removes the same ones.
import type Dockerode from 'dockerode';
import { waitUntil } from '../../model/wait.ts';
import { engineCall, engineMessage, engineStatus, unlessAlready } from './engine-call.ts';

const removeTimeoutMs = 15_000;

/** Removes a container with its volumes, whatever its state; resolves when it is gone. */
export async function removeContainer(container: Dockerode.Container, signal: AbortSignal): Promise<void> {
  const describe = `remove container ${container.id.slice(0, 12)}`;
  let inProgress = false;
  await unlessAlready([404, 409], /already in progress/i, async () => {
    inProgress = true;
    await engineCall({ describe, signal }, (abortSignal) => container.remove({ force: true, v: true, abortSignal }));
    inProgress = false;
  });
  if (inProgress) await untilGone(container, signal);
}

/** Removes a network; resolves when it is gone. Its members must have been removed, or be on their way. */
export async function removeNetwork(network: Dockerode.Network, signal: AbortSignal): Promise<void> {
  const name = network.id.slice(0, 12);
  await waitUntil(async () => {
    try {
      await unlessAlready([404], /no such network/i, () => engineCall({ describe: `remove network ${name}`, signal }, (abortSignal) => network.remove({ abortSignal })));
      return { done: true, value: undefined };
    } catch (error) {
      signal.throwIfAborted();
      return { done: false, seen: engineMessage(error) };
    }
  }, { describe: `network ${name} to go`, timeoutMs: removeTimeoutMs, signal });
}

async function untilGone(container: Dockerode.Container, signal: AbortSignal): Promise<void> {
  const name = container.id.slice(0, 12);
  await waitUntil(async () => {
    try {
      const { State: state } = await engineCall({ describe: `inspect container ${name}`, signal }, (abortSignal) => container.inspect({ abortSignal }));
      return { done: false, seen: state.Status };
    } catch (error) {
      if (engineStatus(error) === 404) return { done: true, value: undefined };
      throw error;
    }
  }, { describe: `container ${name} to go`, timeoutMs: removeTimeoutMs, signal });
}
