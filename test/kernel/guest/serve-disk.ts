import { createServer, type Socket } from 'node:net';

/**
 * A disk in memory for a network block device: `serve-disk.mjs SOCKET MEGABYTES` serves one client, and ends with it.
 *
 * Source: doc/proto.md of the nbd project; fixed newstyle negotiation, simple replies.
 */
const [path, megabytes] = process.argv.slice(2) as [string, string];
const disk = Buffer.alloc(Number(megabytes) << 20);

const [EXPORT_NAME, GO] = [1, 7];
const [ACK, INFO, UNSUPPORTED] = [1, 3, 0x80000001];
const [READ, WRITE, DISCONNECT] = [0, 1, 2];
const HAS_FLAGS = 1;

/** Bytes of a request, of a header of an option, and of what a client says first. */
const [REQUEST, OPTION, HELLO] = [28, 16, 4];

function number(bytes: 2 | 4 | 8, value: number | bigint): Buffer {
  const all = Buffer.alloc(8);
  all.writeBigUInt64BE(BigInt(value));
  return all.subarray(8 - bytes);
}

function answerOption(socket: Socket, option: number, type: number, data = Buffer.alloc(0)): void {
  const head = [number(8, 0x3e889045565a9n), number(4, option), number(4, type), number(4, data.length)];
  socket.write(Buffer.concat([...head, data]));
}

/** @returns whether the negotiation is over */
function negotiate(socket: Socket, option: number): boolean {
  const about = Buffer.concat([number(8, disk.length), number(2, HAS_FLAGS)]);
  if (option === GO) {
    answerOption(socket, option, INFO, Buffer.concat([number(2, 0), about]));
    answerOption(socket, option, ACK);
  } else if (option === EXPORT_NAME) socket.write(Buffer.concat([about, Buffer.alloc(124)]));
  else answerOption(socket, option, UNSUPPORTED);
  return option === GO || option === EXPORT_NAME;
}

function answer(socket: Socket, request: Buffer, data: Buffer): void {
  const [type, offset, length] = [request.readUInt16BE(6), request.readBigUInt64BE(16), request.readUInt32BE(24)];
  if (type === DISCONNECT) {
    socket.end();
    return;
  }
  const place = Number(offset);
  if (type === WRITE) data.copy(disk, place);
  const told = type === READ ? disk.subarray(place, place + length) : Buffer.alloc(0);
  socket.write(Buffer.concat([number(4, 0x67446698), number(4, 0), request.subarray(8, 16), told]));
}

const server = createServer((socket) => {
  let stage: 'hello' | 'options' | 'requests' = 'hello';
  let rest = Buffer.alloc(0);
  /** The next message, where all of it has come. */
  const take = (): Buffer | undefined => {
    const head = { hello: HELLO, options: OPTION, requests: REQUEST }[stage];
    if (rest.length < head) return undefined;
    const more =
      stage === 'options'
        ? rest.readUInt32BE(12)
        : stage === 'requests' && rest.readUInt16BE(6) === WRITE
          ? rest.readUInt32BE(24)
          : 0;
    if (rest.length < head + more) return undefined;
    const message = rest.subarray(0, head + more);
    rest = rest.subarray(head + more);
    return message;
  };
  socket.on('data', (piece) => {
    rest = Buffer.concat([rest, piece]);
    for (let message = take(); message !== undefined; message = take()) {
      if (stage === 'hello') stage = 'options';
      else if (stage === 'requests') answer(socket, message.subarray(0, REQUEST), message.subarray(REQUEST));
      else if (negotiate(socket, message.readUInt32BE(8))) stage = 'requests';
    }
  });
  socket.on('error', () => process.exit(0)); // the kernel hangs up without a word
  socket.on('close', () => process.exit(0));
  socket.write(Buffer.concat([Buffer.from('NBDMAGICIHAVEOPT'), number(2, 1)]));
});
server.listen(path);
