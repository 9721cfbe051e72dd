// The embedded broker's wire format: length-prefixed frames, one type byte, one number, a payload.
import type { Socket } from 'node:net';

export const frameTypes = {
  /** JSON: `OpenRequest`. */
  open: 1,
  /** number: request id. */
  publish: 2,
  /** number: request id; payload: one status byte. */
  answer: 3,
  /** number: prefetch. */
  subscribe: 4,
  /** number: delivery tag; payload: one flag byte (1: delivered before), then the message. */
  deliver: 5,
  /** number: delivery tag. */
  settle: 6,
  /** number: request id; answered with JSON `QueueCounts`. */
  count: 7,
  counts: 8,
  /** number: request id; answered with `fetched`: one flag byte (0: empty), then the message. Removes it. */
  fetch: 9,
  fetched: 10,
  /** number: delivery tag; payload: one flag byte (1: to be delivered again; 0: dropped). */
  reject: 11,
} as const;

export interface OpenRequest {
  readonly queue: string;
  readonly answer: 'on-accept' | 'after-processing';
}

export interface QueueCounts {
  readonly ready: number;
  readonly unacknowledged: number;
  readonly consumers: number;
}

/** Status byte of an answer. */
export const answerStatus = { accepted: 0, unreceipted: 1 } as const;

export interface Frame {
  readonly type: number;
  readonly number: number;
  readonly payload: Buffer;
}

const headerBytes = 9;

export function writeFrame(socket: Socket, type: number, number: number, payload: Uint8Array = Buffer.alloc(0)): void {
  if (socket.destroyed || socket.writableEnded) return;
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt32BE(5 + payload.length, 0);
  header.writeUInt8(type, 4);
  header.writeUInt32BE(number, 5);
  socket.cork();
  socket.write(header);
  socket.write(payload);
  socket.uncork();
}

/** Cuts a byte stream into frames. */
export function frameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
      const end = 4 + bytes.readUInt32BE(0);
      onFrame({ type: bytes.readUInt8(4), number: bytes.readUInt32BE(5), payload: bytes.subarray(headerBytes, end) });
      bytes = bytes.subarray(end);
    }
    rest = bytes;
  };
}
