// Starts one node's container and, when that fails, says why in our terms and leaves nothing behind.
import type Dockerode from 'dockerode';
import type { NodeRequest } from '../../model/engine.ts';
import { isLeaderfallError, LeaderfallError } from '../../model/errors.ts';
import { withLastWords } from './container-output.ts';
import type { Engine } from './engine-client.ts';
import { engineMessage } from './engine-call.ts';
import type { NodeContainer as NodeContainerClass } from './node-container.ts';
import type { Labels } from '../owner.ts';
import { whoHoldsPort } from './port-holder.ts';
import { removeContainer } from './remove.ts';

export interface NodeStart {
  readonly engine: Engine;
  readonly request: NodeRequest;
  readonly image: string;
  readonly containerName: string;
  readonly networkName: string;
  readonly address: string;
  readonly labels: Labels;
  readonly keep: boolean;
  /** Folder of this machine for the data of a node with a disk of its own. */
  readonly dataFolder: string | null;
  readonly signal: AbortSignal;
}

/** @throws LeaderfallError `E_PORT_TAKEN`, `E_IMAGE_MISSING`, `E_NODE_FAILED`; the signal's reason when aborted. */
export async function startNode(start: NodeStart): Promise<Dockerode.Container> {
  // Loaded late: only a process that starts containers pays for the library.
  const { NodeContainer } = await import('./node-container.ts');
  const container = configure(new NodeContainer(start.image, start.signal), start);
  try {
    await untilRunning(container, start.engine.docker);
    start.signal.throwIfAborted();
    return start.engine.docker.getContainer(container.createdId!);
  } catch (error) {
    const failure = await explain(error, start, container.createdId);
    await removeFailed(container.createdId, start.engine.docker);
    start.signal.throwIfAborted();
    throw failure;
  }
}

function configure(container: NodeContainerClass, start: NodeStart): NodeContainerClass {
  const { request } = start;
  container
    .withName(start.containerName)
    .withHostname(request.id)
    .withPlace({ networkName: start.networkName, address: start.address, alias: request.id })
    // The clients' port is the proxy's to listen on, where there is one.
    .withPublishedPort(request.proxied?.directContainerPort ?? request.clientPort, publishedPort(request), start.engine.publishOn)
    .withMemoryMiB(request.memoryMiB)
    .withEnvironment({ ...request.env })
    .withLabels({ ...start.labels })
    // What is kept must not be known to Ryuk.
    .withAutoCleanup(!start.keep)
    .withCopyContentToContainer((request.files ?? []).map(({ path, content, mode }) => ({ target: path, content, mode: mode ?? 0o644 })));
  if (request.disk !== undefined && start.dataFolder !== null) container.withBindMounts([{ source: start.dataFolder, target: request.disk.path, mode: 'rw' }]);
  for (const { containerPort, hostPort, proxied } of request.morePorts ?? []) {
    container.withPublishedPort(proxied?.directContainerPort ?? containerPort, proxied?.directPort ?? hostPort, start.engine.publishOn);
  }
  return request.command === undefined ? container : container.withCommand([...request.command]);
}

const publishedPort = ({ proxied, hostPort }: NodeRequest): number => proxied?.directPort ?? hostPort;

/** Testcontainers looks 10 s for the published port of a container that has ended at once; its end is seen here in milliseconds. */
async function untilRunning(container: NodeContainerClass, docker: Dockerode): Promise<void> {
  const settled = new AbortController();
  const exited = new Promise<never>((_, reject) => {
    container.onCreated = (id) => {
      docker.getContainer(id).wait({ condition: 'next-exit', abortSignal: settled.signal })
        .then(({ StatusCode: code }: { StatusCode: number }) => reject(new Error(`it ended at once with exit code ${code}`)), () => {});
    };
  });
  const started = container.start();
  started.catch(() => {});
  try {
    await Promise.race([started, exited]);
  } finally {
    settled.abort();
  }
}

async function explain(error: unknown, start: NodeStart, containerId: string | undefined): Promise<LeaderfallError> {
  if (isLeaderfallError(error)) return error;
  const { request, engine } = start;
  const message = engineMessage(error);
  if (/port is already allocated|address already in use/i.test(message)) return portTaken(start, error);
  if (/does not exist locally|no such image/i.test(message)) {
    return new LeaderfallError('E_IMAGE_MISSING', `The image ${start.image} of ${request.id} is not there.`, { hint: 'Run `leaderfall doctor --fix`.', cause: error });
  }
  const failure = new LeaderfallError('E_NODE_FAILED', `${request.id} did not start: ${message}`, {
    hint: 'Its last lines are below; the settings given to this node are the first thing to check.',
    cause: error,
  });
  return containerId === undefined ? failure : withLastWords(failure, engine.docker.getContainer(containerId));
}

/** Another port is no way out: the broker already advertises this one. */
async function portTaken(start: NodeStart, cause: unknown): Promise<LeaderfallError> {
  const { id } = start.request;
  const hostPort = publishedPort(start.request);
  const holder = await whoHoldsPort(start.engine, hostPort);
  return new LeaderfallError('E_PORT_TAKEN', `Port ${hostPort} of ${id} is taken${holder === undefined ? '' : ` by ${holder}`}.`, {
    hint: holder === undefined ? `Find who listens with \`ss -ltnp 'sport = :${hostPort}'\`, end it and run again.` : 'End it, or wait for its end, and run again.',
    cause,
  });
}

async function removeFailed(containerId: string | undefined, docker: Dockerode): Promise<void> {
  if (containerId === undefined) return;
  // Its own bound, because the caller's signal may be the very reason for being here.
  await removeContainer(docker.getContainer(containerId), AbortSignal.timeout(15_000)).catch(() => {});
}
