import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file whose place has been looked at and found good. */
export interface OutputFile {
  /** As it was given. */
  readonly path: string;
  /** Where it lies, links followed. */
  readonly target: string;
}

/**
 * Looks whether a file may be written.
 *
 * Errors: a sentence, where it is one of those that are read, is no plain file, or has no folder to lie in. Throws what
 * the system says.
 */
export function checkOutput(path: string, inputs: readonly string[]): OutputFile | string {
  const folder = realpathSync(dirname(path));
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return { path, target: join(folder, basename(path)) };
  if (!there.isFile()) return `${path} is no plain file.`;
  for (const input of inputs) {
    const read = statSync(input, { throwIfNoEntry: false });
    if (read !== undefined && read.dev === there.dev && read.ino === there.ino)
      return `${path} is the recording itself; choose another name.`;
  }
  return { path, target: realpathSync(path) };
}

/**
 * Writes files that appear under their names only when all of them are complete: until then each is one with a name of
 * its own beside its place, and what was there stays.
 */
export class FileWriter {
  private readonly written: { readonly part: string; readonly target: string }[] = [];

  write({ target }: OutputFile, chunks: Iterable<string | Uint8Array>): void {
    const part = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
    const file = openSync(part, 'wx', 0o666);
    this.written.push({ part, target });
    try {
      for (const chunk of chunks) writeAll(file, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** Gives all files their names. */
  finish(): void {
    for (const { part, target } of this.written) renameSync(part, target);
    this.written.length = 0;
  }

  /** Takes away what has no name yet. */
  abandon(): void {
    for (const { part } of this.written) rmSync(part, { force: true });
    this.written.length = 0;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
