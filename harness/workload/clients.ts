// Which client a worker drives: the broker's own driver under test, or a program of the user's.
import type { BrokerModule, ClientContext } from '../model/broker.ts';
import type { ConsumerClient, ProducerClient } from '../model/client.ts';
import type { LeaderfallError } from '../model/errors.ts';
import { ProgramConsumer } from './program/program-consumer.ts';
import { ProgramProducer } from './program/program-producer.ts';
import type { WorkerSetup } from './protocol.ts';

type OnFailure = (error: LeaderfallError) => void;

/** An unhandled rejection with one of our errors ends the worker with its reason told. */
const endWorker: OnFailure = (error) => { void Promise.reject(error); };

/** @param onFailure called when the user's program ends or breaks the protocol: the worker cannot go on. */
export async function createProducerClient(setup: WorkerSetup, context: ClientContext, broker: BrokerModule, onFailure: OnFailure = endWorker): Promise<ProducerClient> {
  const { producer } = setup;
  if (producer.program === null) return await broker.createProducer(context, producer);
  return new ProgramProducer({ context, program: producer.program, broker: broker.spec, producer, onFailure });
}

export async function createConsumerClient(setup: WorkerSetup, context: ClientContext, broker: BrokerModule, onFailure: OnFailure = endWorker): Promise<ConsumerClient> {
  const { consumer } = setup;
  if (consumer.program === null) return await broker.createConsumer(context, consumer);
  return new ProgramConsumer({ context, program: consumer.program, broker: broker.spec, consumer, onFailure });
}
