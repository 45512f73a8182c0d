import { constants, type FileHandle, open } from 'node:fs/promises';
import type { Problem } from '../../shared/problem.ts';

/** An opened regular file, or the reason why it cannot be one. */
export type OpenedTraceFile =
  | { readonly ok: true; readonly file: FileHandle; readonly bytes: number }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Opens a file for reading and makes sure that it is one.
 *
 * Source: open(2). O_NONBLOCK, or opening a FIFO waits for its writer; O_NOCTTY, or a terminal device becomes ours.
 */
export async function openTraceFile(path: string): Promise<OpenedTraceFile> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    return { ok: false, problem: describeFileError(path, error) };
  }
  try {
    const stat = await file.stat();
    if (stat.isFile()) return { ok: true, file, bytes: stat.size };
    await file.close();
    return { ok: false, problem: describeWrongKind(path, stat.isDirectory()) };
  } catch (error) {
    await file.close();
    return { ok: false, problem: describeFileError(path, error) };
  }
}

/** An error of the file system in a person's words. */
export function describeFileError(path: string, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const known = wordsForCode[code];
  if (known) return { what: `${path} cannot be read.`, ...known };
  const detail = error instanceof Error ? error.message : String(error);
  return {
    what: `${path} cannot be read.`,
    why: `The system said: ${detail}.`,
    remedy: 'Copy the file and open the copy.',
  };
}

const wordsForCode: Record<string, Omit<Problem, 'what'>> = {
  ENOENT: { why: 'There is no such file.', remedy: 'Check the name, and whether the file was moved or removed.' },
  ENOTDIR: { why: 'A part of its path is no folder.', remedy: 'Check the name.' },
  EACCES: {
    why: 'You may not read it.',
    remedy: 'Recordings made as root often belong to root: make a copy that is yours, with sudo cp and sudo chown.',
  },
  EPERM: { why: 'The system forbids it.', remedy: 'Make a copy of the file that you may read.' },
  EISDIR: { why: 'It is a folder.', remedy: 'Open a file in it.' },
  ELOOP: { why: 'Its symbolic links go round in a circle.', remedy: 'Open the file itself.' },
  ENAMETOOLONG: { why: 'The name is too long.', remedy: 'Check the name.' },
  ENXIO: { why: 'It is a socket or device, not a recording.', remedy: 'Open a text file.' },
  ENODEV: { why: 'It is a device that is not there.', remedy: 'Open a text file.' },
  EMFILE: { why: 'Too many files are open.', remedy: 'Close other windows and try again.' },
  ESTALE: { why: 'The network file system lost it.', remedy: 'Mount the file system again, or copy the file.' },
  EIO: { why: 'The disk or the network gave an error.', remedy: 'Copy the file to another disk and open the copy.' },
  EAGAIN: {
    why: 'It is a live pipe of the kernel that has nothing more to say right now.',
    remedy: 'Record it into a file first, for example: sudo timeout 10 cat trace_pipe > recording.txt',
  },
};

function describeWrongKind(path: string, folder: boolean): Problem {
  const what = `${path} is no recording.`;
  if (folder) return { what, why: 'It is a folder.', remedy: 'Open a file in it.' };
  return {
    what,
    why: 'It is a pipe, socket or device, not a file.',
    remedy: 'Save what it gives as a file and open that.',
  };
}
