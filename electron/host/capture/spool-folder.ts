import { chmod, constants, copyFile, link, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { processStart } from './process-start.ts';
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

/** `20261122T064512Z-PID-START.txt`: when, and whose it is. */
const namePattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-(\d{1,10})-(\d{1,20})(?:-\d+)?\.txt$/;

/** The folder below the user's state folder. Only the user can look into it: recordings tell what everybody runs. */
export function createSpoolFolder(stateFolder: string): SpoolFolder {
  const folder = join(stateFolder, 'spool');

  return {
    path: folder,
    async create() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const stamp = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
      return underFreeName(stamp, ownerName(), async (path) => createSpool(path, await open(path, 'ax', 0o600)));
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
      // As any file the user makes: what was private was private because nobody had chosen a place yet.
      const mode = 0o666 & ~process.umask();
      try {
        await rename(path, target);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
        await copyOver(path, target);
        await unlink(path);
      }
      // The recording is there. A file system that knows no modes, or not this one, keeps it all the same.
      await chmod(target, mode).catch(() => undefined);
    },
    discard: (path) => unlink(path),
    letGo: (path) => underFreeName(stampOf(path), nobody, (free) => moveTo(path, free)).then(() => undefined),
    take: ({ path }) => underFreeName(stampOf(path), ownerName(), (free) => moveTo(path, free)),
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
    const [year, month, day, hour, minute, second, pid, start] = match.slice(1);
    if (processStart(Number(pid)) === start) return [];
    const path = join(folder, name);
    const there = await stat(path).catch(() => undefined);
    if (!there?.isFile()) return [];
    const begun = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    return [{ path, name, bytes: there.size, begun }];
  }
}

/** Who owns a recording that nobody owns: process 0 is the kernel's, and never ours. */
const nobody = '0-0';

function ownerName(): string {
  return `${process.pid}-${processStart(process.pid) ?? '0'}`;
}

function stampOf(path: string): string {
  return basename(path).slice(0, 'YYYYMMDDThhmmssZ'.length);
}

/** Renames, but not over another: rename(2) would replace it, link(2) says EEXIST. */
async function moveTo(path: string, free: string): Promise<string> {
  await link(path, free);
  await unlink(path);
  return free;
}

async function copyOver(path: string, target: string): Promise<void> {
  const part = `${target}.${process.pid}.part`;
  try {
    await copyFile(path, part, constants.COPYFILE_EXCL);
    await rename(part, target);
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw error;
  }
}
