import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createHost, type Host } from '../../../electron/host/create-host.ts';
import { findAppFolders } from '../../../electron/host/find-app-folders.ts';
import { type Loopback, type LoopbackOptions, startLoopback } from '../../../electron/loopback/start-loopback.ts';
import { carryOverClientSocket } from '../../../renderer/connect/open-socket-transport.ts';
import { createClient } from '../../../shared/ipc/client.ts';
import { maxFrameBytes } from '../../../shared/ipc/frame.ts';
import { busyCloseCode, socketProtocol, tokenProtocol } from '../../../shared/ipc/socket-protocol.ts';
import { appRoot } from '../../support/project-paths.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let host: Host;
let loopback: Loopback;
let origin: string;
let token: string;

async function start(options: Partial<LoopbackOptions> = {}): Promise<void> {
  const folder = await temporaryFolder();
  const page = join(folder, 'page');
  await mkdir(page);
  await writeFile(join(page, 'index.html'), '<p>page');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  // Shells are opened there, and leave their history there.
  vi.stubEnv('HOME', folder);
  host = createHost({
    kind: 'loopback',
    app: findAppFolders(appRoot),
    user: { config: folder, state: folder, cache: folder },
    files: [],
    complain: () => {},
  });
  loopback = await startLoopback({ host, page, port: 0, shared: false, ...options });
  [origin, token] = loopback.address.split('/#token=') as [string, string];
}

beforeEach(() => start());
afterEach(async () => {
  await loopback.close();
  await host.close();
  vi.unstubAllEnvs();
});

interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    // Not fetch: it sets Host by itself and resolves dots in the path.
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.once('error', reject).end();
  });
}

/** What came of dialling: `open`, or the HTTP status that refused it. */
function dial(given: {
  token?: string;
  origin?: string | undefined;
  host?: string;
  protocols?: string[];
}): Promise<WebSocket | number> {
  const protocols = given.protocols ?? [socketProtocol, tokenProtocol(given.token ?? token)];
  const headers: Record<string, string> = given.host === undefined ? {} : { host: given.host };
  const socket = new WebSocket(origin.replace('http', 'ws'), protocols, {
    ...('origin' in given && given.origin === undefined ? {} : { origin: given.origin ?? origin }),
    headers,
  });
  socket.binaryType = 'arraybuffer';
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => {});
  });
}

async function dialIn(): Promise<WebSocket> {
  const socket = await dial({});
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  return socket;
}

const closing = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));

describe('the loopback server', () => {
  test('listens on 127.0.0.1 alone, with a token of 256 bits', () => {
    expect(new URL(origin).hostname).toBe('127.0.0.1');
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  });

  test('serves the page with every protective header, and says nothing of itself', async () => {
    const { status, body, headers } = await get('/');
    expect([status, body]).toEqual([200, '<p>page']);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(String(headers['content-security-policy'])).toContain("default-src 'none'");
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('is reached as localhost too', async () => {
    expect((await get('/', { host: `localhost:${new URL(origin).port}` })).status).toBe(200);
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost', '[::1]:80'])(
    'a name that is not its own is refused: %j',
    async (host) => {
      expect((await get('/', { host })).status).toBe(403);
      expect(await dial({ host })).toBe(403);
    },
  );

  test.each(['https://evil.example', 'null', 'http://127.0.0.1', 'http://127.0.0.1:1'])(
    'a page of %s may neither read nor dial',
    async (from) => {
      expect((await get('/', { origin: from })).status).toBe(403);
      expect(await dial({ origin: from })).toBe(403);
    },
  );

  test('a program that names no origin may not dial', async () => {
    expect(await dial({ origin: undefined })).toBe(403);
  });

  test.each(['', 'wrong', 'A'.repeat(43)])('the token %j is refused', async (wrong) => {
    expect(await dial({ token: wrong })).toBe(403);
  });

  test('no token, or the token alone, is refused', async () => {
    expect(await dial({ protocols: [socketProtocol] })).toBe(403);
    expect(await dial({ protocols: [tokenProtocol(token)] })).toBe(403);
  });

  test('with the token it opens, and never repeats it', async () => {
    const socket = await dialIn();
    expect(socket.protocol).toBe(socketProtocol);
    const client = createClient(carryOverClientSocket(socket as never));
    expect(await client.request('host.describe', null)).toMatchObject({ kind: 'loopback', canChoose: false });
  });

  test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '//etc/passwd'])(
    '%s leads nowhere',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is not answered', async (method) => {
    expect((await get('/', {}, method)).status).toBe(405);
  });

  test('a second window is told that there is one, and may come when it is gone', async () => {
    const first = await dialIn();
    expect(await closing(await dialIn())).toBe(busyCloseCode);
    first.close();
    await closing(first);
    const next = await dialIn();
    const client = createClient(carryOverClientSocket(next as never));
    expect(await client.request('host.describe', null)).toMatchObject({ kind: 'loopback' });
  });

  test('a second window that then talks nonsense does not end the program, and with it the first', async () => {
    const client = createClient(carryOverClientSocket((await dialIn()) as never));
    const second = connect(Number(new URL(origin).port), '127.0.0.1');
    const closed = new Promise((resolve) => second.once('close', resolve));
    const asked = ['GET / HTTP/1.1', `Host: ${new URL(origin).host}`, `Origin: ${origin}`, 'Connection: Upgrade'];
    const protocols = `Sec-WebSocket-Protocol: ${socketProtocol}, ${tokenProtocol(token)}`;
    const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${'A'.repeat(22)}==`];
    second.write(`${[...asked, ...upgrade, protocols].join('\r\n')}\r\n\r\n`);
    // Reserved bits and an opcode that does not exist, which no client library lets through.
    second.write(Buffer.alloc(64, 0xff));
    second.resume();
    await closed;
    expect(await client.request('host.describe', null)).toMatchObject({ kind: 'loopback' });
  });

  test('a message that is too large, or text, ends the connection', async () => {
    const large = await dialIn();
    large.send(new Uint8Array(maxFrameBytes + 1));
    expect(await closing(large)).not.toBe(1000);
    const text = await dialIn();
    text.send('hello');
    expect(await closing(text)).toBe(1003);
  });

  test('a crowd that connects and says nothing is not let in, and the window stays', async () => {
    const client = createClient(carryOverClientSocket((await dialIn()) as never));
    const crowd = Array.from({ length: 400 }, () => connect(Number(new URL(origin).port), '127.0.0.1'));
    let sentAway = 0;
    await new Promise<void>((resolve) => {
      for (const socket of crowd) {
        socket.on('error', () => {});
        socket.once('close', () => {
          sentAway += 1;
          if (sentAway === 400 - 255) resolve();
        });
      }
    });
    expect(await client.request('host.describe', null)).toMatchObject({ kind: 'loopback' });
    for (const socket of crowd) socket.destroy();
  });

  test('half a request does not keep it from closing', async () => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    await new Promise<void>((resolve) => socket.once('connect', resolve));
    socket.write('GET / HTTP/1.1\r\n');
    socket.on('error', () => {});
    await loopback.close();
    await start();
  });
});

describe('a terminal over the loopback server', () => {
  const page = 'page-0123456789abcdef';
  const asked = { page, kind: 'shell', columns: 80, rows: 24 } as const;
  const clientOf = (socket: WebSocket) => createClient(carryOverClientSocket(socket as never));

  test('is opened over a connection that knows the token, and by no other way', async () => {
    for (const wrong of [{ token: 'A'.repeat(43) }, { origin: 'https://evil.example' }, { host: 'evil.example' }])
      expect(await dial(wrong)).toBe(403);
    for (const path of ['/terminal', '/terminal.open', '/pty']) expect((await get(path)).status).toBe(404);
    const client = clientOf(await dialIn());
    expect(await client.request('terminal.open', asked)).toMatchObject({ ok: true, opened: { kind: 'shell' } });
  });

  test('is its own window’s alone, also where the server is shared', async () => {
    await loopback.close();
    await start({ shared: true });
    const [mine, other] = [clientOf(await dialIn()), clientOf(await dialIn())];
    let output = '';
    const shown = new Promise<void>((resolve) => {
      mine.on('terminal.output', (_payload, bytes) => {
        output += Buffer.from(bytes).toString();
        if (output.includes('still mine')) resolve();
      });
    });
    let overheard = 0;
    other.on('terminal.output', () => {
      overheard += 1;
    });
    const opened = await mine.request('terminal.open', asked);
    if (!opened.ok) throw new Error(opened.problem.why);
    const { terminal } = opened.opened;
    await other.request('terminal.write', { terminal, text: 'exit\r' });
    await other.request('terminal.close', { terminal });
    expect(await other.request('terminal.attach', { page: 'another-page-of-the-same' })).toEqual([]);
    await mine.request('terminal.write', { terminal, text: 'echo still $(echo mine)\r' });
    await shown;
    expect(overheard).toBe(0);
  });

  test.each([
    ['terminal.write', { terminal: 1, text: 'x'.repeat(8193) }],
    ['terminal.write', { terminal: 0, text: 'x' }],
    ['terminal.resize', { terminal: 1, columns: 0, rows: 24 }],
    ['terminal.open', { ...asked, columns: 100_000 }],
    ['terminal.open', { ...asked, kind: 'root' }],
    ['terminal.open', { ...asked, file: '/bin/sh' }],
    ['terminal.attach', { page: '../x' }],
  ])('refuses a %s that is not in the contract: %o', async (name, body) => {
    const client = clientOf(await dialIn());
    await expect(client.request(name as 'terminal.write', body as never)).rejects.toMatchObject({ reason: 'refused' });
  });
});

describe('a recording over the loopback server', () => {
  const requests = ['capture.start', 'capture.left', 'tracefs.read'];
  const clientOf = (socket: WebSocket) => createClient(carryOverClientSocket(socket as never));

  test('is begun over a connection that knows the token, and by no other way', async () => {
    for (const wrong of [{ token: 'A'.repeat(43) }, { origin: 'https://evil.example' }, { host: 'evil.example' }])
      expect(await dial(wrong)).toBe(403);
    for (const path of requests) {
      expect((await get(`/${path}`)).status).toBe(404);
      expect((await get(`/${path}`, {}, 'POST')).status).toBe(405);
    }
    const client = clientOf(await dialIn());
    expect(await client.request('capture.running', null)).toBeNull();
    expect(await client.request('capture.left', null)).toEqual([]);
  });

  test('a page without a recording of its own can stop, read and delete none', async () => {
    const client = clientOf(await dialIn());
    expect(await client.request('capture.stop', { capture: 1 })).toBeNull();
    expect(await client.request('capture.follow', { capture: 1 })).toMatchObject({ ok: false });
    expect(await client.request('capture.discard', { capture: 1 })).toMatchObject({ ok: false });
    expect(await client.request('capture.discardLeft', { left: '20261122T080000Z-1-1' })).toMatchObject({ ok: false });
  });
});

describe('the entrance for a browser that is started with an address', () => {
  test('leads to the page with the token, once', async () => {
    const { pathname } = new URL(loopback.createEntrance());
    const first = await get(pathname);
    expect([first.status, first.headers['location']]).toEqual([303, `/#token=${token}`]);
    expect((await get(pathname)).status).toBe(403);
  });

  test('a guess leads nowhere, and does not use it up', async () => {
    const { pathname } = new URL(loopback.createEntrance());
    expect((await get('/enter/guess')).status).toBe(403);
    expect((await get(pathname)).status).toBe(303);
  });

  test('does not tell its address the token', () => {
    expect(loopback.createEntrance()).not.toContain(token);
  });

  test('is closed after a minute', async () => {
    const { pathname } = new URL(loopback.createEntrance());
    const later = Date.now() + 61_000;
    const now = vi.spyOn(Date, 'now').mockReturnValue(later);
    expect((await get(pathname)).status).toBe(403);
    now.mockRestore();
  });
});

test('a server that no window comes to leaves by itself', async () => {
  await loopback.close();
  await new Promise<void>((resolve) => void start({ onIdle: { ms: 1, call: resolve } }));
});
