import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ReadOutcome, Recording } from '../../shared/event-table/recording.ts';
import { createTraceReader, type TraceReaderOptions } from '../../shared/trace-text/trace-reader.ts';

export interface ReadFixtureOptions extends TraceReaderOptions {
  /** Bytes given to the reader at a time; without it 64 KiB. */
  readonly chunkBytes?: number;
}

const fixtures = new URL('../fixtures/', import.meta.url);

/** The bytes of a file under `test/fixtures`, unpacked where it is gzipped. */
export function fixtureBytes(path: string): Uint8Array {
  const stored = new Uint8Array(readFileSync(new URL(path, fixtures)));
  return path.endsWith('.gz') ? new Uint8Array(gunzipSync(stored)) : stored;
}

/** Reads bytes through the reader, in chunks of any size. */
export function readBytes(bytes: Uint8Array, options: ReadFixtureOptions = {}): ReadOutcome {
  const { chunkBytes = 65_536, ...readerOptions } = options;
  const reader = createTraceReader(readerOptions);
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes));
  return reader.finish();
}

/** Reads text as UTF-8 through the reader. */
export function readText(text: string, options: ReadFixtureOptions = {}): ReadOutcome {
  return readBytes(new TextEncoder().encode(text), options);
}

/** Reads a file under `test/fixtures` (say `recordings/vkms/live/trace_pipe.txt`), as it lies there: gzip included. */
export function readFixture(path: string, options: ReadFixtureOptions = {}): ReadOutcome {
  return readBytes(new Uint8Array(readFileSync(new URL(path, fixtures))), options);
}

/** The recording of an outcome that must be one; throws the problem's words otherwise. */
export function recordingOf(outcome: ReadOutcome): Recording {
  if (outcome.ok) return outcome.recording;
  throw new Error(`${outcome.problem.what} ${outcome.problem.why} ${outcome.problem.remedy}`);
}
