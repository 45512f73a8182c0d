import { analyse, analyseInSteps } from '../../shared/analysis/analyse.ts';
import type { Analysis } from '../../shared/analysis/analysis.ts';
import type { Recording } from '../../shared/event-table/recording.ts';
import type { Problem } from '../../shared/problem.ts';
import { createTraceReader } from '../../shared/trace-text/trace-reader.ts';
import { createRecordingView } from '../../shared/view-model/create-recording-view.ts';
import type { RecordingSummary, RecordingView } from '../../shared/view-model/recording-view.ts';
import { describeFailure } from './describe-failure.ts';
import type { ExportJob } from './export-job.ts';
import { createColourKeeper } from './keep-colours.ts';
import { findSelected, rememberSelected, type Selected } from './keep-selected.ts';
import { type ExportSource, makeExport } from './make-export.ts';
import { createPresentDesk, type PresentDesk } from './present-desk.ts';
import { takeTurns } from './take-turns.ts';

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
}

export type EngineOutcome =
  | { readonly ok: true; readonly summary: RecordingSummary; readonly selected: Selected }
  | { readonly ok: false; readonly problem: Problem };

/** What a look at a growing text found, and how long it and the answers since the look before took. */
export type EngineLook = EngineOutcome & { readonly costMs: number };

/**
 * What runs in the worker: bytes go in, then one recording answers questions. An engine reads one text and is then
 * thrown away with it, so there is no state to go back to.
 */
export interface Engine {
  push(chunk: Uint8Array): ReadStep;
  /** Reads a file where it lies, without the bytes passing through the window's thread. */
  readBlob(blob: Blob, onProgress: (progress: ReadProgress) => void): Promise<ReadStep>;
  /** Ends the text. A recording is complete, or there is none; what was selected at the last look is found again. */
  finish(name: string, selected?: Selected): Promise<EngineOutcome>;
  /**
   * Takes what the text says so far for the recording, until the next look or the end; no events where none came yet.
   * The answers until then, which do not wait for it, are those of the look before. It waits for a file that is being made.
   */
  look(name: string, selected: Selected): Promise<EngineLook>;
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

export function createEngine(): Engine {
  const reader = createTraceReader();
  let source: ExportSource | undefined;
  let exports = 0;
  let exported = Promise.resolve();
  let buffer: string | undefined;
  /** Time spent on answers since the last look. */
  let answeringMs = 0;
  /** In a recording that grows. */
  let keepColours: ReturnType<typeof createColourKeeper> | undefined;

  const show = (name: string, recording: Recording, analysis: Analysis): RecordingSummary => {
    const view = createRecordingView(name, recording, analysis);
    source = { name, recording, analysis, view };
    return view.summary();
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
  const replace = async (name: string, selected: Selected, read: () => Recording | Problem): Promise<EngineOutcome> => {
    try {
      const remembered = source === undefined ? undefined : rememberSelected(source.analysis, selected);
      const recording = read();
      if ('what' in recording) return { ok: false, problem: recording };
      const analysis = await analyseMeanwhile(recording);
      keepColours?.(analysis.holds.holders);
      const summary = show(name, recording, analysis);
      return { ok: true, summary, selected: remembered === undefined ? {} : findSelected(analysis, remembered) };
    } catch (error) {
      return { ok: false, problem: describeFailure(error) };
    }
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

  return {
    push,
    readBlob: async (blob, onProgress) => {
      let told = 0;
      try {
        for await (const chunk of chunksOf(blob)) {
          const step = push(chunk);
          if (step.problem !== undefined) return step;
          if (performance.now() - told < PROGRESS_EVERY_MS) continue;
          told = performance.now();
          onProgress(step.progress);
        }
        return { progress: progress(), problem: undefined };
      } catch (error) {
        return { progress: progress(), problem: describeFailure(error) };
      }
    },
    finish: (name, selected = {}) =>
      replace(name, selected, () => {
        const outcome = reader.finish();
        return outcome.ok ? outcome.recording : outcome.problem;
      }),
    look: async (name, selected) => {
      await exported;
      const begun = performance.now() - answeringMs;
      keepColours ??= createColourKeeper();
      const outcome = await replace(name, selected, () => reader.soFar());
      answeringMs = 0;
      return { ...outcome, costMs: performance.now() - begun };
    },
    chooseBuffer: (chosen) => {
      buffer = chosen;
      const { name, recording } = opened();
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
      const made = makeExport(opened(), job, onProgress, () => mine !== exports);
      exported = made.then(ignore, ignore);
      return made;
    },
    stopExport: () => {
      exports++;
    },
    present: createPresentDesk(() => source?.analysis),
  };
}

function ignore(): void {}

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
