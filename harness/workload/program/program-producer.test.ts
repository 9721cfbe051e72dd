// A user's producer as a real process: what it answers is what is counted, and what it does wrong ends it with a reason.
import { afterEach, expect, test } from 'vitest';
import type { Outgoing } from '../../model/client.ts';
import type { LeaderfallError } from '../../model/errors.ts';
import { ProgramProducer } from './program-producer.ts';
import { isRunning, Place, producerSpec, until } from './testing/place.ts';

const soon = () => AbortSignal.timeout(15_000);
const message = (payload: Uint8Array = Buffer.from('order')): Outgoing => ({ payload, partition: 0, key: null });
const opened: ProgramProducer[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((producer) => producer[Symbol.asyncDispose]()));
});

function producerOf(place: Place, habits: readonly string[] = [], options: { readonly answerMs?: number; readonly acknowledges?: boolean } = {}): ProgramProducer {
  const { acknowledges = true, ...rest } = options;
  const producer = new ProgramProducer({ context: place.context, program: place.program(...habits), broker: place.broker('queue', acknowledges), producer: producerSpec, onFailure: place.onFailure, ...rest });
  opened.push(producer);
  return producer;
}

const reasonOf = (work: Promise<unknown>): Promise<LeaderfallError> => work.then(() => { throw new Error('it did not fail'); }, (error: LeaderfallError) => error);

test('the program learns everything it needs, stores every byte as it was, and its receipts come back in order', async () => {
  using place = new Place();
  const producer = producerOf(place);
  await producer.connect(soon());
  expect(JSON.parse(place.told('hello')[0]!)).toMatchObject({
    protocol: 1, role: 'producer', index: 0, broker: 'rabbitmq', store: 'queue', leader: 'rabbitmq-1', acknowledged: true, inFlight: 4, routing: 'explicit',
    endpoints: [{ node: 'rabbitmq-1', host: '127.0.0.1', port: 5672 }], destination: { name: 'orders', partitions: 1, group: null, settings: { type: 'quorum' } },
    policy: { confirms: true }, options: { color: 'blue' },
  });
  const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(await producer.publish([message(everyByte), message(Buffer.from('{"a":"\n"}'))])).toEqual([
    { outcome: 'ok', partition: 0, offset: 0 }, { outcome: 'ok', partition: 0, offset: 1 },
  ]);
  const stored = place.ledger.filter((line) => !line.includes(' ')).map((line) => Buffer.from(line, 'base64'));
  expect(stored).toEqual([Buffer.from(everyByte), Buffer.from('{"a":"\n"}')]);
});

test('answers may come in any order: each publish gets its own', async () => {
  using place = new Place();
  const producer = producerOf(place, ['reverses']);
  await producer.connect(soon());
  const outcomes = await Promise.all([0, 1, 2, 3].map(() => producer.publish([message()])));
  expect(outcomes.map(([outcome]) => outcome?.offset)).toEqual([0, 1, 2, 3]);
});

test('where the policy asks for no acknowledgement, what went well counts as handed over', async () => {
  using place = new Place();
  const producer = producerOf(place, [], { acknowledges: false });
  await producer.connect(soon());
  expect(await producer.publish([message()])).toMatchObject([{ outcome: 'ok', handedOver: true }]);
});

test('a flush is answered, and one that fails says why', async () => {
  using place = new Place();
  const producer = producerOf(place);
  await producer.connect(soon());
  await producer.flush(soon());
  const leaky = producerOf(place, ['leaks']);
  await leaky.connect(soon());
  expect((await reasonOf(leaky.flush(soon()))).message).toContain('the connection was lost');
});

test('a publish that is never answered is unknown after its limit', async () => {
  using place = new Place();
  const producer = producerOf(place, ['mute'], { answerMs: 50 });
  await producer.connect(soon());
  expect(await producer.publish([message(), message()])).toMatchObject([{ outcome: 'info', error: { name: 'NoAnswer' } }, { outcome: 'info' }]);
  expect(place.failures).toEqual([]);
});

test('a program that dies leaves its publishes unknown and its last words as the reason', async () => {
  using place = new Place();
  const producer = producerOf(place, ['dies']);
  await producer.connect(soon());
  expect(await producer.publish([message()])).toMatchObject([{ outcome: 'info', error: { name: 'ProgramEnded' } }]);
  expect(place.failures).toMatchObject([{ code: 'E_WORKER_DIED', detail: expect.stringContaining('about to die of a broken heart') }]);
  expect(place.failures[0]!.message).toContain('exit code 3');
  expect(await producer.publish([message()])).toMatchObject([{ outcome: 'fail' }]);
});

test.each([
  ['prints', 'is not JSON: Published something!'],
  ['miscounts', 'has 1 messages, it gave 2 outcomes'],
  ['invents', 'which it was never asked for'],
  ['misspells', 'outcomes.0.outcome'],
])('a program that %s is killed, and the reason shows what it said', async (habit, reason) => {
  using place = new Place();
  const producer = producerOf(place, [habit]);
  await producer.connect(soon());
  expect(await producer.publish([message()])).toMatchObject([{ outcome: 'info' }]);
  expect(place.failures).toMatchObject([{ code: 'E_WORKER_DIED', message: expect.stringContaining(reason), hint: expect.stringContaining('docs/bring-your-own-client.md') }]);
  await until('the program to be dead', () => !isRunning(Number(place.told('pid')[0])));
});

test.each([
  ['silent', 'E_NOT_READY', 'did not say that it is ready in time'],
  ['refuses', 'E_WORKER_DIED', 'gave up: no broker answers'],
  ['babbles', 'E_WORKER_DIED', 'a line of more than'],
  ['ancient', 'E_WORKER_DIED', 'speaks version 0'],
])('a program that is %s at the start is not ready, with its reason', async (habit, code, reason) => {
  using place = new Place();
  const error = await reasonOf(producerOf(place, [habit]).connect(AbortSignal.timeout(habit === 'silent' ? 500 : 15_000)));
  expect(error).toMatchObject({ code, message: expect.stringContaining(reason) });
  expect(place.failures).toEqual([]);
});

test('a command that does not exist is a mistake in the scenario', async () => {
  using place = new Place();
  const producer = new ProgramProducer({ context: place.context, program: { command: ['./no-such-client'], folder: place.folder, environment: {} }, broker: place.broker(), producer: producerSpec, onFailure: place.onFailure });
  expect(await reasonOf(producer.connect(soon()))).toMatchObject({ code: 'E_SCENARIO_INVALID', message: expect.stringContaining('./no-such-client') });
});

test('what it prints to stderr goes to the timeline, up to a limit', async () => {
  using place = new Place();
  const producer = producerOf(place, ['complains']);
  await producer.connect(soon());
  await until('the last note', () => place.notes.includes('stderr: further lines are left out'), () => place.notes.at(-1));
  const complaints = place.notes.filter((note) => note.startsWith('stderr: complaint'));
  expect([complaints.length, complaints[0]]).toEqual([200, 'stderr: complaint 0']);
});

test('it is asked to close, and one that does not is killed with everything that it started', async () => {
  using place = new Place();
  const obedient = producerOf(place);
  await obedient.connect(soon());
  await obedient[Symbol.asyncDispose]();
  expect(place.ledger).toContain('closed properly');
  const stubborn = producerOf(place, ['stays', 'parent']);
  await stubborn.connect(soon());
  const pids = [...place.told('child'), place.told('pid').at(-1)!].map(Number);
  expect(pids.map(isRunning)).toEqual([true, true]);
  await stubborn[Symbol.asyncDispose]();
  await until('both to be dead', () => !pids.some(isRunning));
  expect(place.failures).toEqual([]);
});
