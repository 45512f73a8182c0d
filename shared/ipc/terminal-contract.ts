import * as v from 'valibot';
import { count, nothing, problem, text } from './wire-values.ts';

/** Names a terminal of this host. */
const terminal = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31 - 1));

/** Names the page across a reload, which then finds its terminals again. */
const page = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16,64}$/, 'no name of a page'));

const extent = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));
const size = { columns: extent(2000), rows: extent(1000) };

/** `shell`: the user's own. `authorisation`: polkit's text agent, which asks there for a password on the host's behalf. */
const kind = v.picklist(['shell', 'authorisation']);

const opened = v.strictObject({
  terminal,
  kind,
  /** The program's name, to be shown. */
  program: text(255),
  /** Whether its commands are told by `terminal.command`. */
  marks: v.boolean(),
});

/** Units: CLOCK_MONOTONIC in nanoseconds, as text: a number would not hold it. */
const monotonic = v.pipe(v.string(), v.regex(/^\d{1,19}$/, 'no time'));

const command = v.strictObject({
  terminal,
  /** Counts within the terminal. */
  command: v.pipe(count, v.minValue(1)),
  from: monotonic,
  /** Null while it runs. */
  until: v.nullable(monotonic),
  /** As it was typed; empty where the shell keeps it to itself. */
  line: text(1024),
  /** Null while it runs, and where nobody knows. */
  exitCode: v.nullable(v.pipe(v.number(), v.integer())),
});

export const terminalRequests = {
  /** Gives a page that is loaded again its terminals: after the answer come their output and their commands once more. */
  'terminal.attach': { input: v.strictObject({ page }), output: v.pipe(v.array(opened), v.maxLength(32)) },
  'terminal.open': {
    input: v.strictObject({ page, kind, ...size }),
    output: v.variant('ok', [
      v.strictObject({ ok: v.literal(true), opened }),
      v.strictObject({ ok: v.literal(false), problem }),
    ]),
  },
  /** What is typed or pasted; answered when the kernel has taken it, so that the next piece may follow. */
  'terminal.write': { input: v.strictObject({ terminal, text: text(8192) }), output: nothing },
  'terminal.resize': { input: v.strictObject({ terminal, ...size }), output: nothing },
  /** The page has shown so many bytes of output since it opened or attached; too many that it has not stop the host. */
  'terminal.acknowledge': { input: v.strictObject({ terminal, bytes: count }), output: nothing },
  /** Hangs up. */
  'terminal.close': { input: v.strictObject({ terminal }), output: nothing },
} as const;

export const terminalHappenings = {
  /** `replay`: old output after `terminal.attach`; what it asks of a terminal was answered before. */
  'terminal.output': { payload: v.strictObject({ terminal, replay: v.boolean() }), bytes: true },
  /** What is known of a command, each time that there is more. */
  'terminal.command': { payload: command, bytes: false },
  'terminal.ended': {
    payload: v.strictObject({
      terminal,
      /** Null where a signal ended it. */
      exitCode: v.nullable(v.pipe(v.number(), v.integer())),
    }),
    bytes: false,
  },
} as const;

export type OpenedTerminal = v.InferOutput<typeof opened>;
/** A command of a terminal's shell. */
export type TerminalCommand = v.InferOutput<typeof command>;
