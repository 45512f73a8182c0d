import { type FileHandle, link, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { processStart } from './process-start.ts';
import { readMachineNumber } from './read-machine-number.ts';
import { createSpool, type Spool } from './spool.ts';

/** A recording that a session left in the folder. */
export interface LeftRecording {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** When it was begun. */
  readonly begun: Date;
}

/** Where recordings lie while they are made, and until somebody saves or discards them. */
export interface SpoolFolder {
  readonly path: string;
  /** Errors: throws what the file system throws. */
  create(): Promise<Spool>;
  /** Those whose session died, newest first. Those of running sessions are not listed. */
  listLeft(): Promise<readonly LeftRecording[]>;
  /**
   * Gives a recording the user's own place and name; what is there is replaced, whole or not at all.
   *
   * Errors: throws what the file system throws; then the recording is where it was.
   */
  save(path: string, target: string): Promise<void>;
  discard(path: string): Promise<void>;
  /** Has a recording that this process made be listed as left, for whoever wants it. */
  letGo(path: string): Promise<void>;
  /**
   * Takes a recording that was left over, so that nobody else does; gives its new path.
   *
   * Errors: throws what the file system throws, ENOENT where somebody else was faster.
   */
  take(left: LeftRecording): Promise<string>;
}

/** `20261122T064512Z-PID-START-MACHINE.txt`: when, and whose it is; `-1` behind it for the second one of that second. */
const namePattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-(\d{1,10})-(\d{1,20})(?:-(\d{10}))?(?:-\d{1,9})?\.txt$/;
/** Another machine with the same home folder cannot be asked who runs there; of one that writes no more nobody else will tell. */
const abandonedMs = 24 * 3600 * 1000;

/** The folder below the user's state folder. Only the user can look into it: recordings tell what everybody runs. */
export function createSpoolFolder(stateFolder: string, machine = readMachineNumber()): SpoolFolder {
  const folder = join(stateFolder, 'spool');
  const owner = [process.pid, processStart(process.pid) ?? '0', ...(machine === '' ? [] : [machine])].join('-');

  return {
    path: folder,
    async create() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const stamp = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
      return underFreeName(stamp, owner, async (path) => createSpool(path, await open(path, 'ax', 0o600)));
    },
    async listLeft() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const left = await Promise.all(names.map(describeLeft));
      return left.flat().sort((a, b) => b.begun.getTime() - a.begun.getTime());
    },
    async save(path, target) {
      const file = await open(path, 'r');
      try {
        await rename(path, target);
        await openToOthers(file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
        await copyOver(file, target);
        await unlink(path);
      } finally {
        await file.close();
      }
    },
    discard: (path) => unlink(path),
    letGo: (path) => underFreeName(stampOf(path), nobody, (free) => moveTo(path, free)).then(() => undefined),
    take: ({ path }) => underFreeName(stampOf(path), owner, (free) => moveTo(path, free)),
  };

  async function underFreeName<T>(stamp: string, owner: string, make: (path: string) => Promise<T>): Promise<T> {
    for (let turn = 0; ; turn++) {
      const path = join(folder, `${stamp}-${owner}${turn === 0 ? '' : `-${turn}`}.txt`);
      try {
        return await make(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  async function describeLeft(name: string): Promise<LeftRecording[]> {
    const match = namePattern.exec(name);
    if (match === null) return [];
    const [year, month, day, hour, minute, second, pid, start, where = machine] = match.slice(1);
    if (where === machine && processStart(Number(pid)) === start) return [];
    const path = join(folder, name);
    const there = await stat(path).catch(() => undefined);
    if (!there?.isFile()) return [];
    if (where !== machine && Date.now() - there.mtimeMs < abandonedMs) return [];
    const begun = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    return [{ path, name, bytes: there.size, begun }];
  }
}

/** Who owns a recording that nobody owns: process 0 is the kernel's, and never ours. */
const nobody = '0-0';

function stampOf(path: string): string {
  return basename(path).slice(0, 'YYYYMMDDThhmmssZ'.length);
}

/** Renames, but not over another: rename(2) would replace it, link(2) says EEXIST. */
async function moveTo(path: string, free: string): Promise<string> {
  await link(path, free);
  try {
    await unlink(path);
  } catch (error) {
    // Somebody else was faster with it: under our name it would be offered a second time.
    await unlink(free).catch(() => undefined);
    throw error;
  }
  return free;
}

/**
 * Gives a recording the rights of any file the user makes: it was private because nobody had chosen a place yet. By its
 * handle, for in a folder of others its name may be somebody's link by now. A file system that knows no modes, or not this
 * one, keeps it all the same.
 */
async function openToOthers(file: FileHandle): Promise<void> {
  await file.chmod(0o666 & ~process.umask()).catch(() => undefined);
}

/** Copies to another disk. When it returns the copy is there whatever happens to the machine, and the original may go. */
async function copyOver(file: FileHandle, target: string): Promise<void> {
  const part = `${target}.${process.pid}.part`;
  const copy = await open(part, 'wx', 0o600);
  try {
    for await (const bytes of file.createReadStream({ start: 0, autoClose: false })) await copy.appendFile(bytes);
    await openToOthers(copy);
    await copy.sync();
    await rename(part, target);
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw error;
  } finally {
    await copy.close();
  }
  await syncFolder(dirname(target));
}

/** Has the names in a folder survive a crash. Not every file system can be asked to. Source: fsync(2) */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
