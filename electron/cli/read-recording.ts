import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Recording } from '../../shared/event-table/recording.ts';
import { createTraceReader } from '../../shared/trace-text/trace-reader.ts';

/** A recording that was read for a command, or in a sentence why there is none. */
export type ReadInput =
  | {
      readonly ok: true;
      readonly recording: Recording;
      /** Of the bytes as they came, in hex. */
      readonly sha256: string;
    }
  | { readonly ok: false; readonly reason: string };

/** Reads a file, or the stream in its place. */
export async function readRecording(file: string, stream: AsyncIterable<Uint8Array> | undefined): Promise<ReadInput> {
  const reader = createTraceReader();
  const digest = createHash('sha256');
  try {
    if (stream === undefined) reader.expect((await stat(file)).size);
    for await (const chunk of stream ?? createReadStream(file, { highWaterMark: 1 << 20 })) {
      digest.update(chunk as Uint8Array);
      reader.push(chunk as Uint8Array);
      if (reader.failed !== undefined) break;
    }
  } catch (error) {
    return { ok: false, reason: `${file} cannot be read: ${whyFileFails(error)}` };
  }
  const outcome = reader.finish();
  if (outcome.ok) return { ok: true, recording: outcome.recording, sha256: digest.digest('hex') };
  const { what, why, remedy } = outcome.problem;
  return { ok: false, reason: [what, why, remedy].filter((part) => part !== '').join(' ') };
}

/** What the system has against a file, in words. Errors: throws what is no error of the system. */
export function whyFileFails(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return reasons[code] ?? `the system says ${code}.`;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder.',
  EACCES: 'this user may not.',
  EPERM: 'this user may not.',
  EISDIR: 'it is a folder.',
  ENOTDIR: 'a part of its path is no folder.',
  ENOSPC: 'the disk is full.',
  EROFS: 'its file system can only be read.',
};
