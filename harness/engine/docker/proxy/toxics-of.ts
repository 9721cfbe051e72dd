// What a trouble on the way between clients and a node is in Toxiproxy's words. Pure.
import type { LinkTrouble } from '../../../model/cluster.ts';

export interface Toxic {
  readonly type: 'timeout' | 'latency' | 'bandwidth' | 'reset_peer' | 'limit_data';
  /** `upstream`: requests, on their way to the node. `downstream`: its responses. */
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** Nothing for `down`: then the proxy itself is switched off. https://github.com/Shopify/toxiproxy#toxics */
export function toxicsOf(trouble: LinkTrouble): readonly Toxic[] {
  switch (trouble.kind) {
    case 'down': return [];
    case 'reset': return both('reset_peer', { timeout: 0 });
    // A timeout of 0 never comes: bytes are dropped until the toxic goes, and the connection with it.
    case 'silence': return both('timeout', { timeout: 0 }).filter(({ stream }) => trouble.direction === 'both' || stream === streamOf[trouble.direction]);
    case 'latency': return [{ type: 'latency', stream: 'downstream', attributes: { latency: trouble.latencyMs, jitter: trouble.jitterMs } }];
    case 'bandwidth': return both('bandwidth', { rate: bytesPerMsOf(trouble) });
    case 'cut-after': return [{ type: 'limit_data', stream: 'downstream', attributes: { bytes: trouble.bytes } }];
  }
}

/** Toxiproxy's rate is a whole number of bytes a millisecond. */
export const bytesPerMsOf = ({ kibPerSecond }: Extract<LinkTrouble, { kind: 'bandwidth' }>): number => Math.max(1, Math.round(kibPerSecond * 1.024));

const streamOf = { requests: 'upstream', responses: 'downstream' } as const;

const both = (type: Toxic['type'], attributes: Toxic['attributes']): readonly Toxic[] => [{ type, stream: 'upstream', attributes }, { type, stream: 'downstream', attributes }];

export const describeToxic = ({ type, stream, attributes }: Toxic): string =>
  `${type} (${stream}${Object.entries(attributes).map(([name, value]) => `, ${name} ${value}`).join('')})`;
