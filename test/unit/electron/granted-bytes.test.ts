import { truncateSync } from 'node:fs';
import { mkdir, readdir, readlink, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createGrantBook } from '../../../electron/host/create-grant-book.ts';
import { createHost, type Host } from '../../../electron/host/create-host.ts';
import { findAppFolders } from '../../../electron/host/find-app-folders.ts';
import { type Loopback, startLoopback } from '../../../electron/loopback/start-loopback.ts';
import { carryOverClientSocket } from '../../../renderer/connect/open-socket-transport.ts';
import { fetchOfferedTrace, type GrantedBytes } from '../../../renderer/connect/read-offered-trace.ts';
import { createClient, type HostClient } from '../../../shared/ipc/client.ts';
import { grantedPath, grantHeader } from '../../../shared/ipc/granted-bytes.ts';
import { socketProtocol, tokenProtocol } from '../../../shared/ipc/socket-protocol.ts';
import { appRoot } from '../../support/project-paths.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const content = Buffer.from(new Uint32Array(2_500_001).map((_, index) => index).buffer);

let host: Host;
let loopback: Loopback;
let origin: string;
let token: string;
let file: string;

beforeEach(async () => {
  const folder = await temporaryFolder();
  const page = join(folder, 'page');
  await mkdir(page);
  file = join(folder, 'recording.txt');
  await writeFile(file, content);
  host = createHost({
    kind: 'loopback',
    app: findAppFolders(appRoot),
    user: { config: folder, state: folder, cache: folder },
    files: [file],
    answersGets: true,
    complain: () => {},
  });
  loopback = await startLoopback({ host, page, port: 0, shared: true });
  [origin, token] = loopback.address.split('/#token=') as [string, string];
});
afterEach(async () => {
  await loopback.close();
  await host.close();
});

async function connectWindow(): Promise<HostClient> {
  const socket = new WebSocket(origin.replace('http', 'ws'), [socketProtocol, tokenProtocol(token)], { origin });
  socket.binaryType = 'arraybuffer';
  await new Promise((resolve) => socket.once('open', resolve));
  const client = createClient(carryOverClientSocket(socket as never));
  onTestFinished(() => client.close());
  return client;
}

async function openFile(client: HostClient): Promise<GrantedBytes> {
  const [offer] = await client.request('trace.offered', null);
  const opened = await fetchOfferedTrace(client, offer!.ticket);
  if (!opened.ok) throw new Error(opened.problem.why);
  if (opened.content instanceof ReadableStream) throw new Error('nothing was granted');
  return opened.content;
}

/** What a browser says of a request that the page's own script makes. */
const ofThePage = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'same-origin', 'sec-fetch-dest': 'empty' };

interface Asked {
  readonly grant?: string;
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly path?: string;
}

function ask({ grant, headers = {}, method = 'GET', path = grantedPath }: Asked): Promise<IncomingMessage> {
  const { hostname, port } = new URL(origin);
  const all = { ...ofThePage, ...(grant === undefined ? {} : { [grantHeader]: grant }), ...headers };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers: given }, resolve).once('error', reject).end();
  });
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const statusOf = async (asked: Asked) => {
  const response = await ask(asked);
  response.resume();
  return response.statusCode;
};

/** The files that this program has open, of those that the test made. */
async function openFiles(): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`, 'utf8').catch(() => '')),
  );
  return links.filter((link) => link === file).length;
}

describe('a file that the host grants to a window', () => {
  test('comes as it is, in an answer that nothing keeps', async () => {
    const { grant } = await openFile(await connectWindow());
    const response = await ask({ grant });
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    expect((await bodyOf(response)).equals(content)).toBe(true);
  });

  test('comes once, also where two ask at the same time', async () => {
    const { grant } = await openFile(await connectWindow());
    const statuses = await Promise.all([statusOf({ grant }), statusOf({ grant })]);
    expect(statuses.sort()).toEqual([200, 403]);
    expect(await statusOf({ grant })).toBe(403);
  });

  test.each<[string, Omit<Asked, 'grant'>]>([
    ['another site', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['another port of this machine', { headers: { 'sec-fetch-site': 'same-site' } }],
    ['a typed address', { headers: { 'sec-fetch-site': 'none' } }],
    ['a program that says nothing of itself', { headers: { 'sec-fetch-site': '' } }],
    ['a link or a frame', { headers: { 'sec-fetch-dest': 'document' } }],
    ['a picture', { headers: { 'sec-fetch-dest': 'image' } }],
    ['a page of another origin', { headers: { origin: 'https://evil.example' } }],
    ['a page without an origin', { headers: { origin: 'null' } }],
    ['a name that leads here', { headers: { host: 'evil.example' } }],
  ])('is not given to %s, and stays good', async (_who, asked) => {
    const { grant } = await openFile(await connectWindow());
    expect(await statusOf({ grant, ...asked })).toBe(403);
    expect((await bodyOf(await ask({ grant }))).equals(content)).toBe(true);
  });

  test.each(['HEAD', 'POST', 'PUT', 'OPTIONS'])('is not given to %s, and stays good', async (method) => {
    const { grant } = await openFile(await connectWindow());
    expect(await statusOf({ grant, method })).not.toBe(200);
    expect(await statusOf({ grant })).toBe(200);
  });

  test('is not given for its ticket, the token, a guess, a path, or a grant in the address', async () => {
    const client = await connectWindow();
    const { grant } = await openFile(client);
    const [offer] = await client.request('trace.offered', null);
    for (const wrong of ['', 'A'.repeat(43), token, offer!.ticket, file, '__proto__', grant.slice(1)])
      expect(await statusOf({ grant: wrong })).toBe(403);
    for (const path of [`?grant=${grant}`, `?${grantHeader}=${grant}`])
      expect(await statusOf({ path: grantedPath + path })).toBe(403);
    expect(await statusOf({ path: `${grantedPath}/${grant}`, grant })).toBe(404);
  });

  test('is closed when its window lets it go, or leaves, before it was fetched', async () => {
    const client = await connectWindow();
    const { grant, letGo } = await openFile(client);
    expect(await openFiles()).toBe(1);
    letGo();
    await client.request('host.describe', null);
    expect(await statusOf({ grant })).toBe(403);
    const left = await openFile(client);
    client.close();
    await vi.waitFor(async () => expect(await openFiles()).toBe(0));
    expect(await statusOf({ grant: left.grant })).toBe(403);
  });

  test('is closed when whoever fetches it breaks off', async () => {
    const { grant } = await openFile(await connectWindow());
    (await ask({ grant })).destroy();
    await vi.waitFor(async () => expect(await openFiles()).toBe(0));
  });

  test('that becomes shorter meanwhile is never passed off as whole, and the window is told why', async () => {
    const { grant, explain } = await openFile(await connectWindow());
    truncateSync(file, 5_000_000);
    await expect(ask({ grant }).then(bodyOf)).rejects.toThrow();
    expect((await explain()).why).toBe('The file became shorter while it was read.');
  });

  test('is one of the few that a window may open at a time', async () => {
    const client = await connectWindow();
    const [offer] = await client.request('trace.offered', null);
    const answers: boolean[] = [];
    for (let turn = 0; turn < 10; turn++) answers.push((await fetchOfferedTrace(client, offer!.ticket)).ok);
    expect(answers).toEqual([...Array(8).fill(true), false, false]);
  });

  test('is one of these few also where a window asks for many at once', async () => {
    const client = await connectWindow();
    const [offer] = await client.request('trace.offered', null);
    const asked = Array.from({ length: 20 }, () => fetchOfferedTrace(client, offer!.ticket));
    expect((await Promise.all(asked)).filter(({ ok }) => ok)).toHaveLength(8);
    expect(await openFiles()).toBe(8);
  });
});

test('a grant that nobody uses ends after a minute', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const grants = createGrantBook();
  const discard = vi.fn();
  const { secret } = grants.issue({ read: () => nothing(), discard });
  vi.advanceTimersByTime(59_000);
  expect(discard).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2_000);
  expect(discard).toHaveBeenCalledOnce();
  expect(grants.redeem(secret)).toBeUndefined();
});

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
}
