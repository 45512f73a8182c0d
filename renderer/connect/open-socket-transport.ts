import { busyCloseCode, socketProtocol, tokenProtocol } from '../../shared/ipc/socket-protocol.ts';
import type { Transport } from '../../shared/ipc/transport.ts';
import type { Problem } from '../../shared/problem.ts';
import type { OpenedTransport } from './opened-transport.ts';

/** Opens the WebSocket of the loopback server that served this page. */
export function openSocketTransport(token: string): Promise<OpenedTransport> {
  const socket = new WebSocket(`ws://${location.host}/`, [socketProtocol, tokenProtocol(token)]);
  socket.binaryType = 'arraybuffer';
  let closeCode: number | undefined;
  socket.addEventListener('close', ({ code }) => {
    closeCode = code;
  });
  return new Promise((resolve) => {
    socket.addEventListener('open', () =>
      resolve({
        ok: true,
        transport: carryOverClientSocket(socket),
        refusal: () => (closeCode === busyCloseCode ? anotherWindow : undefined),
      }),
    );
    socket.addEventListener('error', () => resolve({ ok: false, problem: unreachable }));
  });
}

/** A WebSocket of the browser as a transport. */
export function carryOverClientSocket(socket: WebSocket): Transport {
  return {
    send: (frame) => {
      if (socket.readyState === socket.OPEN) socket.send(frame as Uint8Array<ArrayBuffer>);
    },
    onFrame: (listener) =>
      socket.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer) listener(new Uint8Array(data));
        else socket.close(1003);
      }),
    onClose: (listener) => socket.addEventListener('close', listener),
    close: () => socket.close(),
  };
}

const unreachable: Problem = {
  what: 'ModShark’s host cannot be reached.',
  why: 'It was stopped, or this address belongs to an earlier start of it.',
  remedy: 'Start ModShark again and open the address that it prints. Files can still be dropped on this window.',
};

const anotherWindow: Problem = {
  what: 'Another window is connected to this host.',
  why: 'The host serves one window at a time.',
  remedy: 'Close the other window and reload this one, or start the host with --shared.',
};
