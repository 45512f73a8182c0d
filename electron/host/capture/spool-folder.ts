import { chmod, constants, copyFile, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
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
      const owner = `${process.pid}-${processStart(process.pid) ?? '0'}`;
      for (let turn = 0; ; turn++) {
        const path = join(folder, `${stamp}-${owner}${turn === 0 ? '' : `-${turn}`}.txt`);
        try {
          return createSpool(path, await open(path, 'ax', 0o600));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
      }
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
      await chmod(target, mode);
    },
    discard: (path) => unlink(path),
  };

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
