import { parseArgs } from 'node:util';
import { analyse } from '../../shared/analysis/analyse.ts';
import { accountForPresent, type Recorded } from '../../shared/analysis/present/account-for-present.ts';
import { planRelease } from '../../shared/analysis/present/plan-release.ts';
import type { PresentAccounting } from '../../shared/analysis/present/present-accounting.ts';
import type { EventTable } from '../../shared/event-table/event-table.ts';
import type { Recording, RecordingOrigin } from '../../shared/event-table/recording.ts';
import { escapeTerminal } from '../../shared/export/escape-terminal.ts';
import { whyJson } from '../../shared/export/why-json.ts';
import { whyTable, whyText } from '../../shared/export/why-text.ts';
import type { SnapshotWay } from '../../shared/ipc/snapshot-contract.ts';
import type { SystemSnapshot } from '../../shared/snapshot/system-snapshot.ts';
import type { SnapshotOutcome } from '../host/snapshot/create-snapshot-taker.ts';
import { readRecording } from './read-recording.ts';
import { suggestNames } from './suggest-names.ts';

/** Where the command reads and writes; the process's own streams, or a test's. */
export interface WhyStreams {
  readonly stdout: {
    write(text: string): unknown;
    /** Of a terminal; undefined for a file or a pipe. */
    readonly columns?: number;
  };
  readonly stderr: { write(text: string): unknown };
}

/** Who looks. */
export interface WhySystem {
  /** As the user who asks, or as root, who may be asked for a password first. */
  take(way: SnapshotWay): Promise<SnapshotOutcome>;
  /** What a name is that no loaded module has: built into the kernel, a module that could be loaded, or neither. */
  knows(module: string): 'built-in' | 'installed' | undefined;
  /** Whether commands of root can be typed as they are where this one was. */
  readonly isRoot: boolean;
  /** The kernel's id of this start of the machine; empty where it tells none. */
  boot(): string;
  close(): void;
}

const exits = { free: 0, explained: 1, unexplained: 2, nothing: 3 } as const;

/** A count that changed while it was read is read again, so often. */
const MOST_LOOKS = 4;

const usage = `usage: modshark why [MODULE] [--json] [--root] [--recording FILE]
  MODULE            who holds it now, and what to do to unload it; all modules without it
  --root, --pkexec  look as root, who sees what every user holds; asks for the password
  --recording FILE  and what a recording knows that runs until now
  --json            for programs
Exit code: 0 nothing holds it, 1 held and every reference explained (some may be so only probably: the text and the
field "probable" say how many), 2 held and some unexplained, 3 not looked, or not told.
`;

interface Question {
  readonly module: string | undefined;
  readonly json: boolean;
  readonly way: SnapshotWay;
  readonly recording: string | undefined;
}

function readQuestion(argv: readonly string[]): Question | 'help' | { readonly reason: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        root: { type: 'boolean' },
        pkexec: { type: 'boolean' },
        recording: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return 'help';
    if (positionals.length > 1) return { reason: 'one module at a time' };
    return {
      module: positionals[0],
      json: values.json ?? false,
      way: values.root || values.pkexec ? 'root' : 'user',
      recording: values.recording,
    };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

/**
 * `modshark why`: says who holds a module now, and what must be done to unload it.
 *
 * Errors: gives the exit code; 3 where it could not look, or the module is not there, with the reason on stderr.
 */
export async function runWhy(argv: readonly string[], streams: WhyStreams, system: WhySystem): Promise<number> {
  const refuse = (reason: string): number => {
    streams.stderr.write(`modshark why: ${escapeTerminal(reason)}\n`);
    return exits.nothing;
  };
  const question = readQuestion(argv);
  if (question === 'help') {
    streams.stdout.write(usage);
    return 0;
  }
  if ('reason' in question) {
    refuse(question.reason);
    streams.stderr.write(usage);
    return exits.nothing;
  }
  let recording: { readonly table: EventTable; readonly origin: RecordingOrigin | undefined } | undefined;
  if (question.recording !== undefined) {
    const input = await readRecording(question.recording, undefined);
    if (!input.ok) return refuse(input.reason);
    const { table } = input.recording;
    const origin = statedOrigin(input.recording, system);
    if (origin !== undefined && origin.boot !== system.boot())
      return refuse(`${question.recording} was recorded before this system was started: it says nothing of now.`);
    recording = { table, origin };
  }
  const look = await lookSteadily(question, system).finally(() => system.close());
  if (!look.ok) {
    const { what, why, remedy } = look.problem;
    return refuse([what, why, remedy].filter((part) => part !== '').join(' '));
  }
  if (look.snapshot.modules.length === 0)
    return refuse(
      'the system lists no loaded module: its kernel has none, or this is a container that hides them from its programs.',
    );
  let recorded: Recorded | undefined;
  if (recording !== undefined) {
    const { table, origin } = recording;
    const end = table.length > 0 ? table.time[table.length - 1]! : 0;
    const ahead = Number(table.clock.start - look.snapshot.ended) + end;
    if (origin === undefined && table.clock.unit === 'nanoseconds' && ahead > CLOCK_SLACK_NS)
      return refuse(
        `${question.recording} ends ${(ahead / 1e9).toFixed(0)} s after now, by the time since the start of this system: it is of another one, or of an earlier start.`,
      );
    if (origin === undefined)
      streams.stderr.write(
        'modshark why: the recording does not say which start of which system it is of; it counts only if it is of this one.\n',
      );
    recorded = { analysis: analyse(table), now: end };
  }
  return answer(question, look.snapshot, recorded, system, streams, refuse);
}

/** Which start of which machine it says that it is of, where that can be compared. */
function statedOrigin({ origin }: Recording, system: WhySystem): RecordingOrigin | undefined {
  return origin === undefined || origin.boot === 'unknown' || system.boot() === '' ? undefined : origin;
}

/** Trace clocks that are not `mono` go a little otherwise. */
const CLOCK_SLACK_NS = 10e9;

/** Looks again while the count of the module in question changes under the reading. */
async function lookSteadily({ module, way }: Question, system: WhySystem): Promise<SnapshotOutcome> {
  const plain = module?.replaceAll('-', '_');
  for (let looks = 1; ; looks++) {
    const look = await system.take(way);
    if (!look.ok || looks === MOST_LOOKS) return look;
    const raced = look.snapshot.modules.some(
      ({ name, refcount, refcountAfter }) =>
        (module === undefined || name === module || name === plain) && refcount !== refcountAfter,
    );
    if (!raced) return look;
  }
}

function answer(
  { module: asked, json }: Question,
  snapshot: SystemSnapshot,
  recorded: Recorded | undefined,
  system: WhySystem,
  { stdout, stderr }: WhyStreams,
  refuse: (reason: string) => number,
): number {
  const accounts = accountForPresent(snapshot, recorded);
  // A file or a pipe is for programs and editors: they wrap themselves.
  const width = stdout.columns ?? Number.POSITIVE_INFINITY;
  if (asked === undefined) {
    stdout.write(json ? whyJson(accounts, snapshot, undefined) : whyTable(accounts, snapshot, width));
    return exitOf(accounts);
  }
  const module = asked.replaceAll('-', '_');
  const accounting = accounts.find((one) => one.module === asked) ?? accounts.find((one) => one.module === module);
  if (accounting === undefined) {
    const known = system.knows(module);
    if (known === 'built-in')
      return refuse(`${asked} is built into the kernel: it cannot be unloaded, and nothing counts who uses it.`);
    if (known === 'installed') return refuse(`${asked} is installed but not loaded: nothing holds it.`);
    const near = suggestNames(
      asked,
      accounts.map((one) => one.module),
    );
    const hint = near.length === 0 ? '' : ` Is it ${near.join(', ')}?`;
    return refuse(`no module named ${asked} is loaded.${hint}`);
  }
  const plan = planRelease(accounts, snapshot, accounting.module);
  stdout.write(
    json ? whyJson([accounting], snapshot, plan) : whyText(accounting, plan, { width, isRoot: system.isRoot }),
  );
  if (!snapshot.asRoot && accounting.unexplained > 0)
    stderr.write(`modshark why: --root looks as root, who sees what every user holds.\n`);
  return exitOf([accounting]);
}

function exitOf(accounts: readonly PresentAccounting[]): number {
  // A kernel that counts no references has no answer.
  if (accounts.some(({ refcount }) => refcount === undefined)) return exits.nothing;
  if (accounts.some(({ unexplained }) => unexplained > 0)) return exits.unexplained;
  const held = accounts.some(({ refcount, permanent, state }) => refcount !== 0 || permanent || state !== 'live');
  return held ? exits.explained : exits.free;
}
