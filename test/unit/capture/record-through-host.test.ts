import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createHost, type Host } from '../../../electron/host/create-host.ts';
import { findAppFolders } from '../../../electron/host/find-app-folders.ts';
import { readCapture } from '../../../renderer/connect/read-offered-trace.ts';
import { defaultCaptureRequest, defaultCaptureWish } from '../../../shared/ipc/capture-contract.ts';
import { createClient, type HostClient } from '../../../shared/ipc/client.ts';
import type { Payload } from '../../../shared/ipc/contract.ts';
import { pairTransports } from '../../support/pair-transports.ts';
import { appRoot } from '../../support/project-paths.ts';
import type { Step } from '../../support/script-capture.ts';
import { scriptedMeans } from '../../support/scripted-window/scripted-means.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const get =
  '          insmod-154     [001] .....     9.228660: module_get: testmod call_site=do_init_module refcnt=2\n';
const stopped: readonly Step[] = [{ until: 'stop' }, { bye: ['stop', 'removed'] }];
const usual: readonly Step[] = [{ hello: {} }, { trace: get }, { counts: [[0, 0, 0, 0, 0, 1]] }, ...stopped];
const helper = join(appRoot, 'test/support/scripted-helper.mjs');

interface Program {
  readonly host: Host;
  readonly client: HostClient;
  readonly folder: string;
  connect(): HostClient;
  readonly ended: Promise<Payload<'capture.ended'>>;
}

async function startProgram(steps: readonly Step[], target?: string): Promise<Program> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'script.json'), JSON.stringify({ steps }));
  // As if this program had been built, with the scripted helper in the place of the real one.
  await mkdir(join(folder, 'out/helper'), { recursive: true });
  await copyFile(helper, join(folder, 'out/helper/capture-helper'));
  const host = createHost({
    kind: 'loopback',
    app: { ...findAppFolders(appRoot), root: folder },
    user: { config: folder, state: folder, cache: folder },
    files: [],
    means: scriptedMeans(folder, helper),
    ...(target === undefined ? {} : { chooseTarget: async () => target }),
    complain: () => {},
  });
  const connect = () => {
    const [page, server] = pairTransports();
    host.connect(server);
    onTestFinished(() => page.close());
    return createClient(page);
  };
  onTestFinished(() => host.close());
  const client = connect();
  const ended = new Promise<Payload<'capture.ended'>>((resolve) => client.on('capture.ended', resolve));
  return { host, client, folder, connect, ended };
}

/** Starts a recording and waits until it has its one event. */
async function start(client: HostClient): Promise<number> {
  const counted = new Promise<void>((resolve) => {
    client.on('capture.progress', ({ progress }) => {
      if (progress.events === 1) resolve();
    });
  });
  const started = await client.request('capture.start', defaultCaptureRequest);
  if (!started.ok) throw new Error(started.problem.why);
  await counted;
  return started.state.capture;
}

async function readAll(client: HostClient, capture: number, onText?: (text: string) => void): Promise<string> {
  const trace = await readCapture(client, capture);
  if (!trace.ok) throw new Error(trace.problem.why);
  let text = '';
  for await (const piece of trace.stream) {
    text += Buffer.from(piece).toString('latin1');
    onText?.(text);
  }
  return text;
}

const spools = (folder: string) => readdir(join(folder, 'spool'));

test('two pages follow one recording as it grows, to its last byte; a page that is gone does not end it', async () => {
  const { client, connect, ended, folder } = await startProgram(usual);
  const other = connect();
  const gone = connect();
  const capture = await start(client);
  const left = await readCapture(gone, capture);
  gone.close();
  expect(left.ok).toBe(true);
  expect(await other.request('capture.running', null)).toMatchObject({
    capture,
    progress: { bytes: expect.any(Number) },
  });
  const texts = await Promise.all([
    readAll(client, capture, (text) => {
      if (text.includes(get)) void client.request('capture.stop', { capture });
    }),
    readAll(other, capture),
  ]);
  expect(await ended).toMatchObject({ capture, ended: { end: 'stopped', kept: true }, progress: { events: 1 } });
  const [name] = await spools(folder);
  expect(texts[0]).toBe(await readFile(join(folder, 'spool', name!), 'latin1'));
  expect(texts[1]).toBe(texts[0]);
  expect(await readAll(other, capture)).toBe(texts[0]);
});

test('one recording at a time: a second start is told so, and the first goes on', async () => {
  const { client, connect } = await startProgram(usual);
  const capture = await start(client);
  const second = await connect().request('capture.start', defaultCaptureRequest);
  expect(second).toMatchObject({ ok: false, problem: { what: 'A recording runs already.' } });
  expect(await client.request('capture.running', null)).toMatchObject({ capture });
});

test('who chose no size of the buffer gets what suits the machine, and who chose one gets that', async () => {
  const { client, ended } = await startProgram(usual);
  expect(await client.request('settings.read', null)).toMatchObject({ capture: defaultCaptureWish });
  expect(await client.request('capture.preflight', null)).toMatchObject({ bufferKiB: 16_384 });
  const started = await client.request('capture.start', defaultCaptureWish);
  expect(started).toMatchObject({ ok: true, state: { request: { bufferKiB: 16_384 } } });
  if (started.ok) await client.request('capture.stop', { capture: started.state.capture });
  await ended;
  const chosen = await client.request('capture.start', { ...defaultCaptureWish, bufferKiB: 256 });
  expect(chosen).toMatchObject({ ok: true, state: { request: { bufferKiB: 256 } } });
});

test('what was saved is the user’s file, and nothing of it is left behind', async () => {
  const target = join(await temporaryFolder(), 'mine.txt');
  const { client, ended, folder } = await startProgram(usual, target);
  const capture = await start(client);
  expect(await client.request('capture.save', { capture })).toMatchObject({ state: 'failed' });
  await client.request('capture.stop', { capture });
  await ended;
  const saved = await client.request('capture.save', { capture });
  expect(saved).toMatchObject({ state: 'saved', offer: { name: 'mine.txt' } });
  expect(await readFile(target, 'latin1')).toContain('# ended: ');
  expect(await spools(folder)).toEqual([]);
  expect(await client.request('capture.running', null)).toBeNull();
  expect(await client.request('capture.save', { capture })).toMatchObject({ state: 'failed' });
});

test('where it cannot be saved, that is told, and it is kept', async () => {
  const { client, ended, folder } = await startProgram(usual, '/proc/nowhere/mine.txt');
  const capture = await start(client);
  await client.request('capture.stop', { capture });
  await ended;
  const answer = await client.request('capture.save', { capture });
  expect(answer).toMatchObject({ state: 'failed', problem: { what: 'The recording was not saved.' } });
  expect(await spools(folder)).toHaveLength(1);
  expect(await client.request('capture.discard', { capture })).toEqual({ ok: true });
  expect(await spools(folder)).toEqual([]);
});

test('a copy that a browser has makes room for the next recording; what nobody has is put aside', async () => {
  const { client, folder } = await startProgram(usual);
  const record = async () => {
    const capture = await start(client);
    const over = new Promise<void>((resolve) => {
      const stop = client.on('capture.ended', () => {
        stop();
        resolve();
      });
    });
    await client.request('capture.stop', { capture });
    await over;
    return capture;
  };
  await record();
  const second = await record();
  expect(await client.request('capture.left', null)).toHaveLength(1);
  await client.request('capture.downloaded', { capture: second });
  await record();
  expect(await client.request('capture.left', null)).toHaveLength(1);
  expect(await spools(folder)).toHaveLength(2);
});

test('the host’s end is that of the recording, which is offered again', async () => {
  const { client, host, folder } = await startProgram(usual);
  await start(client);
  await host.close();
  const left = await client.request('capture.left', null);
  expect(left).toHaveLength(1);
  const [name] = await spools(folder);
  expect(await readFile(join(folder, 'spool', name!), 'latin1')).toContain(`${get}`);
});

test('what a crash left is taken over by whoever comes first, and by its listed name alone', async () => {
  const { client, connect, folder } = await startProgram(usual);
  await mkdir(join(folder, 'spool'));
  await writeFile(join(folder, 'spool/20261121T080000Z-1-1.txt'), get);
  await writeFile(join(folder, 'settings.txt'), 'not a recording');
  const [found] = await client.request('capture.left', null);
  expect(found).toMatchObject({ bytes: get.length, begun: '2026-11-21T08:00:00.000Z' });
  for (const left of ['../settings', '/etc/hostname', '20261121T080000Z-1-1.txt']) {
    await expect(client.request('capture.keep', { left })).rejects.toMatchObject({ reason: 'refused' });
  }
  expect(await client.request('capture.keep', { left: '20261121T080000Z-9-9' })).toMatchObject({ ok: false });
  const kept = await client.request('capture.keep', { left: found!.left });
  if (!kept.ok) throw new Error(kept.problem.why);
  expect(await connect().request('capture.left', null)).toEqual([]);
  expect(await readAll(client, kept.state.capture)).toBe(get);
  expect(kept.state).toMatchObject({ ended: { end: 'killed', kept: true } });
});

test('a number of no recording, or of an earlier one, does nothing', async () => {
  const { client } = await startProgram(usual);
  const capture = await start(client);
  const other = capture + 1;
  expect(await client.request('capture.follow', { capture: other })).toMatchObject({ ok: false });
  expect(await client.request('capture.discard', { capture: other })).toMatchObject({ ok: false });
  expect(await client.request('capture.buffer', { capture: other })).toEqual({ instance: '', cpus: [] });
  for (const name of ['capture.stop', 'capture.clear', 'capture.downloaded'] as const) {
    expect(await client.request(name, { capture: other })).toBeNull();
  }
  expect(await client.request('capture.running', null)).toMatchObject({ capture });
});

test('a suspend is told while it goes on, and stands in the recording', async () => {
  const { createCaptureSession } = await import('../../../electron/host/capture/create-capture-session.ts');
  const { createSpoolFolder } = await import('../../../electron/host/capture/spool-folder.ts');
  const { scriptedCommand, everything } = await import('../../support/script-capture.ts');
  let slept = 0;
  const created = await createCaptureSession({
    request: everything,
    command: scriptedCommand(usual),
    spools: createSpoolFolder(await temporaryFolder()),
    slept: () => slept,
  });
  if (!created.ok) throw new Error(created.problem.why);
  const { session } = created;
  await session.started;
  slept = 3600.4;
  const notice = await new Promise<string>((resolve) => session.onNotice(({ what }) => resolve(what)));
  expect(notice).toBe('The machine slept for 3600 s.');
  const { path } = await session.stop();
  const text = await readFile(path!, 'latin1');
  expect(text).toContain('# the machine slept for 3600.4 s until here\n');
  expect(text).toContain('# asleep meanwhile: 3600.4 s\n');
});
