// Which versions can be built, and from what: Kafka and Toxiproxy by their number, RabbitMQ by the Debian suite that carries it.
import type { ImageName, ImageRequest } from './image-types.ts';

export type Suite = 'bookworm' | 'trixie' | 'forky';

/** How an image is built: on which base system, with which build arguments. */
export interface BuildPlan {
  readonly suite: Suite;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** A series stands for this release: measured expectations are about one release, not about whatever is newest. */
const kafkaReleases: ReadonlyMap<string, string> = new Map([
  ['3.9', '3.9.1'],
  ['4.0', '4.0.0'],
  ['4.1', '4.1.0'],
  ['4.2', '4.2.1'],
  ['4.3', '4.3.1'],
]);

const rabbitmqSuites: ReadonlyMap<string, Suite> = new Map([['4.3', 'forky'], ['4.0', 'trixie'], ['3.10', 'bookworm']]);

const toxiproxyVersion = '2.12.0';
/** The one Toxiproxy that Leaderfall knows how to talk to. */
export const toxiproxyImage: ImageRequest = { name: 'toxiproxy', version: toxiproxyVersion };

export const buildableVersions: Readonly<Record<ImageName, readonly string[]>> = {
  kafka: [...kafkaReleases.values()],
  rabbitmq: [...rabbitmqSuites.keys()],
  nettools: ['1'],
  toxiproxy: [toxiproxyVersion],
};

/** The version that images are tagged with: a Kafka series becomes its release; everything else stays as asked. */
export function fullVersion(request: ImageRequest): string {
  return request.name === 'kafka' ? (kafkaReleases.get(request.version) ?? request.version) : request.version;
}

/** The vendor's image, or none where only ours exists. */
export function officialReference(request: ImageRequest): string | undefined {
  switch (request.name) {
    case 'kafka': return `apache/kafka:${fullVersion(request)}`;
    case 'rabbitmq': return `rabbitmq:${request.version}`;
    case 'nettools': return undefined;
    case 'toxiproxy': return `ghcr.io/shopify/toxiproxy:${request.version}`;
  }
}

/** Undefined when `docker/` cannot build that version. */
export function buildPlan(request: ImageRequest): BuildPlan | undefined {
  switch (request.name) {
    case 'kafka': return kafkaPlan(fullVersion(request));
    case 'rabbitmq': {
      const suite = rabbitmqSuites.get(request.version);
      return suite && { suite, buildArgs: {} };
    }
    case 'nettools': return request.version === '1' ? { suite: 'trixie', buildArgs: {} } : undefined;
    case 'toxiproxy': return buildableVersions.toxiproxy.includes(request.version) ? { suite: 'trixie', buildArgs: { TOXIPROXY_VERSION: request.version } } : undefined;
  }
}

function kafkaPlan(version: string): BuildPlan | undefined {
  const series = /^(\d+\.\d+)\.\d+$/.exec(version)?.[1];
  if (series === undefined || !kafkaReleases.has(series)) return undefined;
  return { suite: 'trixie', buildArgs: { KAFKA_VERSION: version } };
}
