import * as v from 'valibot';
import { captureEnds, captureStates } from '../capture-protocol/capture-progress.ts';
import { captureEvents, captureLimits } from '../capture-protocol/capture-request.ts';
import { count, done, nothing, offer, openedTrace, problem, text } from './wire-values.ts';

/** Names one recording that this host makes or made, until it is saved or discarded. */
const capture = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1));

/** A recording that a crash left: the name of its file, which the host looks up in its own list. */
const left = v.pipe(v.string(), v.regex(/^[0-9TZ-]{20,60}$/, 'no recording that was left'));

const moduleName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,55}$/, 'not the name of a module'));

/** Of each CPU, in KiB; the helper's own limits, and checked there again. */
const bufferKiB = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(captureLimits.bufferKiB.min),
  v.maxValue(captureLimits.bufferKiB.max),
);

/** What to record. */
export const captureRequestSchema = v.strictObject({
  events: v.pipe(v.array(v.picklist(captureEvents)), v.minLength(1), v.maxLength(captureEvents.length)),
  bufferKiB,
  stackTraces: v.boolean(),
  modules: v.strictObject({
    which: v.picklist(['only', 'except']),
    names: v.pipe(v.array(moduleName), v.maxLength(captureLimits.nameCount)),
  }),
});

/** What somebody wants recorded. Who chose no size of the buffer gets what suits the machine. */
export const captureWishSchema = v.strictObject({
  ...captureRequestSchema.entries,
  bufferKiB: v.exactOptional(bufferKiB),
});

const way = v.picklist(['root', 'pkexec', 'sudo']);

const check = v.strictObject({
  name: text(64),
  ok: v.boolean(),
  /** Whether nothing can be recorded as long as it is not ok. */
  blocks: v.boolean(),
  detail: text(8192),
  remedy: text(8192),
});

const progress = v.strictObject({
  state: v.picklist(captureStates),
  /** On disk. */
  bytes: count,
  events: count,
  /** Events a second. */
  rate: count,
  lost: count,
  /** Events in the kernel's buffer that nobody has read yet. */
  waiting: count,
  erasures: count,
  milliseconds: count,
});

const ended = v.strictObject({
  end: v.picklist(captureEnds),
  /** What to tell; undefined where everything went as asked. */
  problem: v.optional(problem),
  /** Whether there is something to look at, to save or to discard; else the capture is gone. */
  kept: v.boolean(),
});

const state = v.strictObject({
  capture,
  name: text(255),
  /** Undefined for one that a crash left: what was asked stands in its first lines. */
  request: v.optional(captureRequestSchema),
  progress,
  notices: v.pipe(v.array(problem), v.maxLength(32)),
  /** Undefined while it goes on. */
  ended: v.optional(ended),
  /** A copy was given away; what the host has is not needed any more. */
  saved: v.boolean(),
});

const started = v.variant('ok', [
  v.strictObject({ ok: v.literal(true), state }),
  v.strictObject({ ok: v.literal(false), problem }),
]);

export const captureRequests = {
  /** What stands in the way of a recording, before anybody is asked for a password. Starts nothing. */
  'capture.preflight': {
    input: nothing,
    output: v.strictObject({
      /** How the helper would become root; null where there is no way from here. */
      way: v.nullable(way),
      /** Who would ask for a password; `terminal` wants the agent of the terminal's pane to be started first. */
      asks: v.picklist(['nobody', 'desktop', 'terminal', 'unknown']),
      checks: v.pipe(v.array(check), v.maxLength(32)),
      /** What to run where nothing else works. */
      byHand: text(4096),
      /** The buffer of each CPU that suits this machine. */
      bufferKiB,
    }),
  },
  /** Names of what is loaded now, to choose from. */
  'capture.modules': { input: nothing, output: v.pipe(v.array(moduleName), v.maxLength(1000)) },
  /** Starts the helper. Whether it was allowed is told by `capture.progress` and `capture.ended`. */
  'capture.start': { input: captureWishSchema, output: started },
  /** What this host records, or has recorded and nobody has saved or discarded yet; it does so one at a time. */
  'capture.running': { input: nothing, output: v.nullable(state) },
  /** Sends the recording's text from its start, as it grows, until it is complete. */
  'capture.follow': { input: v.strictObject({ capture }), output: openedTrace },
  /** Ends it cleanly; before it began, cancels it. */
  'capture.stop': { input: v.strictObject({ capture }), output: nothing },
  /** Erases what the kernel's buffer holds. */
  'capture.clear': { input: v.strictObject({ capture }), output: nothing },
  /** The kernel's counters of our own buffer, for each CPU. */
  'capture.buffer': {
    input: v.strictObject({ capture }),
    output: v.strictObject({
      instance: text(512),
      cpus: v.pipe(
        v.array(v.strictObject({ cpu: count, entries: count, overrun: count, dropped: count, read: count })),
        v.maxLength(1024),
      ),
    }),
  },
  /** Gives an ended recording a place of the user's own; `download` where the page has to do it, from `capture.follow`. */
  'capture.save': {
    input: v.strictObject({ capture }),
    output: v.variant('state', [
      v.strictObject({ state: v.literal('saved'), offer }),
      v.strictObject({ state: v.literal('download') }),
      v.strictObject({ state: v.literal('dismissed') }),
      v.strictObject({ state: v.literal('failed'), problem }),
    ]),
  },
  /** The browser has a copy: the host's own goes when the next recording begins or the host ends. */
  'capture.downloaded': { input: v.strictObject({ capture }), output: nothing },
  /** Deletes an ended recording. */
  'capture.discard': { input: v.strictObject({ capture }), output: done },
  /** Recordings whose program died, newest first. */
  'capture.left': {
    input: nothing,
    output: v.pipe(
      v.array(v.strictObject({ left, bytes: count, begun: v.pipe(v.string(), v.isoTimestamp()) })),
      v.maxLength(64),
    ),
  },
  /** Takes one over: from now on it is an ended recording of this host. */
  'capture.keep': { input: v.strictObject({ left }), output: started },
  'capture.discardLeft': { input: v.strictObject({ left }), output: done },
} as const;

export const captureHappenings = {
  'capture.progress': { payload: v.strictObject({ capture, progress }), bytes: false },
  /** Something happened while the recording goes on. */
  'capture.notice': { payload: v.strictObject({ capture, notice: problem }), bytes: false },
  'capture.ended': { payload: v.strictObject({ capture, progress, ended }), bytes: false },
  /** A window has begun, taken over, saved, copied or discarded one: this is what `capture.running` answers from now on. */
  'capture.changed': { payload: v.strictObject({ state: v.nullable(state) }), bytes: false },
} as const;

/** Everything, with a buffer that any machine has room for; 4 MiB for each CPU hold about 40,000 events. */
export const defaultCaptureRequest: v.InferOutput<typeof captureRequestSchema> = {
  events: [...captureEvents],
  bufferKiB: 4096,
  stackTraces: false,
  modules: { which: 'only', names: [] },
};

const { bufferKiB: _, ...unsized } = defaultCaptureRequest;
/** What is recorded unless somebody chose otherwise. */
export const defaultCaptureWish: v.InferOutput<typeof captureWishSchema> = unsized;

export type CaptureState = v.InferOutput<typeof state>;
export type CaptureEnded = v.InferOutput<typeof ended>;
export type Preflight = v.InferOutput<(typeof captureRequests)['capture.preflight']['output']>;
export type LeftCapture = v.InferOutput<(typeof captureRequests)['capture.left']['output']>[number];
