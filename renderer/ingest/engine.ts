import { analyse, analyseInSteps } from '../../shared/analysis/analyse.ts';
import type { Analysis, EventsAndHolds } from '../../shared/analysis/analysis.ts';
import { carryHolds } from '../../shared/analysis/carry-holds.ts';
import { selectBuffer } from '../../shared/analysis/select-buffer.ts';
import type { Recording } from '../../shared/event-table/recording.ts';
import { withoutRows } from '../../shared/event-table/without-rows.ts';
import type { Problem } from '../../shared/problem.ts';
import { createTraceReader } from '../../shared/trace-text/trace-reader.ts';
import { createGrowingView } from '../../shared/view-model/create-recording-view.ts';
import { type Claims, keepClaims } from '../../shared/view-model/keep-claims.ts';
import type { RecordingSummary, RecordingView } from '../../shared/view-model/recording-view.ts';
import { type SeriesOfModules, seriesOfModules } from '../../shared/view-model/series-of-modules.ts';
import { describeFailure } from './describe-failure.ts';
import type { ExportJob } from './export-job.ts';
import { fetchGranted, GrantBroken } from './fetch-granted.ts';
import { createColourKeeper } from './keep-colours.ts';
import { findSelected, rememberSelected, type Selected } from './keep-selected.ts';
import { type ExportSource, makeExport } from './make-export.ts';
import { createPresentDesk, type PresentDesk } from './present-desk.ts';
import { takeTurns, unlessStopped } from './take-turns.ts';

/** How far an opening has come. */
export interface ReadProgress {
  readonly bytes: number;
  readonly lines: number;
  readonly events: number;
  /** `analysing` when the text is read and its references are being accounted for. */
  readonly phase: 'reading' | 'analysing';
}

/** What became of one step: where it stands, and the reason to stop if there is one. */
export interface ReadStep {
  readonly progress: ReadProgress;
  readonly problem: Problem | undefined;
  /** What the host granted did not come to its end. */
  readonly broken?: boolean;
}

export type EngineOutcome =
  | { readonly ok: true; readonly summary: RecordingSummary; readonly selected: Selected }
  | { readonly ok: false; readonly problem: Problem };

/** What a look at a growing text found. */
export type EngineLook = EngineOutcome & {
  /** How long it and the answers since the look before took. */
  readonly costMs: number;
  /** Something that is shown is not accounted for. */
  readonly behind: boolean;
};

/**
 * What a look takes in: `new` the events that have come, `shown` none of them, `all` also accounts for them, however long
 * that takes.
 */
export type LookAt = 'new' | 'shown' | 'all';

/**
 * What runs in the worker: bytes go in, then one recording answers questions. An engine reads one text and is then
 * thrown away with it, so there is no state to go back to.
 */
export interface Engine {
  push(chunk: Uint8Array): ReadStep;
  /** Reads a file where it lies, without the bytes passing through the window's thread. */
  readBlob(blob: Blob, onProgress: (progress: ReadProgress) => void): Promise<ReadStep>;
  /** Reads what the host granted to this page, as `readBlob` does. */
  readGranted(grant: string, onProgress: (progress: ReadProgress) => void): Promise<ReadStep>;
  /** So many bytes will come in all, as far as anybody knows. */
  expect(bytes: number): void;
  /** Ends the text. A recording is complete, or there is none; what was selected at the last look is found again. */
  finish(name: string, selected?: Selected): Promise<EngineOutcome>;
  /**
   * Ends the text. Where it has many events they are shown before they are accounted for, as `RecordingSummary.accounted`
   * tells; then `conclude` has to follow.
   */
  finishAhead(name: string): Promise<EngineOutcome>;
  /** Accounts for what `finishAhead` showed, in turns: the answers until then are of before. Where that fails it may be done again. */
  conclude(selected: Selected): Promise<EngineOutcome>;
  /**
   * Takes what the text says so far for the recording, until the next look or the end; no events where none came yet.
   * The answers until then, which do not wait for it, are those of the look before. It waits for a file that is being made.
   *
   * Where there are many events they are shown before they are accounted for; `RecordingSummary.accounted` tells.
   */
  look(name: string, selected: Selected, at?: LookAt): Promise<EngineLook>;
  /** Accounts for all that was looked at, in turns; the next look shows it. Tells how long it took, in milliseconds. */
  account(): Promise<number>;
  /**
   * Looks at another trace buffer of the recording.
   *
   * Errors: throws before a successful `finish`.
   */
  chooseBuffer(buffer: string): RecordingSummary;
  /** Errors: throws before a successful `finish`. */
  ask<Name extends keyof RecordingView>(
    question: Name,
    input: Parameters<RecordingView[Name]>,
  ): ReturnType<RecordingView[Name]>;
  /**
   * Makes a file of the recording, one at a time; undefined when it was stopped, or another one begun.
   *
   * Errors: throws before a successful `finish`.
   */
  makeExport(job: ExportJob, onProgress: (bytes: number) => void): Promise<Blob | undefined>;
  stopExport(): void;
  /** The running system, with or without a recording. */
  readonly present: PresentDesk;
}

/** Progress more often than this only costs. */
const PROGRESS_EVERY_MS = 100;

/** Up to so many events are accounted for by the look that shows them: that takes some 40 ms. */
const ACCOUNTED_AT_ONCE = 30_000;

/** Up to so many events of a file are shown with their accounting: nobody waits for that. */
const SHOWN_AT_ONCE = 200_000;

export interface EngineOptions {
  readonly accountedAtOnce?: number;
  readonly shownAtOnce?: number;
}

export function createEngine({
  accountedAtOnce = ACCOUNTED_AT_ONCE,
  shownAtOnce = SHOWN_AT_ONCE,
}: EngineOptions = {}): Engine {
  const reader = createTraceReader();
  /** What is accounted for; the view may show more. */
  let source: ExportSource | undefined;
  let claims: Claims | undefined;
  /** What is shown: of that recording these rows, with the holds that are known. */
  let newest: Recording | undefined;
  let shown: EventsAndHolds | undefined;
  let printed: SeriesOfModules | undefined;
  /** What was accounted for beside the looks, for the next of them to show. */
  let ready: { readonly recording: Recording; readonly claims: Claims } | undefined;
  let passes = 0;
  /** Passes under way that account for all there is. */
  let wholes = 0;
  let exports = 0;
  let exported = Promise.resolve();
  /** A file is made of what is accounted for: resolves when `conclude` has done that, and rejects where it could not. */
  let concluded: Promise<void> | undefined;
  let tellConcluded: (done: Promise<void>) => void = ignore;
  let buffer: string | undefined;
  /** Time spent on answers since the last look. */
  let answeringMs = 0;
  /** In a recording that grows. */
  let keepColours: ReturnType<typeof createColourKeeper> | undefined;

  const adopt = (name: string, recording: Recording, made: Claims, now: EventsAndHolds, latest: Recording) => {
    claims = made;
    printed = seriesOfModules(now.table, printed);
    const view = createGrowingView(name, latest, made, now, printed);
    source = { name, recording, analysis: made.analysis, view };
    newest = latest;
    shown = now;
    return view.summary();
  };
  const show = (name: string, recording: Recording, analysis: Analysis): RecordingSummary => {
    ready = undefined;
    return adopt(name, recording, keepClaims(analysis, claims), analysis, recording);
  };
  /** Shows the events of a recording beside what is accounted for; undefined where the two do not go together. */
  const showAhead = (name: string, latest: Recording): RecordingSummary | undefined => {
    const { recording, claims: made } = ready ?? { recording: opened().recording, claims: claims! };
    const { analysis } = made;
    const table = selectBuffer(latest.table, bufferOf(analysis));
    const holds = carryHolds(analysis, table);
    if (holds === undefined) return undefined;
    ready = undefined;
    const isWhole = latest.table === recording.table;
    return adopt(name, recording, made, isWhole ? analysis : { table, holds }, latest);
  };
  const optionsOf = (chosen: string | undefined) => (chosen === undefined ? {} : { buffer: chosen });
  /** In turns where there is something to answer from meanwhile. */
  const analyseMeanwhile = async ({ table }: Recording): Promise<Analysis> => {
    if (source === undefined) return analyse(table, optionsOf(buffer));
    for (;;) {
      const asked = buffer;
      const analysis = await takeTurns(analyseInSteps(table, optionsOf(asked)));
      if (asked === buffer) return analysis;
    }
  };
  /** Replaces what is shown, and finds again what was selected in it. */
  const replace = async (
    selected: Selected,
    put: () => Promise<RecordingSummary | Problem>,
  ): Promise<EngineOutcome> => {
    try {
      const remembered = shown === undefined ? undefined : rememberSelected(shown, selected);
      const summary = await put();
      if ('what' in summary) return { ok: false, problem: summary };
      return { ok: true, summary, selected: remembered === undefined ? {} : findSelected(shown!, remembered) };
    } catch (error) {
      return { ok: false, problem: describeFailure(error) };
    }
  };
  const putWhole = async (name: string, recording: Recording): Promise<RecordingSummary> => {
    // What another pass would come to is less than this.
    passes++;
    wholes++;
    try {
      const analysis = await analyseMeanwhile(recording);
      keepColours?.(analysis.holds.holders);
      return show(name, recording, analysis);
    } finally {
      wholes--;
    }
  };
  const showUnaccounted = (name: string, recording: Recording): RecordingSummary => {
    const { table } = recording;
    const none = { ...recording, table: withoutRows(table) };
    const analysis = analyse(none.table, optionsOf(buffer));
    concluded = new Promise((resolve) => {
      tellConcluded = resolve;
    });
    // Where nobody makes a file, who concludes is told.
    concluded.catch(ignore);
    return adopt(name, none, keepClaims(analysis, claims), { table, holds: analysis.holds }, recording);
  };
  const opened = (): ExportSource => {
    if (source === undefined) throw new Error('no recording was read yet');
    return source;
  };

  const progress = (): ReadProgress => ({ ...reader.progress, phase: 'reading' });
  const push = (chunk: Uint8Array): ReadStep => {
    try {
      reader.push(chunk);
      return { progress: progress(), problem: reader.failed };
    } catch (error) {
      return { progress: progress(), problem: describeFailure(error) };
    }
  };

  const readAll = async (
    chunks: AsyncIterable<Uint8Array>,
    onProgress: (progress: ReadProgress) => void,
  ): Promise<ReadStep> => {
    let told = 0;
    try {
      for await (const chunk of chunks) {
        const step = push(chunk);
        if (step.problem !== undefined) return step;
        if (performance.now() - told < PROGRESS_EVERY_MS) continue;
        told = performance.now();
        onProgress(step.progress);
      }
      return { progress: progress(), problem: undefined };
    } catch (error) {
      if (error instanceof GrantBroken) return { progress: progress(), problem: undefined, broken: true };
      return { progress: progress(), problem: describeFailure(error) };
    }
  };

  return {
    push,
    readBlob: (blob, onProgress) => {
      reader.expect(blob.size);
      return readAll(chunksOf(blob), onProgress);
    },
    readGranted: (grant, onProgress) => readAll(fetchGranted(grant), onProgress),
    expect: (bytes) => reader.expect(bytes),
    finish: (name, selected = {}) =>
      replace(selected, async () => {
        const outcome = reader.finish();
        return outcome.ok ? putWhole(name, outcome.recording) : outcome.problem;
      }),
    finishAhead: (name) =>
      replace({}, async () => {
        const outcome = reader.finish();
        if (!outcome.ok) return outcome.problem;
        const { table } = outcome.recording;
        // Which of several trace buffers to show, the accounting says.
        const isLong = table.length > shownAtOnce && table.buffers.length === 1;
        return isLong ? showUnaccounted(name, outcome.recording) : putWhole(name, outcome.recording);
      }),
    conclude: (selected) => {
      const outcome = replace(selected, () => putWhole(opened().name, newest!));
      const done = outcome.then(insist);
      tellConcluded(done);
      // Where it is done once more, whoever makes a file from now on waits for that.
      concluded = done;
      concluded.catch(ignore);
      return outcome;
    },
    look: async (name, selected, at = 'new') => {
      await exported;
      const begun = performance.now() - answeringMs;
      keepColours ??= createColourKeeper();
      const outcome = await replace(selected, async () => {
        const recording = at === 'shown' && newest !== undefined ? newest : reader.soFar();
        const isShort = recording.table.length <= accountedAtOnce;
        const ahead = isShort || at === 'all' || source === undefined ? undefined : showAhead(name, recording);
        return ahead ?? putWhole(name, recording);
      });
      answeringMs = 0;
      const behind = shown?.table !== source?.analysis.table;
      return { ...outcome, costMs: performance.now() - begun, behind };
    },
    account: async () => {
      const begun = performance.now();
      const recording = newest;
      if (recording === undefined || wholes > 0) return 0;
      const mine = ++passes;
      const isStopped = () => mine !== passes;
      const analysis = await takeTurns(unlessStopped(analyseInSteps(recording.table, optionsOf(buffer)), isStopped));
      if (analysis !== undefined && !isStopped()) {
        const made = keepClaims(analysis, claims);
        // The answers to the look that shows them would come in one piece otherwise, and the next look behind that.
        await takeTurns(unlessStopped(made.prepare(), isStopped));
        if (!isStopped()) {
          keepColours?.(analysis.holds.holders);
          ready = { recording, claims: made };
        }
      }
      return performance.now() - begun;
    },
    chooseBuffer: (chosen) => {
      passes++;
      buffer = chosen;
      const { name } = opened();
      const recording = newest!;
      return show(name, recording, analyse(recording.table, optionsOf(chosen)));
    },
    ask: (question, input) => {
      const begun = performance.now();
      const answer = opened().view[question] as (
        ...input: Parameters<RecordingView[typeof question]>
      ) => ReturnType<RecordingView[typeof question]>;
      try {
        return answer(...input);
      } finally {
        answeringMs += performance.now() - begun;
      }
    },
    makeExport: (job, onProgress) => {
      const mine = ++exports;
      const isStopped = () => mine !== exports;
      const made =
        concluded === undefined
          ? makeExport(opened(), job, onProgress, isStopped)
          : concluded.then(() => makeExport(opened(), job, onProgress, isStopped));
      exported = made.then(ignore, ignore);
      return made;
    },
    stopExport: () => {
      exports++;
    },
    present: createPresentDesk(() => source?.analysis),
  };
}

/** The name of the trace buffer that was analysed. */
function bufferOf({ table }: Analysis): string {
  return table.length === 0 ? '' : table.buffers[table.buffer[0]!]!;
}

function ignore(): void {}

function insist(outcome: EngineOutcome): void {
  if (!outcome.ok) throw new Error(outcome.problem.why);
}

async function* chunksOf(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
