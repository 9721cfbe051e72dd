// Speaks just enough AMQP 0-9-1 to open a channel with confirms, and reads nothing more from the first publish on, as a frozen broker.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const methodFrame = 1;
const frameEnd = 0xce;
const emptyTable = [0, 0, 0, 0];
const longString = (text: string): readonly number[] => [0, 0, 0, text.length, ...Buffer.from(text)];

/** Class and method that it is asked, and class, method and arguments of the answer. */
const answers: Readonly<Record<string, readonly number[]>> = {
  // start-ok: tune with 0 channels at most (no limit), frames of 128 KiB, and no heartbeat of our own.
  '10.11': [0, 10, 0, 30, 0, 0, 0, 2, 0, 0, 0, 0],
  '10.40': [0, 10, 0, 41, 0],
  '20.10': [0, 20, 0, 11, 0, 0, 0, 0],
  '85.10': [0, 85, 0, 11],
};
const start = [0, 10, 0, 10, 0, 9, ...emptyTable, ...longString('PLAIN'), ...longString('en_US')];
const publish = '60.40';
const protocolHeaderBytes = 8;

export class DeafServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.push(socket);
      speak(socket);
    });
  }

  static async open(): Promise<DeafServer> {
    const server = createServer();
    const deaf = new DeafServer(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return deaf;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => { this.#server.close(resolve); });
  }
}

function speak(socket: Socket): void {
  let unread = Buffer.alloc(0);
  let greeted = false;
  socket.on('error', () => {}).on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    if (!greeted && unread.length >= protocolHeaderBytes) {
      greeted = true;
      unread = unread.subarray(protocolHeaderBytes);
      send(socket, 0, start);
    }
    if (!greeted) return;
    // Seven bytes of header, as many of payload as the header says, and one that ends the frame.
    while (unread.length >= 7 && unread.length >= unread.readUInt32BE(3) + 8) {
      const channel = unread.readUInt16BE(1);
      const asked = unread[0] === methodFrame ? `${unread.readUInt16BE(7)}.${unread.readUInt16BE(9)}` : '';
      unread = unread.subarray(unread.readUInt32BE(3) + 8);
      if (asked === publish) return void socket.pause();
      const answer = answers[asked];
      if (answer !== undefined) send(socket, channel, answer);
    }
  });
}

function send(socket: Socket, channel: number, payload: readonly number[]): void {
  const header = Buffer.alloc(7);
  header.writeUInt8(methodFrame, 0);
  header.writeUInt16BE(channel, 1);
  header.writeUInt32BE(payload.length, 3);
  socket.write(Buffer.from([...header, ...payload, frameEnd]));
}
