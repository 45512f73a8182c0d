import { MessageChannel as NodeChannel, type MessagePort as NodePort } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer, WebSocket as WsSocket } from 'ws';
import { carryOverSocket } from '../../electron/loopback/carry-over-socket.ts';
import { carryOverClientSocket } from '../../renderer/connect/open-socket-transport.ts';
import { carryOverPort } from '../../renderer/connect/request-port-transport.ts';
import { defaultCaptureRequest } from '../../shared/ipc/capture-contract.ts';
import { createClient, type RequestFailure } from '../../shared/ipc/client.ts';
import { defaultSettings, requests } from '../../shared/ipc/contract.ts';
import { encodeFrame, maxFrameBytes } from '../../shared/ipc/frame.ts';
import { createServer, type Handlers } from '../../shared/ipc/server.ts';
import type { Transport } from '../../shared/ipc/transport.ts';
import { pairTransports } from '../support/pair-transports.ts';

/** The two ends of one carrier, and what ends it. */
interface Carrier {
  readonly page: Transport;
  readonly host: Transport;
  end(): Promise<void>;
}

const carriers: Record<string, () => Promise<Carrier>> = {
  'in memory': async () => {
    const [page, host] = pairTransports();
    return { page, host, end: async () => page.close() };
  },
  'a MessagePort': async () => {
    const { port1, port2 } = new NodeChannel();
    return {
      page: carryOverPort(asBrowserPort(port1)),
      host: carryOverPort(asBrowserPort(port2)),
      end: async () => port1.close(),
    };
  },
  'a WebSocket': async () => {
    const server = new WebSocketServer({
      port: 0,
      host: '127.0.0.1',
      maxPayload: maxFrameBytes,
      perMessageDeflate: false,
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const connected = new Promise<ServerSocket>((resolve) => server.once('connection', resolve));
    const socket = new WsSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`);
    socket.binaryType = 'arraybuffer';
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const host = carryOverSocket(await connected, 60_000);
    const end = async () => {
      socket.close();
      await new Promise((resolve) => server.close(resolve));
    };
    return { page: carryOverClientSocket(asBrowserSocket(socket)), host, end };
  },
};

/** The client of ws has the browser's interface, but for the type. */
function asBrowserSocket(socket: WsSocket): WebSocket {
  return socket as unknown as WebSocket;
}

/** Node's port is the browser's, but for the type. */
function asBrowserPort(port: NodePort): MessagePort {
  return port as unknown as MessagePort;
}

const offer = { ticket: 'A'.repeat(22), name: 'trace.txt', about: '/tmp', origin: 'recent', bytes: 12 } as const;

function createHandlers(acknowledged: number[] = []): Handlers {
  return {
    ...unasked(),
    'host.describe': async () => ({ protocol: 1, kind: 'loopback', version: '1.2.3', boot: '', canChoose: false }),
    'trace.offered': async () => [offer],
    'trace.choose': async () => {
      throw new Error('there is no desktop here');
    },
    'trace.open': async ({ ticket }) => ({ ok: true, trace: 7, name: ticket, bytes: 0 }),
    'trace.acknowledge': async ({ sequence }) => {
      acknowledged.push(sequence);
      return null;
    },
    'trace.cancel': async () => null,
    'settings.read': async () => ({ ...defaultSettings, theme: 'dark' }),
    'trace.identify': async () => ({ ok: true, path: '/tmp/a.txt', sha256: '0'.repeat(64) }),
    'session.locate': async () => ({ state: 'missing', path: '/tmp/a.txt' }),
    'settings.write': async () => null,
  };
}

/** Handlers of the requests that this suite never gets through to. */
function unasked(): Handlers {
  const refuse = async () => {
    throw new Error('nobody asks this here');
  };
  return Object.fromEntries(Object.keys(requests).map((name) => [name, refuse])) as unknown as Handlers;
}

describe.each(Object.keys(carriers))('the contract over %s', (name) => {
  let carrier: Carrier;
  afterEach(() => carrier.end());

  async function open(acknowledged?: number[]) {
    carrier = await carriers[name]!();
    const server = createServer(carrier.host, createHandlers(acknowledged));
    return { server, client: createClient(carrier.page) };
  }

  test('a request is answered with what its handler returns', async () => {
    const { client } = await open();
    expect(await client.request('host.describe', null)).toEqual({
      protocol: 1,
      kind: 'loopback',
      version: '1.2.3',
      boot: '',
      canChoose: false,
    });
    expect(await client.request('trace.offered', null)).toEqual([offer]);
  });

  test('requests keep their order, and each answer finds its question', async () => {
    const acknowledged: number[] = [];
    const { client } = await open(acknowledged);
    const sequences = Array.from({ length: 100 }, (_, sequence) => sequence);
    await Promise.all(sequences.map((sequence) => client.request('trace.acknowledge', { trace: 1, sequence })));
    expect(acknowledged).toEqual(sequences);
  });

  test('an event arrives with its bytes, in order, up to the largest frame', async () => {
    const { client, server } = await open();
    const sizes = [0, 1, 7, 8, 4096, 3 * 1024 * 1024];
    const arrived = new Promise<number[][]>((resolve) => {
      const got: number[][] = [];
      client.on('trace.chunk', ({ sequence }, bytes) => {
        got.push([sequence, bytes.length, bytes.at(-1) ?? -1]);
        if (got.length === sizes.length) resolve(got);
      });
    });
    for (const [sequence, size] of sizes.entries()) {
      server.emit('trace.chunk', { trace: 1, sequence, last: false }, new Uint8Array(size).fill(sequence));
    }
    expect(await arrived).toEqual(sizes.map((size, sequence) => [sequence, size, size === 0 ? -1 : sequence]));
  });

  test('a handler that throws is a failure with its message, and the connection goes on', async () => {
    const { client } = await open();
    await expect(client.request('trace.choose', null)).rejects.toMatchObject({
      reason: 'failed',
      message: 'there is no desktop here',
    });
    expect(await client.request('settings.read', null)).toMatchObject({ theme: 'dark' });
  });

  test('a page that asks for more and more before anything is answered is hung up on', async () => {
    carrier = await carriers[name]!();
    let asked = 0;
    createServer(carrier.host, {
      ...createHandlers(),
      'trace.offered': () => {
        asked += 1;
        return new Promise(() => {});
      },
    });
    const client = createClient(carrier.page);
    const over = new Promise<void>((resolve) => client.onClose(resolve));
    const answers = Array.from({ length: 2_000 }, () => client.request('trace.offered', null));
    await over;
    const told = await Promise.allSettled(answers);
    expect(told.every((one) => one.status === 'rejected' && one.reason.reason === 'closed')).toBe(true);
    expect(asked).toBe(1024);
  });

  test.each([
    ['a request nobody declared', 'trace.read', null],
    ['a method of every object', 'toString', null],
    ['the prototype', '__proto__', null],
    ['a path instead of a ticket', 'trace.open', { ticket: '../../../../etc/pwd' }],
    ['a field too many', 'trace.open', { ticket: 'A'.repeat(22), path: '/etc/passwd' }],
    ['a field too few', 'trace.open', {}],
    ['another type', 'trace.acknowledge', { trace: '1', sequence: 0 }],
    ['a number out of bounds', 'trace.acknowledge', { trace: 1, sequence: -1 }],
    ['something for nothing', 'host.describe', { verbose: true }],
    ['a recording of a name that is no module’s', 'capture.start', wanting({ names: ['vkms"||1'] })],
    ['a recording of more names than the helper takes', 'capture.start', wanting({ names: Array(257).fill('a') })],
    ['a recording with a filter of its own', 'capture.start', wanting({ filter: 'refcnt > 0' })],
    ['a recording into a file', 'capture.start', { ...defaultCaptureRequest, path: '/tmp/x' }],
    ['a buffer that fills the memory', 'capture.start', { ...defaultCaptureRequest, bufferKiB: 1e9 }],
    ['a recording without events', 'capture.start', { ...defaultCaptureRequest, events: [] }],
    ['a path for a recording that was left', 'capture.keep', { left: '../../../etc/hostname' }],
    ['a path to be deleted', 'capture.discardLeft', { left: '/etc/hostname' }],
    ['a place to save to', 'capture.save', { capture: 1, path: '/etc/cron.d/x' }],
    ['a file of tracefs', 'tracefs.read', { path: 'trace' }],
    [
      'a long text that would not fit into the refusal',
      'settings.write',
      { ...defaultSettings, theme: 'x'.repeat(60_000) },
    ],
  ])('%s is refused', async (_what, request, body) => {
    const { client } = await open();
    await expect(client.request(request as never, body as never)).rejects.toMatchObject({ reason: 'refused' });
    expect(await client.request('settings.read', null)).toMatchObject({ theme: 'dark' });
  });

  test.each([
    ['a field named __proto__', rawFrame('{"kind":"request","id":1,"name":"settings.write","body":{"__proto__":{}}}')],
    [
      'a field named constructor',
      rawFrame('{"kind":"request","id":1,"name":"trace.offered","body":{"constructor":1}}'),
    ],
    ['an answer instead of a request', encodeFrame({ kind: 'reply', id: 1, body: null })],
    ['no frame at all', new Uint8Array([1, 2, 3])],
    ['a header that is no JSON', rawFrame('{"kind":')],
  ])('%s ends the connection', async (_what, frame) => {
    const { client } = await open();
    const closed = new Promise<void>((resolve) => client.onClose(resolve));
    carrier.page.send(frame);
    await closed;
  });

  test('an oversized frame is not even made', async () => {
    const { server } = await open();
    expect(() =>
      server.emit('trace.chunk', { trace: 1, sequence: 0, last: false }, new Uint8Array(maxFrameBytes)),
    ).toThrow('a frame of');
  });

  test('the host checks what it tells', async () => {
    const { server } = await open();
    expect(() => server.emit('trace.chunk', { trace: 0, sequence: 0, last: false }, new Uint8Array(1))).toThrow(
      TypeError,
    );
  });

  test('a host that breaks the contract is hung up on', async () => {
    const { client } = await open();
    const closed = new Promise<void>((resolve) => client.onClose(resolve));
    carrier.host.send(encodeFrame({ kind: 'event', name: 'trace.chunk', body: { trace: 1 } }, new Uint8Array(8)));
    await closed;
  });

  test('what was asked when the connection ends is told so, and so is what is asked later', async () => {
    carrier = await carriers[name]!();
    const client = createClient(carrier.page);
    const asked = client.request('settings.read', null).catch((failure: RequestFailure) => failure.reason);
    carrier.host.close();
    expect(await asked).toBe('closed');
    await expect(client.request('settings.read', null)).rejects.toMatchObject({ reason: 'closed' });
  });
});

function wanting(modules: object) {
  return { ...defaultCaptureRequest, modules: { ...defaultCaptureRequest.modules, ...modules } };
}

function rawFrame(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const frame = new Uint8Array(4 + text.length);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, 4);
  return frame;
}
