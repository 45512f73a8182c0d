import type { CaptureProgress, CaptureStage } from '../../../shared/capture-protocol/capture-progress.ts';
import { explainRefusal } from '../../../shared/capture-protocol/explain-refusal.ts';
import type { Bye, CpuCounts, Hello, HelperFrame, Refusal } from '../../../shared/capture-protocol/helper-frame.ts';
import { createLostTally } from '../../../shared/capture-protocol/tally-lost-events.ts';
import type { Problem } from '../../../shared/problem.ts';

/** What is known of a capture so far, and who wants to hear of it. */
export interface CaptureLedger {
  readonly progress: CaptureProgress;
  readonly hello: Hello | undefined;
  readonly bye: Bye | undefined;
  /** Why the helper ended, or never began. */
  readonly refusal: Refusal | undefined;
  /** Stopped before it began. */
  readonly cancelled: boolean;
  readonly counts: ReadonlyMap<number, CpuCounts>;
  /** Somebody was seen to have switched the instance off while it recorded: what happened meanwhile nobody counted. */
  readonly wasOff: boolean;
  take(frame: Exclude<HelperFrame, { kind: 'trace' }>): void;
  /** Tells how it stands though the helper said nothing. */
  tick(): void;
  notice(notice: Problem): void;
  cancel(): void;
  stopping(): void;
  end(): void;
  onProgress(listener: (progress: CaptureProgress) => void): () => void;
  onNotice(listener: (notice: Problem) => void): () => void;
}

/** Counts come once a second where something changed; longer silence means that nothing did. */
const silenceMs = 2_500;

export function createCaptureLedger(spool: { readonly bytes: number }): CaptureLedger {
  const tally = createLostTally();
  const counts = new Map<number, CpuCounts>();
  const listeners = new Set<(progress: CaptureProgress) => void>();
  const noticeListeners = new Set<(notice: Problem) => void>();
  let state: CaptureStage = 'authorising';
  let hello: Hello | undefined;
  let bye: Bye | undefined;
  let refusal: Refusal | undefined;
  let cancelled = false;
  let cleared = false;
  let switchedOff = false;
  let wasOff = false;
  let begunAt = 0;
  let endedAt: number | undefined;
  let countedAt = 0;
  let told = { events: 0, lost: 0, waiting: 0, rate: 0, erasures: 0 };

  function describe(): CaptureProgress {
    const now = endedAt ?? performance.now();
    const milliseconds = hello === undefined ? 0 : Math.round(now - begunAt);
    const rate = now - countedAt > silenceMs ? 0 : told.rate;
    return { state, bytes: spool.bytes, ...told, rate, milliseconds };
  }

  function tell(): void {
    const progress = describe();
    for (const listener of listeners) listener(progress);
  }

  function enter(next: CaptureStage): void {
    if (state === next || state === 'ended') return;
    state = next;
    tell();
  }

  function notice(problem: Problem): void {
    for (const listener of noticeListeners) listener(problem);
  }

  function takeCounts(frame: Extract<HelperFrame, { kind: 'counts' }>): void {
    for (const cpu of frame.cpus) counts.set(cpu.cpu, cpu);
    const sums = tally.add(frame);
    const now = performance.now();
    const seconds = (now - countedAt) / 1000;
    const events = sums.read;
    const rate = seconds > 0.05 ? Math.max(0, Math.round((events - told.events) / seconds)) : told.rate;
    if (sums.erasures > told.erasures && !cleared) notice(erased);
    if (sums.erasures > told.erasures) cleared = false;
    if (!frame.tracingOn && !switchedOff && state === 'recording') notice(switchedOffByOthers);
    switchedOff = !frame.tracingOn;
    wasOff ||= switchedOff && state === 'recording';
    told = { events, lost: sums.lost, waiting: sums.waiting, rate, erasures: sums.erasures };
    countedAt = now;
    tell();
  }

  return {
    get progress() {
      return describe();
    },
    get hello() {
      return hello;
    },
    get bye() {
      return bye;
    },
    get refusal() {
      return refusal;
    },
    get cancelled() {
      return cancelled;
    },
    counts,
    get wasOff() {
      return wasOff;
    },
    take(frame) {
      if (frame.kind === 'hello' && hello === undefined) {
        hello = frame;
        begunAt = countedAt = performance.now();
        if (state === 'authorising') enter('recording');
      } else if (frame.kind === 'counts') takeCounts(frame);
      else if (frame.kind === 'bye') bye = frame;
      else if (frame.kind === 'cleared') cleared = true;
      else if (frame.kind === 'refusal' && frame.code === 'clear-failed') {
        notice(explainRefusal(frame.code, frame.sentence));
      } else if (frame.kind === 'refusal') refusal = frame;
    },
    tick: tell,
    notice,
    cancel() {
      cancelled = true;
    },
    stopping: () => enter('stopping'),
    end() {
      endedAt = performance.now();
      told = { ...told, waiting: 0, rate: 0 };
      enter('ended');
    },
    onProgress(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onNotice(listener) {
      noticeListeners.add(listener);
      return () => noticeListeners.delete(listener);
    },
  };
}

const erased: Problem = {
  what: 'The kernel erased the buffer.',
  why: 'It does so in every trace instance when a module that has trace events of its own is unloaded.',
  remedy: 'The recording goes on. Holds that cross this moment may be missing their get or put.',
};

const switchedOffByOthers: Problem = {
  what: 'Nothing is recorded at the moment.',
  why: 'Somebody wrote 0 to tracing_on of this recording’s instance, or a trigger did.',
  remedy: 'Write 1 to it again, or stop and record anew.',
};
