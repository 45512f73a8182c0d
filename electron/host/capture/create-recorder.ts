import { createReadStream } from 'node:fs';
import type { CaptureEnd, CaptureProgress } from '../../../shared/capture-protocol/capture-progress.ts';
import type { CaptureRequest } from '../../../shared/capture-protocol/capture-request.ts';
import type { CaptureEnded, CaptureState } from '../../../shared/ipc/capture-contract.ts';
import type { Problem } from '../../../shared/problem.ts';
import { createQueue } from '../create-queue.ts';
import { describeFileError } from '../open-trace-file.ts';
import { maxChunkBytes, type TraceContent } from '../stream-trace.ts';
import type { CaptureSession } from './capture-session.ts';
import { createCaptureSession } from './create-capture-session.ts';
import { explainDisk } from './explain-ended-helper.ts';
import type { HelperCommand } from './helper-command.ts';
import type { LeftRecording, SpoolFolder } from './spool-folder.ts';

export interface RecorderOptions {
  readonly spools: SpoolFolder;
  readonly onProgress: (capture: number, progress: CaptureProgress) => void;
  readonly onNotice: (capture: number, notice: Problem) => void;
  readonly onEnded: (capture: number, progress: CaptureProgress, ended: CaptureEnded) => void;
  /** Somebody has begun, taken over, saved, copied or discarded one. */
  readonly onChanged: (state: CaptureState | undefined) => void;
}

type Outcome<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problem: Problem };

/** What one host records: one recording at a time, which stays until somebody saves or discards it. */
export interface Recorder {
  readonly state: CaptureState | undefined;
  /** The session while there is one; undefined for what a crash left. */
  session(capture: number): CaptureSession | undefined;
  start(request: CaptureRequest, command: HelperCommand): Promise<Outcome<{ state: CaptureState }>>;
  /** Takes over a recording that a crash left, as one that has ended. */
  take(left: LeftRecording): Promise<Outcome<{ state: CaptureState }>>;
  /** The recording's text from its start, as it grows. */
  follow(
    capture: number,
  ): { readonly name: string; readonly bytes: number; readonly content: TraceContent } | undefined;
  save(capture: number, target: string): Promise<Outcome<object>>;
  /** Somebody has a copy: what is here goes with the next recording, or with the host. */
  copied(capture: number): void;
  discard(capture: number): Promise<Outcome<object>>;
  /**
   * Ends what is being recorded and leaves it for the next start, unless somebody has a copy; waits for what is being saved.
   * Nothing begins any more.
   */
  close(): Promise<void>;
}

/** The one recording that the host has. */
interface Held {
  readonly capture: number;
  readonly name: string;
  readonly path: string;
  readonly session: CaptureSession | undefined;
  readonly notices: Problem[];
  /** How it stands, of one that a crash left. */
  readonly taken: CaptureProgress | undefined;
  ended: CaptureEnded | undefined;
  saved: boolean;
}

/** As many as a window shows; what comes later is newer, and pushes the oldest out. */
const maxNotices = 32;
/** A helper that is slow to end must not keep the program from closing; it ends by itself when its stdin does. */
const closingPatienceMs = 3_000;
/** Nor a disk that never takes a copy: the recording is then left where it is. */
const savingPatienceMs = 60_000;

export function createRecorder({ spools, onProgress, onNotice, onEnded, onChanged }: RecorderOptions): Recorder {
  let held: Held | undefined;
  let nextCapture = 1;
  /** What is being copied to the user's place is not put aside meanwhile for the next recording. */
  const inTurn = createQueue();
  let closing: Promise<void> | undefined;
  const tellChange = () => onChanged(held && describe(held));

  const find = (capture: number) => (held?.capture === capture ? held : undefined);

  function describe({ capture, name, session, notices, taken, ended, saved }: Held): CaptureState {
    return {
      capture,
      name,
      ...(session === undefined ? {} : { request: copyRequest(session.request) }),
      progress: session?.progress ?? taken!,
      notices: [...notices],
      ...(ended === undefined ? {} : { ended }),
      saved,
    };
  }

  /** Makes room for another; what nobody saved is offered again as something left. */
  async function putAway(): Promise<void> {
    const before = held;
    held = undefined;
    if (before?.ended?.kept !== true) return;
    try {
      if (before.saved) await spools.discard(before.path);
      else await spools.letGo(before.path);
    } catch (error) {
      // Somebody has removed it by hand: that is room, too.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      held = before;
      throw error;
    }
  }

  async function alone(
    begin: () => Promise<Outcome<{ state: CaptureState }>>,
  ): Promise<Outcome<{ state: CaptureState }>> {
    if (closing !== undefined) return { ok: false, problem: ending };
    if (held !== undefined && held.ended === undefined) return { ok: false, problem: busy };
    try {
      await putAway();
      return await begin();
    } catch (error) {
      return { ok: false, problem: explainDisk(spools.path, error as NodeJS.ErrnoException, false) };
    } finally {
      tellChange();
    }
  }

  async function start(request: CaptureRequest, command: HelperCommand): Promise<Outcome<{ state: CaptureState }>> {
    const created = await createCaptureSession({ request, command, spools });
    if (!created.ok) return created;
    const { session } = created;
    const mine: Held = {
      capture: nextCapture++,
      name: nameFor(new Date()),
      path: session.path,
      session,
      notices: [],
      taken: undefined,
      ended: undefined,
      saved: false,
    };
    held = mine;
    session.onProgress((progress) => {
      // The last news comes with how it ended.
      if (progress.state !== 'ended') onProgress(mine.capture, progress);
    });
    session.onNotice((notice) => {
      mine.notices.push(notice);
      if (mine.notices.length > maxNotices) mine.notices.shift();
      onNotice(mine.capture, notice);
    });
    void session.ended.then(({ end, problem, path, progress }) => {
      mine.ended = describeEnd(end, problem, path !== undefined);
      if (path === undefined && held === mine) held = undefined;
      onEnded(mine.capture, progress, mine.ended);
    });
    return { ok: true, state: describe(mine) };
  }

  async function take(left: LeftRecording): Promise<Outcome<{ state: CaptureState }>> {
    const path = await spools.take(left);
    held = {
      capture: nextCapture++,
      name: nameFor(left.begun),
      path,
      session: undefined,
      notices: [],
      taken: { ...nothingYet, bytes: left.bytes },
      ended: describeEnd('killed', leftBehind, true),
      saved: false,
    };
    return { ok: true, state: describe(held) };
  }

  /** What can be saved or discarded: it has ended, and left something. */
  function findKept(capture: number): Held | undefined {
    const found = find(capture);
    return found?.ended?.kept === true ? found : undefined;
  }

  async function save(capture: number, target: string): Promise<Outcome<object>> {
    const found = findKept(capture);
    if (found === undefined) return { ok: false, problem: gone };
    try {
      await spools.save(found.path, target);
    } catch (error) {
      return { ok: false, problem: explainUnsaved(target, found.path, error as NodeJS.ErrnoException) };
    }
    if (held === found) held = undefined;
    tellChange();
    return { ok: true };
  }

  async function discard(capture: number): Promise<Outcome<object>> {
    const found = findKept(capture);
    if (found === undefined) return { ok: false, problem: gone };
    held = undefined;
    tellChange();
    try {
      await spools.discard(found.path);
    } catch (error) {
      return { ok: false, problem: explainUndiscarded(found.path, error as NodeJS.ErrnoException) };
    }
    return { ok: true };
  }

  async function close(): Promise<void> {
    // It may take its time to end while what is being saved is waited for.
    void held?.session?.stop();
    const done = inTurn(async () => {
      const { session } = held ?? {};
      if (session !== undefined) await Promise.race([session.stop(), elapse(closingPatienceMs)]);
      // Where that fails, the recording is left all the same: by the next start this process is gone.
      await putAway().catch(() => undefined);
    });
    await Promise.race([done, elapse(savingPatienceMs)]);
  }

  return {
    get state() {
      return held === undefined ? undefined : describe(held);
    },
    session: (capture) => find(capture)?.session,
    start: (request, command) => inTurn(() => alone(() => start(request, command))),
    take: (left) => inTurn(() => alone(() => take(left))),
    follow(capture) {
      const found = find(capture);
      if (found === undefined) return undefined;
      const { name, path, session } = found;
      const bytes = (session?.progress ?? found.taken!).bytes;
      const read = (signal: AbortSignal) =>
        session === undefined ? createReadStream(path, { highWaterMark: maxChunkBytes }) : session.follow(signal);
      return { name, bytes, content: { read, explain: (error) => describeFileError(path, error) } };
    },
    save: (capture, target) => inTurn(() => save(capture, target)),
    copied(capture) {
      const found = findKept(capture);
      if (found === undefined) return;
      found.saved = true;
      tellChange();
    },
    async discard(capture) {
      // One that still runs is ended first.
      await find(capture)?.session?.stop();
      return inTurn(() => discard(capture));
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function elapse(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}

function describeEnd(end: CaptureEnd, problem: Problem | undefined, kept: boolean): CaptureEnded {
  return { end, ...(problem === undefined ? {} : { problem }), kept };
}

/** The contract's arrays may be changed by whoever has them; ours may not. */
function copyRequest({
  events,
  bufferKiB,
  stackTraces,
  modules,
}: CaptureRequest): NonNullable<CaptureState['request']> {
  return { events: [...events], bufferKiB, stackTraces, modules: { which: modules.which, names: [...modules.names] } };
}

/** What the file will be called unless somebody says otherwise; local time, as a person would look for it. */
function nameFor(begun: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${begun.getFullYear()}-${two(begun.getMonth() + 1)}-${two(begun.getDate())}`;
  return `modshark-${day}-${two(begun.getHours())}${two(begun.getMinutes())}${two(begun.getSeconds())}.txt`;
}

const nothingYet: CaptureProgress = {
  state: 'ended',
  bytes: 0,
  events: 0,
  rate: 0,
  lost: 0,
  waiting: 0,
  erasures: 0,
  milliseconds: 0,
};

const busy: Problem = {
  what: 'A recording runs already.',
  why: 'This program makes one at a time; another window of it may have begun this one.',
  remedy: 'Stop it first.',
};

const ending: Problem = {
  what: 'Nothing is recorded any more.',
  why: 'The program is being closed.',
  remedy: 'Start it again.',
};

/** A recording that was saved, discarded or replaced meanwhile. */
export const gone: Problem = {
  what: 'There is no such recording any more.',
  why: 'It was saved, discarded or replaced by another one, perhaps from another window.',
  remedy: 'Reload the window to see what there is.',
};

const leftBehind: Problem = {
  what: 'This recording was never ended.',
  why: 'The program that made it was killed, crashed or closed before anybody saved it.',
  remedy: 'What had been recorded is here. Save it, or discard it.',
};

function explainUnsaved(target: string, path: string, error: NodeJS.ErrnoException): Problem {
  const { why } = explainDisk(target, error, false);
  return { what: 'The recording was not saved.', why, remedy: `Choose another place. It is still in ${path}` };
}

function explainUndiscarded(path: string, error: NodeJS.ErrnoException): Problem {
  return {
    what: 'The recording was not discarded.',
    why: `${path} could not be removed. The system said ${error.code}.`,
    remedy: 'Remove the file yourself.',
  };
}
