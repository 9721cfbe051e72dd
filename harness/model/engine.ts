// How a broker's room asks an engine for nodes. Docker is one engine, child processes another; Kubernetes will be a third.
import type { ImageRecord, Node, NodeId } from './cluster.ts';

export interface NodeRequest {
  /** Unique in the cluster, also its host name inside: `kafka-1`. */
  readonly id: NodeId;
  readonly image: { readonly name: 'kafka' | 'rabbitmq'; readonly version: string };
  readonly env: Readonly<Record<string, string>>;
  /** Replaces the image's command. */
  readonly command?: readonly string[];
  /** Files laid into the container before it starts. */
  readonly files?: readonly { readonly path: string; readonly content: string; readonly mode?: number }[];
  /** The container port that clients on this host use; published on a fixed host port. */
  readonly clientPort: number;
  /** The host port, from `reservePorts`, because brokers advertise it before they start. */
  readonly hostPort: number;
  /** Further container ports that this host needs, such as an administration API; published the same way. `proxied`: clients use it, and come through the proxy, too. */
  readonly morePorts?: readonly { readonly containerPort: number; readonly hostPort: number; readonly proxied?: ProxyRequest }[];
  readonly memoryMiB: number;
  /** Gives the node a disk of its own, mounted at `path`, for storage faults. @throws `E_CAPABILITY` from `startNodes` where the machine cannot. */
  readonly disk?: { readonly path: string; readonly sizeMiB: number; readonly userId: number; readonly groupId: number };
  /** Puts a proxy between clients and the node: it listens on `hostPort`, and the node itself is published elsewhere. @throws `E_CAPABILITY` from `startNodes` where none can be had. */
  readonly proxied?: ProxyRequest;
}

export interface ProxyRequest {
  /** Host port, from `reservePorts`, on which this host reaches the node without the proxy. */
  readonly directPort: number;
  /** The container port behind it: one whose listener advertises `directPort`, or `clientPort` where nothing is advertised. */
  readonly directContainerPort: number;
  /** What is sent to see how the way is. */
  readonly question: LinkQuestion;
}

/** Bytes of the broker's protocol that a node which works answers at once. */
export interface LinkQuestion {
  /** First on a new connection. */
  readonly greeting: Uint8Array;
  /** After it, as often as is liked. */
  readonly echo: Uint8Array;
  /** Each echo is answered with so many bytes or more. */
  readonly echoAnswerBytes: number;
}

export interface NetAbility {
  readonly ok: boolean;
  readonly reason: string;
}

/** `ok`: packets between nodes can be dropped. */
export interface NetCapability extends NetAbility {
  /** A share of them, by chance. */
  readonly packetLoss: NetAbility;
  /** Their rate can be limited, for some receivers alone. */
  readonly bandwidth: NetAbility;
}

/** The nodes of one cluster with their network, sidecars and ports. Disposing removes everything unless `keep`. */
export interface Fleet extends AsyncDisposable {
  /** Where published ports are reached from this machine, for brokers to advertise. Default `127.0.0.1`. */
  readonly host?: string;
  /** Host ports below the ephemeral range, free now, kept for this fleet. @throws `E_PORT_TAKEN`. */
  reservePorts(count: number): Promise<readonly number[]>;
  /** Creates and starts all at once; returns as soon as the processes run, not when the brokers are ready. @throws `E_IMAGE_MISSING`, `E_PORT_TAKEN`, `E_NODE_FAILED`. */
  startNodes(requests: readonly NodeRequest[], signal: AbortSignal): Promise<readonly Node[]>;
  /** Images of the started nodes. */
  readonly images: readonly ImageRecord[];
  /** Whether `netExec` can work here (NET_ADMIN and the nettools image) and what the kernel lets it do, or why not. */
  netCapability(signal: AbortSignal): Promise<NetCapability>;
}

export interface FleetOptions {
  /** The run that it belongs to: part of names and labels. */
  readonly runId: string;
  /** Leave nodes and network running at the end, for a person to look at. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

export type CreateFleet = (options: FleetOptions) => Promise<Fleet>;
