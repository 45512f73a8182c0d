import * as v from 'valibot';
import type { RecordingTime } from '../units.ts';

/** An investigation that can be gone on with: which recording, what of it is looked at, and what was found. */
export interface Session {
  readonly recording: SessionRecording;
  readonly view: SessionView;
  /** As it was written; it need not be a good one. */
  readonly filter: string;
  readonly markers: { readonly a: RecordingTime | undefined; readonly b: RecordingTime | undefined };
  readonly notes: readonly SessionNote[];
  /** What was run in the terminal meanwhile. Files before it have none. */
  readonly commands?: readonly SessionCommand[] | undefined;
}

/** Where the recording lay, and how to know it again elsewhere. */
export interface SessionRecording {
  readonly name: string;
  /** Undefined where the host gave none, as for a file dropped on a browser. */
  readonly path: string | undefined;
  /** Of the file as it lies there, in hex. */
  readonly sha256: string | undefined;
}

export interface SessionView {
  /** Undefined for the whole recording. */
  readonly window: { readonly from: RecordingTime; readonly to: RecordingTime } | undefined;
  readonly cursor: RecordingTime | undefined;
  readonly module: string | undefined;
  /** Modules from top to bottom, as far as they were put in an order. */
  readonly order: readonly string[];
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  /** Only tracks of modules still held at the end; users of a module beneath it. Files before them have neither. */
  readonly onlyHeld?: boolean | undefined;
  readonly grouped?: boolean | undefined;
  /** The trace buffer that is looked at, where the recording has several; empty for the top one. */
  readonly buffer?: string | undefined;
}

/** What a person wrote down at a time. */
export interface SessionNote {
  readonly time: RecordingTime;
  readonly text: string;
}

/** A command that was run while it was recorded. */
export interface SessionCommand {
  readonly from: RecordingTime;
  /** Undefined where nobody knows. */
  readonly until?: RecordingTime | undefined;
  readonly line: string;
  readonly exitCode?: number | undefined;
}

/** The version that is written. Versions before it are brought up to it by `upgrade-session.ts`. */
export const SESSION_VERSION = 1;

/** What is kept of lists; more is no investigation but an attack on the memory. */
export const MOST_NOTES = 2_000;
export const MOST_COMMANDS = 2_000;
export const MOST_MODULES = 2_000;

const time = v.pipe(v.number(), v.finite());
const module = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

/** What each field of the file must be to be taken. */
export const sessionFields = {
  name: v.pipe(v.string(), v.maxLength(1024)),
  path: v.pipe(v.string(), v.minLength(1), v.maxLength(4096)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  time,
  window: v.pipe(
    v.object({ from: time, to: time }),
    v.check(({ from, to }) => from < to),
  ),
  module,
  flag: v.boolean(),
  buffer: v.pipe(v.string(), v.maxLength(256)),
  filter: v.pipe(v.string(), v.maxLength(10_000)),
  command: v.object({
    from: time,
    until: v.optional(time),
    line: v.pipe(v.string(), v.maxLength(1_024)),
    exitCode: v.optional(v.pipe(v.number(), v.integer())),
  }),
  note: v.object({ time, text: v.pipe(v.string(), v.minLength(1), v.maxLength(10_000)) }),
} as const;
