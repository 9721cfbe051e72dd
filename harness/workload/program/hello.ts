// The first line that a program gets: everything that it needs to know to connect and to obey the scenario.
import type { BrokerSpec, ClientContext } from '../../model/broker.ts';
import type { ConsumerSpec, ProducerSpec } from '../../model/scenario.ts';
import { protocolVersion, type ToProgram } from './messages.ts';

export type Hello = Extract<ToProgram, { readonly type: 'hello' }>;
/** What of a broker's spec decides how a program's words are understood. */
export type BrokerFacts = Pick<BrokerSpec, 'acknowledges' | 'storeKind'>;

export function producerHello(context: ClientContext, spec: ProducerSpec, broker: BrokerFacts): Extract<Hello, { readonly role: 'producer' }> {
  const { inFlight, batch, routing, policy, options } = spec;
  return { ...common(context, broker), role: 'producer', acknowledged: broker.acknowledges(spec), inFlight, batch, routing, policy: { ...policy }, options: { ...options } };
}

export function consumerHello(context: ClientContext, spec: ConsumerSpec, broker: BrokerFacts): Extract<Hello, { readonly role: 'consumer' }> {
  const { settle, prefetch, policy, options } = spec;
  return { ...common(context, broker), role: 'consumer', settle, prefetch, policy: { ...policy }, options: { ...options } };
}

function common({ index, connection, leader, destination, destinationSpec }: ClientContext, broker: BrokerFacts) {
  return {
    type: 'hello',
    protocol: protocolVersion,
    index,
    broker: connection.broker,
    store: broker.storeKind(destinationSpec),
    endpoints: connection.endpoints.map((endpoint) => ({ ...endpoint })),
    leader,
    destination: { name: destination.name, partitions: destination.partitions, group: destination.group ?? null, settings: { ...destinationSpec.settings } },
  } as const;
}
