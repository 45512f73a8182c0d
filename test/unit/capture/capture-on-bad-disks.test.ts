import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runSession } from '../../../electron/host/capture/create-capture-session.ts';
import { createSpool, type Spool } from '../../../electron/host/capture/spool.ts';
import { createSpoolFolder } from '../../../electron/host/capture/spool-folder.ts';
import { encodeStart } from '../../../shared/capture-protocol/encode-request.ts';
import { everything, type Step, scriptedCommand } from '../../support/script-capture.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const get =
  '          insmod-154     [001] .....     9.228660: module_get: testmod call_site=do_init_module refcnt=2\n';
const hello: Step = { hello: {} };
const stopped: readonly Step[] = [{ until: 'stop' }, { bye: ['stop', 'removed'] }];

async function readText(path: string | undefined): Promise<string> {
  return readFile(path ?? 'nothing was kept', 'latin1');
}

/** A recording on a disk that has room for so many bytes, and for as many again when it was full for so many writes. */
async function recordOnSmallDisk(room: number, steps: readonly Step[], fullFor = Number.POSITIVE_INFINITY) {
  const start = encodeStart(everything);
  if (!start.ok) throw new Error(start.problem.why);
  const spools = createSpoolFolder(await temporaryFolder());
  await mkdir(spools.path);
  const path = join(spools.path, 'recording.txt');
  const file = await open(path, 'ax+');
  let failed = 0;
  const appendFile = file.appendFile.bind(file);
  file.appendFile = async (block) => {
    const { size } = await file.stat();
    const taken = (block as Uint8Array).subarray(0, Math.max(0, (failed < fullFor ? room : 2 * room) - size));
    await appendFile(taken);
    if (taken.length === block.length) return;
    failed += 1;
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  };
  const command = scriptedCommand([hello, ...steps, ...stopped]);
  const session = runSession({ request: everything, command, spools }, createSpool(path, file), start.frame);
  let followed = '';
  const following = (async () => {
    for await (const chunk of session.follow()) followed += Buffer.from(chunk).toString('latin1');
  })();
  const outcome = await session.ended;
  await following;
  return { outcome, followed, left: await readdir(spools.path) };
}

test('a disk that fills up ends the recording, which keeps whole lines alone and says how it ended', async () => {
  // Where the line is cut off, it would read as an event of another module.
  const load = get.replace('module_get: testmod call_site=do_init_module refcnt=2', 'module_load: testmod_user OE');
  const head = (await recordOnSmallDisk(1e6, [{ exit: 0 }])).followed.indexOf('# ended: ');
  for (const cut of [load.indexOf('_user'), load.length - 1, load.length, 1]) {
    const room = head + 10 * get.length + cut;
    const steps = [{ trace: get.repeat(10) + load.repeat(1000) }];
    const { outcome, followed } = await recordOnSmallDisk(room, steps);
    expect(outcome).toMatchObject({ end: 'disk-failed', progress: { state: 'ended' } });
    expect(outcome.problem).toMatchObject({
      what: 'The recording ended early.',
      why: `${outcome.path} could not be written. The disk is full.`,
      remedy: expect.stringContaining('What had been recorded is kept.'),
    });
    const text = await readText(outcome.path);
    expect(text.slice(head).split(get)).toHaveLength(11);
    expect(text.endsWith('\n')).toBe(true);
    expect(text.includes('testmod_user')).toBe(cut === load.length);
    expect(text.length).toBeLessThanOrEqual(room);
    // Whoever follows has seen the same.
    expect(followed).toBe(text);
  }
});

test('a full disk keeps how the recording ended where somebody has made room meanwhile', async () => {
  const { followed } = await recordOnSmallDisk(2000, [{ trace: get.repeat(100) }], 1);
  expect(followed).toContain(get);
  expect(followed).toMatch(/# ended: disk-failed: \S+ could not be written\. The disk is full\.\n/);
});

test('a disk that is full from the start leaves no recording behind, and says that there is none', async () => {
  const { outcome, left } = await recordOnSmallDisk(0, [{ flood: 50_000 }]);
  expect(outcome).toMatchObject({
    end: 'disk-failed',
    path: undefined,
    problem: { what: 'Nothing was recorded.', why: expect.stringContaining('The disk is full.') },
  });
  expect(left).toEqual([]);
});

test('while the disk is busy nothing more is read: the kernel overwrites and counts, and no more than a pipe and a chunk is held', async () => {
  const start = encodeStart(everything);
  if (!start.ok) throw new Error(start.problem.why);
  const folder = await temporaryFolder();
  const told = join(folder, 'all-offered');
  const spools = createSpoolFolder(folder);
  const disk = await spools.create();
  let release = () => {};
  const busy = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = 0;
  const slow: Spool = {
    path: disk.path,
    get bytes() {
      return disk.bytes;
    },
    append: async (pieces) => {
      asked += 1;
      await busy;
      await disk.append(pieces);
    },
    note: disk.note,
    close: disk.close,
    grown: disk.grown,
  };
  const offered = 1_000_000;
  const steps = [hello, { offer: offered, told }, ...stopped];
  const session = runSession({ request: everything, command: scriptedCommand(steps), spools }, slow, start.frame);
  await expect.poll(() => readFile(told, 'utf8').catch(() => ''), { timeout: 20_000 }).not.toBe('');
  const kept = Number(await readFile(told, 'utf8'));
  expect(asked).toBe(1);
  expect(kept).toBeLessThan(40_000); // 3 MB of 75 MB: what the pipe and one chunk hold
  release();
  const { path, progress } = await session.stop();
  expect(progress).toMatchObject({ events: kept, lost: offered - kept });
  expect((await readText(path)).split('\n').filter((line) => line.includes('module_load'))).toHaveLength(kept);
}, 30_000);
