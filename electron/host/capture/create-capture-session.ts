import type { CaptureRequest } from '../../../shared/capture-protocol/capture-request.ts';
import { createFrameDecoder } from '../../../shared/capture-protocol/create-frame-decoder.ts';
import { encodeClear, encodeStart, encodeStop } from '../../../shared/capture-protocol/encode-request.ts';
import type { HelperFrame } from '../../../shared/capture-protocol/helper-frame.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { CaptureOutcome, CaptureSession } from './capture-session.ts';
import { createCaptureLedger } from './create-capture-ledger.ts';
import { explainDisk, explainSleep } from './explain-ended-helper.ts';
import type { HelperCommand } from './helper-command.ts';
import { type Judgement, judgeCapture } from './judge-capture.ts';
import type { ProcessFiles } from './look-up-process.ts';
import { measureSleep } from './measure-sleep.ts';
import { noteProcesses } from './note-processes.ts';
import { followSpool, type Spool } from './spool.ts';
import type { SpoolFolder } from './spool-folder.ts';
import { countLine, headLines, moduleLines, sleepLine, tailLines } from './spool-notes.ts';
import { startHelperProcess } from './start-helper-process.ts';

/** The helper reads out what is left for at most 60 s, and waits a little; later than this it will never end. */
const stopPatienceMs = 75_000;

export interface CaptureSessionOptions {
  readonly request: CaptureRequest;
  readonly command: HelperCommand;
  readonly spools: SpoolFolder;
  /** Seconds that the machine slept so far; measured unless said otherwise. */
  readonly slept?: () => number;
  /** Where processes are looked up; this system unless said otherwise. */
  readonly processFiles?: ProcessFiles;
}

export type CreatedSession =
  | { readonly ok: true; readonly session: CaptureSession }
  /** Before anybody was asked for a password: the request is none, or the disk takes nothing. */
  | { readonly ok: false; readonly problem: Problem };

/** Starts the helper and records until told to stop. What is recorded is on disk before anybody sees it. */
export async function createCaptureSession(options: CaptureSessionOptions): Promise<CreatedSession> {
  const start = encodeStart(options.request);
  if (!start.ok) return start;
  try {
    const spool = await options.spools.create();
    return { ok: true, session: runSession(options, spool, start.frame) };
  } catch (error) {
    return {
      ok: false,
      problem: explainDisk(options.spools.path, error as NodeJS.ErrnoException, false),
    };
  }
}

/** Records into a spool that is open. */
export function runSession(options: CaptureSessionOptions, spool: Spool, start: Uint8Array): CaptureSession {
  const { request, command, spools } = options;
  const ledger = createCaptureLedger(spool);
  const decoder = createFrameDecoder();
  const helper = startHelperProcess(command, start);
  const slept = options.slept ?? measureSleep();
  const processes = noteProcesses(options.processFiles);
  /** Seconds before the recording began, while somebody was asked for a password. */
  let sleptAtStart = 0;
  let sleptBefore = 0;
  let countNoted = '';
  let disk: Promise<void> = Promise.resolve();
  let diskError: NodeJS.ErrnoException | undefined;
  let patience: NodeJS.Timeout | undefined;
  let tellStarted = () => {};
  const started = new Promise<void>((resolve) => {
    tellStarted = resolve;
  });

  /** The disk is asked for nothing more once it has failed; what comes is read and let go, so that the helper can end. */
  function onDisk(write: () => Promise<void>): Promise<void> {
    disk = disk.then(async () => {
      if (diskError !== undefined) return;
      try {
        await write();
      } catch (error) {
        diskError = error as NodeJS.ErrnoException;
        endHelper();
      }
    });
    return disk;
  }

  /** Once a second: news that the helper does not bring. */
  function lookAround(): void {
    if (ledger.hello === undefined) return;
    const seconds = slept() - sleptBefore;
    if (seconds > 1) {
      sleptBefore += seconds;
      ledger.notice(explainSleep(seconds));
      void onDisk(() => spool.note([sleepLine(seconds)]));
    }
    ledger.tick();
  }
  const clockwork = setInterval(lookAround, 1_000).unref();

  async function take(frame: Exclude<HelperFrame, { kind: 'trace' }>): Promise<void> {
    ledger.take(frame);
    if (frame.kind === 'hello') {
      sleptAtStart = sleptBefore = slept();
      await onDisk(() => spool.note(headLines(frame, request, new Date())));
      tellStarted();
    } else if (frame.kind === 'modules') await onDisk(() => spool.note(moduleLines(frame)));
    else if (frame.kind === 'counts') await noteCount();
    else if (frame.kind === 'cleared') await onDisk(() => spool.note(['the buffer was cleared here']));
  }

  /** Behind the text that was counted, and before what was read from the buffer later: the order of frames is kept. */
  async function noteCount(): Promise<void> {
    const line = countLine(ledger.progress, ledger.wasOff);
    if (line === countNoted) return;
    countNoted = line;
    await onDisk(() => spool.note([line]));
  }

  async function takeChunk(chunk: Uint8Array): Promise<void> {
    let pieces: Uint8Array[] = [];
    for (const frame of decoder.push(chunk)) {
      // Trace text before the hello has no recording to be in: the order of frames is part of the protocol.
      if (frame.kind === 'trace') pieces.push(frame.bytes);
      else {
        const before = pieces;
        pieces = [];
        await keepTrace(before);
        await take(frame);
      }
    }
    await keepTrace(pieces);
  }

  async function keepTrace(pieces: readonly Uint8Array[]): Promise<void> {
    if (pieces.length === 0 || ledger.hello === undefined) return;
    // Looked up before anything else: a process may live for a few milliseconds only.
    const notes = processes.see(pieces);
    await onDisk(() => spool.append(pieces));
    if (notes.length > 0) await onDisk(() => spool.note(notes));
  }

  function endHelper(): void {
    ledger.stopping();
    helper.send(encodeStop());
    helper.closeInput();
    patience ??= setTimeout(helper.abandon, stopPatienceMs).unref();
  }

  async function record(): Promise<CaptureOutcome> {
    // One chunk at a time: nothing more is read from the pipe before this one is on disk.
    for await (const chunk of helper.chunks()) {
      await takeChunk(chunk);
      if (decoder.failed !== undefined) break;
    }
    const garbled = decoder.failed;
    helper.closeInput();
    const exit = await helper.ended;
    clearTimeout(patience);
    clearInterval(clockwork);
    lookAround();
    ledger.end();
    const { hello, bye } = ledger;
    await disk;
    const judged = judgeCapture({ ledger, garbled, cut: decoder.finish(), exit });
    const judge = (): Judgement =>
      diskError === undefined
        ? judged
        : { end: 'disk-failed', problem: explainDisk(spool.path, diskError, spool.bytes > 0) };
    const noteFailure = (error: NodeJS.ErrnoException) => {
      diskError ??= error;
    };
    if (hello !== undefined) {
      const { end, problem } = judge();
      const ended = problem === undefined ? end : `${end}: ${problem.why}`;
      const facts = {
        ended,
        bye,
        slept: slept() - sleptAtStart,
        passedOver: processes.passedOver,
        wasOff: ledger.wasOff,
      };
      // Also where the disk has failed: somebody may have made room meanwhile.
      await spool.note(tailLines(ledger.progress, ledger.counts.values(), facts)).catch(noteFailure);
    }
    // Whoever follows waits for that, too.
    await spool.close().catch(noteFailure);
    const { end, problem } = judge();
    const kept = hello !== undefined && !ledger.cancelled && (diskError === undefined || spool.bytes > 0);
    // Where that fails somebody has done it by hand, or the next start offers it.
    if (!kept) await spools.discard(spool.path).catch(() => undefined);
    tellStarted();
    return {
      end,
      problem,
      path: kept ? spool.path : undefined,
      progress: ledger.progress,
    };
  }

  const ended = record();
  return {
    request,
    path: spool.path,
    get progress() {
      return ledger.progress;
    },
    get hello() {
      return ledger.hello;
    },
    get counts() {
      return [...ledger.counts.values()];
    },
    started,
    ended,
    onProgress: ledger.onProgress,
    onNotice: ledger.onNotice,
    stop() {
      if (ledger.hello === undefined) {
        ledger.cancel();
        helper.kill();
      }
      endHelper();
      return ended;
    },
    clear: () => helper.send(encodeClear()),
    follow: (signal) => followSpool(spool, signal),
  };
}
