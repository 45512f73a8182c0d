import { readdir, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { carryOverClientSocket } from '../../renderer/connect/open-socket-transport.ts';
import { createClient, type HostClient } from '../../shared/ipc/client.ts';
import { requests } from '../../shared/ipc/contract.ts';
import { encodeFrame, maxFrameBytes } from '../../shared/ipc/frame.ts';
import { socketProtocol, tokenProtocol } from '../../shared/ipc/socket-protocol.ts';
import { userEnvironment, writeScript } from '../support/launch-window.ts';
import { scriptedServe } from '../support/project-paths.ts';
import { type RunningServe, startServe } from '../support/start-serve.ts';
import { makeFolder } from '../support/temporary-folder.ts';

/** Every program of the machine can reach the port: all of this happens while one window records. */
const perSecond = 2_000;

let userFolder: string;
let served: RunningServe;
let origin: string;
let token: string;
let window: HostClient;
let capture: number;
let endFolder: () => Promise<void>;
const open: { terminate?(): void; destroy?(): void }[] = [];

beforeAll(async () => {
  ({ folder: userFolder, end: endFolder } = await makeFolder());
  const storm = { storm: 10_000_000, perSecond };
  await writeScript(userFolder, { steps: [{ hello: {} }, storm, { until: 'stop' }, { bye: ['stop', 'removed'] }] });
  served = await startServe(['--shared'], userEnvironment(userFolder), scriptedServe);
  [origin, token] = served.address.split('/#token=') as [string, string];
  window = createClient(carryOverClientSocket((await dial()) as unknown as globalThis.WebSocket));
  const started = await window.request('capture.start', {
    events: ['get', 'put'],
    bufferKiB: 4096,
    stackTraces: false,
    modules: { which: 'only', names: [] },
  });
  if (!started.ok) throw new Error(started.problem.why);
  capture = started.state.capture;
  await window.request('capture.running', null);
});

afterAll(async () => {
  for (const one of open) (one.terminate ?? one.destroy)?.call(one);
  await served.stop();
  await endFolder();
});

/** A connection that knows the token, unless said otherwise. */
function dial(given = token, options: ClientOptions = {}): Promise<WebSocket> {
  const socket = new WebSocket(origin.replace('http', 'ws'), [socketProtocol, tokenProtocol(given)], {
    origin,
    ...options,
  });
  socket.binaryType = 'arraybuffer';
  open.push(socket);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** A connection of bytes. */
function plug(): Promise<Socket> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  open.push(socket);
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)));
}

const closed = (socket: WebSocket | Socket) =>
  new Promise<number>((resolve) => socket.once('close', (code: unknown) => resolve(Number(code))));

function handshake(given: string): string {
  return [
    'GET / HTTP/1.1',
    `Host: ${new URL(origin).host}`,
    `Origin: ${origin}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Sec-WebSocket-Protocol: ${socketProtocol}, ${tokenProtocol(given)}`,
    '',
    '',
  ].join('\r\n');
}

/** What the program has in memory, in MiB. */
async function memory(): Promise<number> {
  const status = await readFile(`/proc/${served.process.pid}/status`, 'latin1');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

const descriptors = async () => (await readdir(`/proc/${served.process.pid}/fd`)).length;

/** The recording goes on: more of it is on disk than a moment ago. */
async function goesOn(): Promise<void> {
  const bytes = async () => (await window.request('capture.running', null))?.progress.bytes ?? -1;
  const before = await bytes();
  await expect.poll(bytes, { timeout: 20_000 }).toBeGreaterThan(before);
}

const request = (id: number, name: string, body: unknown) => encodeFrame({ kind: 'request', id, name, body });
const withLength = (length: number, bytes: Uint8Array) => {
  const frame = Buffer.alloc(4 + bytes.length);
  frame.writeUInt32LE(length >>> 0);
  frame.set(bytes, 4);
  return frame;
};
const json = (text: string) => withLength(Buffer.byteLength(text), Buffer.from(text));

describe('while a window records', () => {
  test('nobody comes in without the token, or from another page, and none of them leaves anything behind', async () => {
    await goesOn();
    const before = await descriptors();
    for (const given of ['', 'x', `${token.slice(0, -1)}!`, 'x'.repeat(8_000)])
      await expect(dial(given)).rejects.toThrow('403');
    await expect(dial(token, { origin: 'https://example.com' })).rejects.toThrow('403');
    await expect(dial(token, { headers: { host: `example.com:${new URL(origin).port}` } })).rejects.toThrow('403');
    // Gone in the middle of being told, and never gone at all.
    const sockets = await Promise.all(Array.from({ length: 300 }, plug));
    for (const [i, socket] of sockets.entries()) {
      socket.write(handshake('wrong'));
      if (i % 3 === 0) socket.resetAndDestroy();
      else if (i % 3 === 1) socket.pause();
      else socket.end();
    }
    await goesOn();
    await expect.poll(descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(before + 2);
  });

  test('bytes that are no request, and paths that are none, are answered or hung up on', async () => {
    const bytes = [
      '\0\x01\x02\xff'.repeat(10_000),
      'GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n',
      `GET /\0 HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n\r\n`,
      `GET ${'/a'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`,
      `POST / HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nContent-Length: 99999999999999\r\n\r\n`,
      `GET //..%2f..%2fetc HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nConnection: close\r\n\r\n`,
      `GET /enter/x HTTP/1.1\r\nHost: ${new URL(origin).host}\r\nConnection: close\r\n\r\n`,
      handshake(token).replace('AAAAAAAAAAAAAAAAAAAAAA==', 'short'),
      handshake(token).replace('Version: 13', 'Version: 7'),
    ];
    for (const text of bytes) {
      const socket = await plug();
      socket.resume();
      socket.write(text, 'latin1');
      socket.end();
      await closed(socket);
    }
    await goesOn();
  });

  test('what is no WebSocket frame behind a good handshake ends that connection alone', async () => {
    for (const junk of [
      '\xff'.repeat(64),
      '\x82\x05hello',
      '\xf2\x80\0\0\0\0',
      '\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff',
    ]) {
      const socket = await plug();
      socket.resume();
      socket.write(handshake(token));
      socket.write(junk, 'latin1');
      await closed(socket);
    }
    // One that is cut off in its middle, and then goes.
    const cut = await plug();
    cut.resume();
    cut.write(handshake(token));
    cut.write(Buffer.from([0x82, 0xfe, 0xff, 0xff, 1, 2, 3, 4, 5]));
    cut.end();
    await closed(cut);
    await goesOn();
  });

  test.each<[what: string, frame: Uint8Array | string]>([
    ['text', 'hello'],
    ['nothing', new Uint8Array(0)],
    ['three bytes', new Uint8Array(3)],
    ['a header that is longer than its frame', withLength(1000, Buffer.from('{}'))],
    ['a header of four gigabytes', withLength(0xffff_ffff, Buffer.from('{}'))],
    ['a header that is no UTF-8', withLength(4, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))],
    ['a header that is no JSON', json('{"kind":')],
    [
      'a header of an inherited name',
      json('{"kind":"request","id":1,"name":"host.describe","body":null,"__proto__":{}}'),
    ],
    ['a header that nests', json(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)],
    ['an answer', json('{"kind":"reply","id":1,"body":null}')],
    ['what only the host tells', json('{"kind":"event","name":"capture.ended","body":{}}')],
    ['an id that is no number', json('{"kind":"request","id":"1","name":"host.describe","body":null}')],
    ['junk', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 2_654_435_761) & 0xff))],
    ['more than a frame holds', new Uint8Array(maxFrameBytes + 1)],
  ])('%s is hung up on', async (_what, frame) => {
    const socket = await dial();
    const over = closed(socket);
    socket.send(frame);
    await over;
    await goesOn();
  });

  test('every request refuses what is not in its contract, and says so', async () => {
    const socket = await dial();
    const answers = new Map<number, { kind: string; reason?: string }>();
    socket.on('message', (data: ArrayBuffer) => {
      const length = new DataView(data).getUint32(0, true);
      const header = JSON.parse(Buffer.from(data, 4, length).toString());
      if (header.id !== undefined) answers.set(header.id, header);
    });
    const wrong = [
      7,
      '',
      'x'.repeat(20_000),
      [],
      {},
      [null],
      { capture: -1 },
      { capture: '1' },
      { capture: 1, path: '/' },
    ];
    const sizes = [0, -1, 63, 65_537, 1e300, '4096', null, 64.5].map((bufferKiB) => ({
      events: ['get'],
      bufferKiB,
      stackTraces: false,
      modules: { which: 'only', names: [] },
    }));
    const names = [['a b'], ['x'.repeat(56)], ['../x'], Array(257).fill('a'), ['a"||1'], 'vkms'].map((given) => ({
      events: ['get'],
      bufferKiB: 4096,
      stackTraces: false,
      modules: { which: 'only', names: given },
    }));
    let id = 1;
    for (const name of Object.keys(requests)) for (const body of wrong) socket.send(request(id++, name, body));
    for (const body of [...sizes, ...names]) socket.send(request(id++, 'capture.start', body));
    for (const name of ['', 'constructor', 'toString', 'capture.start\0']) socket.send(request(id++, name, null));
    await expect.poll(() => answers.size, { timeout: 30_000 }).toBe(id - 1);
    expect([...answers.values()].filter(({ reason }) => reason !== 'refused')).toEqual([]);
    await goesOn();
  });

  test('a peer that asks without end and reads nothing is hung up on, before it costs memory', async () => {
    const before = await memory();
    const socket = await dial();
    const over = closed(socket);
    socket.pause();
    const frame = request(1, 'trace.offered', null);
    let gone = false;
    void over.then(() => {
      gone = true;
    });
    let most = before;
    for (let sent = 0; sent < 2_000_000 && !gone; sent++) {
      socket.send(frame);
      if (sent % 2_000 === 0) {
        await new Promise(setImmediate);
        while (socket.bufferedAmount > 4 * 1024 * 1024 && !gone) await new Promise((resolve) => setTimeout(resolve, 5));
        most = Math.max(most, await memory());
      }
    }
    socket.resume();
    await over;
    expect(most - before).toBeLessThan(400);
    await goesOn();
  });

  test('a hundred megabytes typed at a program that does not read are turned away', async () => {
    const before = await memory();
    const peer = createClient(carryOverClientSocket((await dial()) as unknown as globalThis.WebSocket));
    const answer = await peer.request('terminal.open', { page: 'p'.repeat(16), kind: 'shell', columns: 80, rows: 24 });
    if (!answer.ok) throw new Error(answer.problem.why);
    const { terminal } = answer.opened;
    await peer.request('terminal.write', { terminal, text: 'stty raw -echo; sleep 1000\r' });
    const text = 'x'.repeat(8192);
    let refused = 0;
    let most = before;
    for (let sent = 0; sent < 12_800; sent += 64) {
      for (let i = 0; i < 64; i++) void peer.request('terminal.write', { terminal, text }).catch(() => refused++);
      await peer.request('host.describe', null);
      most = Math.max(most, await memory());
    }
    expect(refused).toBeGreaterThan(12_000);
    expect(most - before).toBeLessThan(200);
    peer.close();
    await goesOn();
  });

  test('and of the recording not a line is missing in the end', async () => {
    const ended = new Promise<{ kept: boolean }>((resolve) =>
      window.on('capture.ended', (told) => resolve(told.ended)),
    );
    await window.request('capture.stop', { capture });
    expect(await ended).toMatchObject({ end: 'stopped', kept: true });
    const folder = join(userFolder, 'state/modshark/spool');
    const [name] = await readdir(folder);
    const lines = (await readFile(join(folder, name!), 'latin1'))
      .split('\n')
      .filter((line) => /module_[gp]/.test(line));
    expect(lines.length).toBeGreaterThan(1_000);
    const stamps = lines.map((line) => Math.round((Number(/ (\d+\.\d{6}): /.exec(line)?.[1]) - 200) * perSecond));
    expect(stamps).toEqual(Array.from(stamps, (_, i) => i));
  });
});
