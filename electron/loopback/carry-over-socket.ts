import type { RawData, WebSocket } from 'ws';
import type { Transport } from '../../shared/ipc/transport.ts';

/**
 * What may wait to be read by a peer. Streams wait for the page themselves, each a few MiB ahead of it; what is beyond all
 * of them was asked for by a peer that reads no answer.
 */
const mostUnreadBytes = 96 * 1024 * 1024;

/** A WebSocket of the server as a transport. A peer that misses a heartbeat is gone: its window would block others. */
export function carryOverSocket(socket: WebSocket, heartbeatMs: number): Transport {
  socket.binaryType = 'nodebuffer';
  let alive = true;
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, heartbeatMs);
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('close', () => clearInterval(heartbeat));
  // A broken frame or connection: `close` follows, and is what everyone listens to.
  socket.on('error', () => socket.terminate());
  return {
    send: (frame) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > mostUnreadBytes) socket.terminate();
      else socket.send(frame);
    },
    onFrame: (listener) =>
      void socket.on('message', (data: RawData, isBinary: boolean) => {
        if (isBinary && data instanceof Uint8Array) listener(data);
        else socket.close(1003);
      }),
    onClose: (listener) => void socket.on('close', () => listener()),
    close: () => socket.close(),
  };
}
