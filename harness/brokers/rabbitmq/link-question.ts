// What is sent to a node to see how the ways to it are: AMQP 0-9-1 up to an open channel, in one piece, and then one small question again and
// again (https://www.rabbitmq.com/amqp-0-9-1-reference); the stream protocol's first two questions, of which the second may be asked again.
import type { LinkQuestion } from '../../model/engine.ts';
import { credentials } from './configuration/broker-configuration.ts';

const frameEnd = 0xce;
/** Both are the broker's own proposals; a heartbeat of 0 switches heartbeats off. */
const channelMax = 2_047;
const frameMax = 131_072;

const word = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const long = (value: number): Buffer => Buffer.concat([word(value >>> 16), word(value & 0xffff)]);
const shortText = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
const longText = (text: string): Buffer => Buffer.concat([long(text.length), Buffer.from(text)]);

function method(channel: number, classId: number, methodId: number, ...fields: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([word(classId), word(methodId), ...fields]);
  return Buffer.concat([Buffer.from([1]), word(channel), long(payload.length), payload, Buffer.from([frameEnd])]);
}

const empty = Buffer.alloc(4);
const { username, password } = credentials;

const greeting = Buffer.concat([
  Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1]),
  method(0, 10, 11, empty, shortText('PLAIN'), longText(`\0${username}\0${password}`), shortText('en_US')),
  method(0, 10, 31, word(channelMax), long(frameMax), word(0)),
  method(0, 10, 40, shortText('/'), shortText(''), Buffer.from([0])),
  method(1, 20, 10, shortText('')),
]);

/** basic.qos; qos-ok is a frame of twelve bytes. */
export const linkQuestion: LinkQuestion = { greeting, echo: method(1, 60, 10, empty, word(1), Buffer.from([0])), echoAnswerBytes: 12 };

/** Its size, its key, version 1, and a number that comes back with the answer. */
function streamRequest(key: number, ...fields: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([word(key), word(1), long(1), ...fields]);
  return Buffer.concat([long(payload.length), payload]);
}

/** PeerProperties, then SaslHandshake: https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbitmq_stream/docs/PROTOCOL.adoc */
export const streamQuestion: LinkQuestion = { greeting: streamRequest(0x11, long(0)), echo: streamRequest(0x12), echoAnswerBytes: 24 };
