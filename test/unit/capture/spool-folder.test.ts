import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processStart } from '../../../electron/host/capture/process-start.ts';
import { readMachineNumber } from '../../../electron/host/capture/read-machine-number.ts';
import { createSpoolFolder } from '../../../electron/host/capture/spool-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function folderWith(names: Record<string, string>) {
  const state = await temporaryFolder();
  await mkdir(join(state, 'spool'));
  for (const [name, text] of Object.entries(names)) await writeFile(join(state, 'spool', name), text);
  return createSpoolFolder(state);
}

/** The pid and start of a process that has ended. */
async function deadOwner(): Promise<string> {
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  const owner = `${child.pid}-${processStart(child.pid!)}`;
  const ended = new Promise((resolve) => child.on('exit', resolve));
  child.stdin.end();
  await ended;
  return owner;
}

test('recordings whose program died are offered back, newest first; those of the living are not', async () => {
  const dead = await deadOwner();
  const living = `${process.pid}-${processStart(process.pid)}`;
  const reused = `${process.pid}-1`; // another program that had our number
  const spools = await folderWith({
    [`20261120T080000Z-${dead}.txt`]: '# older\n',
    [`20261121T080000Z-${reused}.txt`]: 'x',
    [`20261122T080000Z-${living}.txt`]: '# being recorded\n',
    [`20261122T080001Z-${living}-1.txt`]: '# the second one of that second\n',
    'notes.txt': 'not ours',
    '20261122T080000Z-1-1.txt.part': 'not ours',
  });
  expect(await spools.listLeft()).toEqual([
    {
      path: join(spools.path, `20261121T080000Z-${reused}.txt`),
      name: `20261121T080000Z-${reused}.txt`,
      bytes: 1,
      begun: new Date('2026-11-21T08:00:00Z'),
    },
    expect.objectContaining({ bytes: 8, begun: new Date('2026-11-20T08:00:00Z') }),
  ]);
});

test('what another machine records into the same home is not taken for left, until it has not grown for a day', async () => {
  const here = createSpoolFolder(await temporaryFolder(), '1111111111');
  const there = createSpoolFolder(join(here.path, '..'), '2222222222');
  const spool = await there.create();
  await spool.append([Buffer.from('text\n')]);
  // Its process is none of ours, whatever runs here under that number.
  const running = spool.path.replace(/-\d+-\d+-(?=2222222222)/, '-4194304-1-');
  await rename(spool.path, running);
  expect(await here.listLeft()).toEqual([]);
  expect(await there.listLeft()).toHaveLength(1);
  const yesterday = new Date(Date.now() - 25 * 3600 * 1000);
  await utimes(running, yesterday, yesterday);
  expect(await here.listLeft()).toMatchObject([{ path: running, bytes: 5 }]);
  await spool.close();
});

test('a machine is known by a number that does not tell its id, and one without an id by none', async () => {
  const file = join(await temporaryFolder(), 'machine-id');
  expect(readMachineNumber(file)).toBe('');
  await writeFile(file, '0123456789abcdef0123456789abcdef\n');
  const number = readMachineNumber(file);
  expect(number).toMatch(/^\d{10}$/);
  await writeFile(file, 'f123456789abcdef0123456789abcdef\n');
  expect(readMachineNumber(file)).not.toBe(number);
});

test('where nothing was ever recorded, nothing is left', async () => {
  expect(await createSpoolFolder(join(await temporaryFolder(), 'never')).listLeft()).toEqual([]);
});

test('two recordings of the same second have names of their own, and nobody else can read either', async () => {
  const spools = createSpoolFolder(await temporaryFolder());
  const first = await spools.create();
  const second = await spools.create();
  expect(first.path).not.toBe(second.path);
  expect((await stat(spools.path)).mode & 0o777).toBe(0o700);
  for (const spool of [first, second]) {
    expect((await stat(spool.path)).mode & 0o777).toBe(0o600);
    await spool.close();
  }
  expect(await spools.listLeft()).toEqual([]);
});

test('saving gives a recording its own name and the rights of any file; what was there is replaced', async () => {
  const spools = createSpoolFolder(await temporaryFolder());
  const spool = await spools.create();
  await spool.append([Buffer.from('text\n')]);
  await spool.close();
  const target = join(await temporaryFolder(), 'mine.txt');
  await writeFile(target, 'an older one');
  await spools.save(spool.path, target);
  expect(await readFile(target, 'utf8')).toBe('text\n');
  expect((await stat(target)).mode & 0o777).toBe(0o666 & ~process.umask());
  expect(await readdir(spools.path)).toEqual([]);
});

test('saving onto another disk copies, and a place that takes nothing leaves the recording where it was', async () => {
  const spools = createSpoolFolder(await temporaryFolder());
  const spool = await spools.create();
  await spool.append([Buffer.from('text\n')]);
  await spool.close();
  await expect(spools.save(spool.path, '/proc/version')).rejects.toThrow();
  expect(await readFile(spool.path, 'utf8')).toBe('text\n');
  const elsewhere = `/dev/shm/modshark-test-${process.pid}.txt`;
  await spools.save(spool.path, elsewhere);
  expect(await readFile(elsewhere, 'utf8')).toBe('text\n');
  await spools.discard(elsewhere);
  expect(await readdir(spools.path)).toEqual([]);
});

test('a recording can be discarded', async () => {
  const spools = await folderWith({ [`20261120T080000Z-${await deadOwner()}.txt`]: 'x' });
  const [left] = await spools.listLeft();
  await spools.discard(left!.path);
  expect(await spools.listLeft()).toEqual([]);
});

test('a file of the user that has the name of our half copy is not taken away', async () => {
  const spools = createSpoolFolder(await temporaryFolder());
  const spool = await spools.create();
  await spool.append([Buffer.from('text\n')]);
  await spool.close();
  const elsewhere = `/dev/shm/modshark-test-${process.pid}-2.txt`;
  const mine = `${elsewhere}.${process.pid}.part`;
  await writeFile(mine, 'mine');
  onTestFinished(() => rm(mine, { force: true }));
  await expect(spools.save(spool.path, elsewhere)).rejects.toMatchObject({ code: 'EEXIST' });
  expect(await readFile(mine, 'utf8')).toBe('mine');
  expect(await readFile(spool.path, 'utf8')).toBe('text\n');
});
