import { readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createSpoolFolder } from '../../../electron/host/capture/spool-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What was asked of the disk, in its order, and what somebody else does between two steps. */
const disk = vi.hoisted(() => ({
  asked: [] as string[],
  afterRename: async (_to: string) => {},
  afterLink: async (_from: string) => {},
}));
afterEach(() => {
  disk.afterRename = disk.afterLink = async () => {};
});

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof import('node:fs/promises')>();
  const nameOf = (path: unknown) => basename(String(path)).replace(/\d{8}T\d{6}Z.*|\.\d+(?=\.part)/, '');
  const open: typeof real.open = async (path, ...rest) => {
    const file = await real.open(path, ...rest);
    const sync = file.sync.bind(file);
    file.sync = () => {
      disk.asked.push(`sync ${nameOf(path)}`);
      return sync();
    };
    return file;
  };
  return {
    ...real,
    open,
    async rename(from: string, to: string) {
      await real.rename(from, to);
      disk.asked.push(`rename ${nameOf(to)}`);
      await disk.afterRename(to);
    },
    async link(from: string, to: string) {
      await real.link(from, to);
      await disk.afterLink(from);
    },
    async unlink(path: string) {
      disk.asked.push(`unlink ${nameOf(path)}`);
      await real.unlink(path);
    },
  };
});

async function recorded() {
  const spools = createSpoolFolder(await temporaryFolder());
  const spool = await spools.create();
  await spool.append([Buffer.from('text\n')]);
  await spool.close();
  disk.asked.length = 0;
  return { spools, path: spool.path };
}

test('on another disk the copy is whole and has its name before the original goes', async () => {
  const { spools, path } = await recorded();
  const elsewhere = `/dev/shm/modshark-crash-${process.pid}.txt`;
  onTestFinished(() => spools.discard(elsewhere));
  await spools.save(path, elsewhere);
  const name = basename(elsewhere);
  expect(disk.asked).toEqual([`sync ${name}.part`, `rename ${name}`, 'sync shm', 'unlink ']);
});

test('what somebody puts in the place of a saved recording is not opened to everybody', async () => {
  const { chmod, stat, unlink } = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
  const { spools, path } = await recorded();
  const secret = join(await temporaryFolder(), 'secret');
  await writeFile(secret, 'secret');
  await chmod(secret, 0o600);
  disk.afterRename = async (target) => {
    await unlink(target);
    await symlink(secret, target);
  };
  await spools.save(path, join(await temporaryFolder(), 'mine.txt'));
  expect((await stat(secret)).mode & 0o777).toBe(0o600);
});

test('of two programs that take over the same recording one gets it, and it is not offered a second time', async () => {
  const spools = createSpoolFolder(await temporaryFolder());
  const left = '20261120T080000Z-0-0.txt';
  await (await spools.create()).close();
  await writeFile(join(spools.path, left), 'x');
  const before = await readdir(spools.path);
  const { rename } = await vi.importActual<typeof import('node:fs/promises')>('node:fs/promises');
  // Between our two steps the other one does both of its own.
  disk.afterLink = (from) => rename(from, join(spools.path, 'the other one’s'));
  const [found] = await spools.listLeft();
  await expect(spools.take(found!)).rejects.toMatchObject({ code: 'ENOENT' });
  expect((await readdir(spools.path)).sort()).toEqual(
    [...before.filter((name) => name !== left), 'the other one’s'].sort(),
  );
});
