import * as v from 'valibot';
import { captureHappenings, captureRequests, captureWishSchema, defaultCaptureWish } from './capture-contract.ts';
import { snapshotRequests } from './snapshot-contract.ts';
import { terminalHappenings, terminalRequests } from './terminal-contract.ts';
import { tracefsRequests } from './tracefs-contract.ts';
import { count, nothing, offer, openedFile, problem, text, ticket, trace } from './wire-values.ts';

/** Raised whenever a request or an event changes its meaning, so that an old page never talks to a new host. */
export const protocolVersion = 1;

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const pixels = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000));

/** What the event list can show, in this order. */
export const eventColumns = [
  'line',
  'time',
  'cpu',
  'task',
  'pid',
  'event',
  'module',
  'site',
  'refcount',
  'hold',
] as const;
export type EventColumn = (typeof eventColumns)[number];

const settings = v.strictObject({
  theme: v.picklist(['system', 'light', 'dark']),
  /** CssPixels of the regions beside and below the timeline. */
  panels: v.strictObject({ left: pixels, right: pixels, bottom: pixels }),
  /** Columns of the event list that are shown. */
  eventColumns: v.pipe(v.array(v.picklist(eventColumns)), v.maxLength(eventColumns.length)),
  /** CssPixels of the columns that were given a width; the others are as wide as what they show. */
  eventWidths: v.record(v.picklist(eventColumns), pixels),
  /** Whether screen readers follow the terminal's output, which costs time. */
  readAloud: v.boolean(),
  /** What is recorded, as it was chosen last. */
  capture: captureWishSchema,
});

/** What the page asks and the host answers, once each. */
export const requests = {
  'host.describe': {
    input: nothing,
    output: v.strictObject({
      protocol: v.literal(protocolVersion),
      kind: v.picklist(['electron', 'loopback']),
      version: text(64),
      /** The kernel's id of this start of the host's machine; empty where it tells none. */
      boot: text(64),
      /** Whether `trace.choose` can show the desktop's own dialog; else the page uses its own file input. */
      canChoose: v.boolean(),
    }),
  },
  /** What may be opened at once: files of the command line (to be opened now), recent ones, samples. */
  'trace.offered': { input: nothing, output: v.pipe(v.array(offer), v.maxLength(128)) },
  /** Shows the desktop's dialog; null when it was dismissed. */
  'trace.choose': { input: nothing, output: v.nullable(offer) },
  /** Begins to send `trace.chunk` until its `last`, or one `trace.failed`; or grants a GET, where asked to and able. */
  'trace.open': {
    input: v.strictObject({ ticket, byGet: v.exactOptional(v.boolean()) }),
    output: openedFile,
  },
  /** The page is done with every chunk up to this one; the host stops reading when too much is unacknowledged. */
  'trace.acknowledge': { input: v.strictObject({ trace, sequence: count }), output: nothing },
  'trace.cancel': { input: v.strictObject({ trace }), output: nothing },
  /** Where a file lies, and what it holds, for a session that is to find it again. */
  'trace.identify': {
    input: v.strictObject({ ticket }),
    output: v.variant('ok', [
      v.strictObject({ ok: v.literal(true), path: text(4096), sha256 }),
      v.strictObject({ ok: v.literal(false), problem }),
    ]),
  },
  /** Finds the recording that a session file names: by its path, or beside the session. */
  'session.locate': {
    input: v.strictObject({ ticket }),
    output: v.variant('state', [
      /** There, and the same as when the session was saved, as far as the session says what it was. */
      v.strictObject({ state: v.literal('found'), offer }),
      v.strictObject({ state: v.literal('differs'), offer }),
      /** Nothing of that name can be read; `path` is where it was, to be shown. */
      v.strictObject({ state: v.literal('missing'), path: text(4096) }),
      v.strictObject({ state: v.literal('failed'), problem }),
    ]),
  },
  'settings.read': { input: nothing, output: settings },
  'settings.write': { input: settings, output: nothing },
  ...captureRequests,
  ...tracefsRequests,
  ...snapshotRequests,
  ...terminalRequests,
} as const satisfies Record<string, { input: Schema; output: Schema }>;

/** What the host tells, at any time. `bytes` says whether a byte tail follows. */
export const events = {
  /** The next bytes of an opened file, in order of `sequence` from 0; `last` ends it. */
  'trace.chunk': { payload: v.strictObject({ trace, sequence: count, last: v.boolean() }), bytes: true },
  /** Reading stopped in the middle: what came before is not the whole file. */
  'trace.failed': { payload: v.strictObject({ trace, problem }), bytes: false },
  /** A file to be opened now: chosen in the menu, or given to a second start of the program. */
  'trace.handed': { payload: v.strictObject({ offer }), bytes: false },
  ...captureHappenings,
  ...terminalHappenings,
} as const satisfies Record<string, { payload: Schema; bytes: boolean }>;

export type Schema = v.GenericSchema<unknown, unknown>;
export type RequestName = keyof typeof requests;
export type EventName = keyof typeof events;
export type Input<N extends RequestName> = v.InferOutput<(typeof requests)[N]['input']>;
export type Output<N extends RequestName> = v.InferOutput<(typeof requests)[N]['output']>;
export type Payload<N extends EventName> = v.InferOutput<(typeof events)[N]['payload']>;
/** The byte tail of an event: required where the contract says so, impossible where it does not. */
export type Tail<N extends EventName> = (typeof events)[N]['bytes'] extends true ? [bytes: Uint8Array] : [];

export type TraceOffer = v.InferOutput<typeof offer>;
export type Settings = v.InferOutput<typeof settings>;
export const settingsSchema = settings;
export const defaultSettings: Settings = {
  theme: 'system',
  panels: { left: 340, right: 372, bottom: 272 },
  eventColumns: eventColumns.filter((column) => column !== 'pid'),
  eventWidths: {},
  readAloud: false,
  capture: defaultCaptureWish,
};

/** What is wrong with a value that came over the wire, in one line; undefined when it fits. */
export function contractViolation(schema: Schema, value: unknown): string | undefined {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return undefined;
  const issue = result.issues[0];
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}
