// A message's identity and the fixed header that every payload starts with.
import { crc32 } from 'node:zlib';

/** Dense: `sequence` counts from 0 per producer, so that checkers can use typed arrays. */
export interface MessageId {
  /** Index of the producer, 0 to 65 534. */
  readonly producer: number;
  /** 0 to 2³²−2. */
  readonly sequence: number;
}

/** Header: magic 4, run 8, producer 2, attempt 1, reserved 1, sequence 4, send time 8, CRC-32 of the body 4. */
export const headerBytes = 32;
const magic = 0x4c465231; // "LFR1"

export interface PayloadHeader extends MessageId {
  /** 16 hex digits naming the run: strangers in a shared queue are told apart. */
  readonly run: string;
  /** 1 for the first attempt; 255 means 255 or more. */
  readonly attempt: number;
  /** Nanoseconds since the run began. */
  readonly sentNs: number;
}

export function encodePayload(header: PayloadHeader, body: Uint8Array): Buffer {
  const payload = Buffer.allocUnsafe(headerBytes + body.length);
  payload.writeUInt32BE(magic, 0);
  payload.write(header.run, 4, 8, 'hex');
  payload.writeUInt16BE(header.producer, 12);
  payload.writeUInt8(Math.min(header.attempt, 255), 14);
  payload.writeUInt8(0, 15);
  payload.writeUInt32BE(header.sequence, 16);
  payload.writeDoubleBE(header.sentNs, 20);
  payload.writeUInt32BE(crc32(body), 28);
  payload.set(body, headerBytes);
  return payload;
}

/** null: not written by a producer of this run. */
export function decodeHeader(payload: Uint8Array, run: string): PayloadHeader | null {
  const view = asBuffer(payload);
  if (view.length < headerBytes || view.readUInt32BE(0) !== magic || view.toString('hex', 4, 12) !== run) return null;
  return { run, producer: view.readUInt16BE(12), attempt: view.readUInt8(14), sequence: view.readUInt32BE(16), sentNs: view.readDoubleBE(20) };
}

/** Whether the body differs from what was sent; only for payloads that have our header. */
export function isCorrupted(payload: Uint8Array): boolean {
  const view = asBuffer(payload);
  return crc32(view.subarray(headerBytes)) !== view.readUInt32BE(28);
}

const asBuffer = (payload: Uint8Array): Buffer => Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);

export const formatMessageId = (id: MessageId): string => `${id.producer}:${id.sequence}`;
