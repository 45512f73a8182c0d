import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createRecorder } from '../../../electron/host/capture/create-recorder.ts';
import { createSpoolFolder, type SpoolFolder } from '../../../electron/host/capture/spool-folder.ts';
import type { CaptureState } from '../../../shared/ipc/capture-contract.ts';
import { everything, type Step, scriptedCommand } from '../../support/script-capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const get =
  '          insmod-154     [001] .....     9.228660: module_get: testmod call_site=do_init_module refcnt=2\n';
const short: readonly Step[] = [
  { hello: {} },
  { trace: get },
  { counts: [[0, 0, 0, 0, 0, 1]] },
  { until: 'stop' },
  { bye: ['stop', 'removed'] },
];

/** A recorder with one recording that has ended, in a folder where some things go otherwise than usual. */
async function recordOnce(change: (usual: SpoolFolder) => Partial<SpoolFolder>) {
  const folder = await temporaryFolder();
  const usual = createSpoolFolder(folder);
  const heard: (CaptureState | undefined)[] = [];
  let tellEnded = () => {};
  const ended = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });
  const recorder = createRecorder({
    spools: { ...usual, ...change(usual) },
    onProgress: (capture, { events }) => {
      if (events === 1) void recorder.session(capture)?.stop();
    },
    onNotice: () => {},
    onEnded: () => tellEnded(),
    onChanged: (state) => heard.push(state),
  });
  onTestFinished(() => recorder.close());
  const start = () => recorder.start(everything, scriptedCommand(short));
  const started = await start();
  if (!started.ok) throw new Error(started.problem.why);
  await ended;
  return { recorder, usual, heard, start, capture: started.state.capture, target: join(folder, 'mine.txt') };
}

test('a recording that cannot be put aside for the next one stays, and can be saved', async () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  const { recorder, start, capture, target, heard } = await recordOnce(() => ({ letGo: () => Promise.reject(full) }));
  expect(await start()).toMatchObject({ ok: false, problem: { why: expect.stringContaining('The disk is full.') } });
  expect(recorder.state).toMatchObject({ capture, saved: false, ended: { kept: true } });
  expect(heard.at(-1)).toMatchObject({ capture });
  expect(await recorder.save(capture, target)).toEqual({ ok: true });
  expect(await readFile(target, 'latin1')).toContain(get);
});

test('a recording whose file somebody has removed by hand is not in the way of the next one', async () => {
  const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });
  const { recorder, start, capture } = await recordOnce(() => ({ letGo: () => Promise.reject(missing) }));
  expect(await start()).toMatchObject({ ok: true });
  expect(recorder.state).toMatchObject({ capture: capture + 1 });
});

test('the next recording waits until the one before is copied to another disk', async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { recorder, usual, heard, start, capture, target } = await recordOnce((spools) => ({
    save: (path, to) => slow.then(() => spools.save(path, to)),
  }));
  const saving = recorder.save(capture, target);
  const starting = start();
  // Another window that asks meanwhile gets the same recording once.
  const again = recorder.save(capture, target);
  finish();
  expect(await saving).toEqual({ ok: true });
  expect(await again).toMatchObject({ ok: false, problem: { what: 'There is no such recording any more.' } });
  const next = await starting;
  expect(next).toMatchObject({ ok: true });
  expect(heard.at(-1)).toMatchObject({ capture: capture + 1 });
  expect(recorder.state).toMatchObject({ capture: capture + 1 });
  expect(await usual.listLeft()).toEqual([]);
  expect(await readFile(target, 'latin1')).toContain(get);
});

test('the program that ends while a recording is copied to another disk waits for that', async () => {
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { recorder, usual, capture, target } = await recordOnce((spools) => ({
    save: (path, to) => slow.then(() => spools.save(path, to)),
  }));
  const saving = recorder.save(capture, target);
  let isClosed = false;
  const closing = recorder.close().then(() => {
    isClosed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isClosed).toBe(false);
  finish();
  expect(await saving).toEqual({ ok: true });
  await closing;
  expect(await readFile(target, 'latin1')).toContain(get);
  expect(await usual.listLeft()).toEqual([]);
});

test('a copy that never comes to its end keeps the program from ending for a while only, and the recording is left', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const { recorder, usual, capture, target } = await recordOnce(() => ({ save: () => new Promise(() => {}) }));
  void recorder.save(capture, target);
  const closing = recorder.close();
  await vi.advanceTimersByTimeAsync(60_000);
  await closing;
  expect(await readdir(usual.path)).toHaveLength(1);
});

test('nothing begins to be recorded any more once the program ends', async () => {
  const { recorder, start, usual } = await recordOnce(() => ({}));
  const closing = recorder.close();
  expect(await start()).toMatchObject({ ok: false, problem: { what: 'Nothing is recorded any more.' } });
  await closing;
  expect(recorder.state).toBeUndefined();
  expect(await usual.listLeft()).toHaveLength(1);
});

test('a recording that is being started when the program ends is ended with it', async () => {
  let makes = 0;
  let closing: Promise<void> | undefined;
  const { recorder, start, usual } = await recordOnce((spools) => ({
    create: async () => {
      if (++makes === 2) closing = recorder.close();
      return spools.create();
    },
  }));
  expect(await start()).toMatchObject({ ok: true });
  await closing;
  expect(recorder.state).toBeUndefined();
  expect(await usual.listLeft()).toHaveLength(1);
});
