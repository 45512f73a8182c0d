import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { accountFor } from '../../../shared/analysis/account-for.ts';
import { analyse } from '../../../shared/analysis/analyse.ts';
import type { CaptureRequest } from '../../../shared/capture-protocol/capture-request.ts';
import { createFrameDecoder } from '../../../shared/capture-protocol/create-frame-decoder.ts';
import { encodeStart } from '../../../shared/capture-protocol/encode-request.ts';
import type { Hello, HelperFrame } from '../../../shared/capture-protocol/helper-frame.ts';
import { createLostTally, type LostTally } from '../../../shared/capture-protocol/tally-lost-events.ts';
import { createTraceReader } from '../../../shared/trace-text/trace-reader.ts';
import { refcountOf } from './kernel.ts';
import { check, keepText } from './report.ts';

/** Who is believed to hold a module, as far as the tests compare it. */
export interface Holding {
  readonly name: string;
  /** Undefined for a holder that is no task. */
  readonly pid: number | undefined;
  readonly references: number;
}

export interface Answer {
  readonly state: string;
  readonly lsmod: number | undefined;
  readonly unexplained: number | undefined;
  readonly holders: readonly Holding[];
}

/** A helper that records, and what ModShark makes of it while it does. */
export interface Capture {
  readonly hello: Hello;
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly frames: HelperFrame[];
  readonly pump: number;
  tally(): LostTally | undefined;
  text(): string;
  /** What ModShark says of a module now. */
  answer(module: string): Answer;
  /**
   * Waits until ModShark's answer is what is true: the kernel's own count, held by just these, nothing unexplained.
   * Says in the table after how many milliseconds it was.
   */
  agrees(step: string, module: string, holders: readonly Holding[]): Promise<void>;
  /** As `agrees`, for the count alone. */
  countAgrees(step: string, module: string): Promise<void>;
  until(what: string, isSo: () => boolean): Promise<void>;
  ended(): Promise<{ readonly bye: HelperFrame | undefined; readonly failure: string | undefined }>;
  /** Closes stdin, and checks that the helper leaves well. */
  stop(): Promise<void>;
}

export const everything: CaptureRequest = {
  events: ['load', 'free', 'get', 'put', 'request'],
  bufferKiB: 1408,
  stackTraces: false,
  modules: { which: 'only', names: [] },
};

const patience = 20_000;

/** Starts the helper as root would, with frames on its stdin. */
export function spawnHelper(env: Record<string, string> = {}) {
  return spawn('/lab/bin/capture-helper', [], { stdio: ['pipe', 'pipe', 'pipe'], env });
}

/** Starts a recording, and waits until it runs. */
export async function startCapture(request: Partial<CaptureRequest> = {}, env = {}): Promise<Capture> {
  const child = spawnHelper(env);
  const decoder = createFrameDecoder();
  const frames: HelperFrame[] = [];
  const lost = createLostTally();
  let tally: LostTally | undefined;
  let stderr = '';
  let over = false;
  /** What was true of a module when so many lines had been recorded. */
  const truths: { step: string; lines: number; module: string; holders: Holding[] }[] = [];
  const pieces: Uint8Array[] = [];
  const looking = new Set<() => void>();
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('latin1');
  });
  child.stdout.on('data', (chunk: Buffer) => {
    for (const frame of decoder.push(chunk)) {
      if (frame.kind === 'trace') pieces.push(frame.bytes);
      else frames.push(frame);
      if (frame.kind === 'counts') tally = lost.add(frame);
    }
    for (const look of looking) look();
  });
  const closed = new Promise<void>((resolve) => {
    child.on('close', () => {
      over = true;
      for (const look of looking) look();
      resolve();
    });
  });

  async function until(what: string, isSo: () => boolean): Promise<void> {
    if (isSo()) return;
    await new Promise<void>((resolve, reject) => {
      const limit = setTimeout(() => end(new Error(`never happened: ${what}`)), patience);
      let soon: NodeJS.Timeout | undefined;
      const end = (error?: Error) => {
        clearTimeout(limit);
        clearTimeout(soon);
        looking.delete(lookSoon);
        if (error === undefined) resolve();
        else reject(error);
      };
      const look = () => {
        soon = undefined;
        if (isSo()) end();
        else if (over) end(new Error(`the helper ended before: ${what} ${JSON.stringify(frames.slice(-2))} ${stderr}`));
        else soon = setTimeout(look, 100); // the kernel's side of it may come without a frame
      };
      // Looking may mean to read and analyse everything: once for many chunks.
      const lookSoon = () => {
        clearTimeout(soon);
        soon = setTimeout(look, 10);
      };
      looking.add(lookSoon);
      lookSoon();
    });
  }

  const start = encodeStart({ ...everything, ...request });
  if (!start.ok) throw new Error(start.problem.why);
  child.stdin.write(start.frame);
  await until('hello', () => frames.some((frame) => frame.kind === 'hello'));
  await until('the pump runs', () => childOf(child.pid!) !== undefined && tally !== undefined);

  const capture: Capture = {
    hello: frames.find((frame) => frame.kind === 'hello')!,
    process: child,
    frames,
    pump: childOf(child.pid!)!,
    tally: () => tally,
    text: () => Buffer.concat(pieces).toString('latin1'),
    answer: (module) => answerFrom(pieces, module),
    async agrees(step, module, holders) {
      const references = holders.reduce((sum, holder) => sum + holder.references, 0);
      const expected = { lsmod: references, unexplained: 0, holders: sortHolders(holders) };
      const seen = () => {
        const { lsmod, unexplained, holders: found } = answerFrom(pieces, module);
        return { lsmod, unexplained, holders: sortHolders(found.map((one) => named(one, holders))) };
      };
      const began = performance.now();
      const agree = () => refcountOf(module) === references && JSON.stringify(seen()) === JSON.stringify(expected);
      await until(step, agree).catch(() => undefined);
      const after = `after ${Math.round(performance.now() - began)} ms`;
      const lines = capture.text().split('\n').length - 1;
      truths.push({ step, lines, module, holders: sortHolders(holders) });
      if (agree()) check(`${step} (${after})`, describe(module, seen()), describe(module, expected));
      else check(step, { kernel: refcountOf(module), ...seen() }, { kernel: references, ...expected });
    },
    async countAgrees(step, module) {
      const agree = () => answerFrom(pieces, module).lsmod === refcountOf(module);
      await until(step, agree).catch(() => undefined);
      check(step, `${module} ${answerFrom(pieces, module).lsmod}`, `${module} ${refcountOf(module)}`);
    },
    until,
    async ended() {
      await closed;
      keepText(capture.hello.instance, capture.text());
      if (truths.length > 0) keepText(`${capture.hello.instance}.truth`, JSON.stringify(truths, null, 1));
      return { bye: frames.at(-1), failure: decoder.finish()?.why };
    },
    async stop() {
      child.stdin.end();
      const { bye, failure } = await capture.ended();
      check(
        'the helper leaves well',
        { bye, failure, stderr },
        {
          bye: { kind: 'bye', reason: 'stdin-closed', instance: 'removed' },
          failure: undefined,
          stderr: '',
        },
      );
    },
  };
  return capture;
}

function answerFrom(pieces: readonly Uint8Array[], module: string): Answer {
  const reader = createTraceReader();
  for (const piece of pieces) reader.push(piece);
  const outcome = reader.finish();
  const nothing = { state: 'unknown', lsmod: undefined, unexplained: undefined, holders: [] };
  if (!outcome.ok || !outcome.recording.table.modules.includes(module)) return nothing;
  const { table } = outcome.recording;
  const { state, lsmod, unexplained, holders } = accountFor(analyse(table), module, table.time[table.length - 1]!);
  return {
    state,
    lsmod,
    unexplained,
    holders: holders.map(({ name, pid, references }) => ({ name, pid, references })),
  };
}

function describe(module: string, answer: Omit<Answer, 'state'>): string {
  const held = answer.holders.map(
    ({ name, pid, references }) => `${references}× ${name}${pid === undefined ? '' : `-${pid}`}`,
  );
  return `${module} ${answer.lsmod} = ${held.join(' + ') || 'nobody'}`;
}

/** The kernel itself does not always know a task's name yet: then its pid must do. */
function named(holding: Holding, expected: readonly Holding[]): Holding {
  const match = holding.name === '<...>' ? expected.find(({ pid }) => pid === holding.pid) : undefined;
  return match === undefined ? holding : { ...holding, name: match.name };
}

function sortHolders(holders: readonly Holding[]): Holding[] {
  const key = (holder: Holding) => `${holder.name} ${holder.pid}`;
  return holders
    .map(({ name, pid, references }) => ({ name, pid, references }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The pump of a helper: its only child. */
export function childOf(pid: number): number | undefined {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ');
  return child === '' ? undefined : Number(child);
}
