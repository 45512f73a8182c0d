import { analyse } from '../../shared/analysis/analyse.ts';
import type { Analysis } from '../../shared/analysis/analysis.ts';
import type { Recording } from '../../shared/event-table/recording.ts';
import type { Problem } from '../../shared/problem.ts';
import { createTraceReader } from '../../shared/trace-text/trace-reader.ts';
import { createRecordingView } from '../../shared/view-model/create-recording-view.ts';
import type { RecordingSummary, RecordingView } from '../../shared/view-model/recording-view.ts';
import { describeFailure } from './describe-failure.ts';
import type { ExportJob } from './export-job.ts';
import { type ExportSource, makeExport } from './make-export.ts';

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
  | { readonly ok: true; readonly summary: RecordingSummary }
  | { readonly ok: false; readonly problem: Problem };

/**
 * What runs in the worker: bytes go in, then one recording answers questions. An engine reads one text and is then
 * thrown away with it, so there is no state to go back to.
 */
export interface Engine {
  push(chunk: Uint8Array): ReadStep;
  /** Reads a file where it lies, without the bytes passing through the window's thread. */
  readBlob(blob: Blob, onProgress: (progress: ReadProgress) => void): Promise<ReadStep>;
  /** Ends the text. A recording is complete, or there is none. */
  finish(name: string): EngineOutcome;
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
}

/** Progress more often than this only costs. */
const PROGRESS_EVERY_MS = 100;

export function createEngine(): Engine {
  const reader = createTraceReader();
  let source: ExportSource | undefined;
  let exports = 0;

  const look = (name: string, recording: Recording, analysis: Analysis): RecordingSummary => {
    const view = createRecordingView(name, recording, analysis);
    source = { name, recording, analysis, view };
    return view.summary();
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
    finish: (name) => {
      try {
        const outcome = reader.finish();
        if (!outcome.ok) return outcome;
        return { ok: true, summary: look(name, outcome.recording, analyse(outcome.recording.table)) };
      } catch (error) {
        return { ok: false, problem: describeFailure(error) };
      }
    },
    chooseBuffer: (buffer) => {
      const { name, recording } = opened();
      return look(name, recording, analyse(recording.table, { buffer }));
    },
    ask: (question, input) => {
      const answer = opened().view[question] as (
        ...input: Parameters<RecordingView[typeof question]>
      ) => ReturnType<RecordingView[typeof question]>;
      return answer(...input);
    },
    makeExport: (job, onProgress) => {
      const mine = ++exports;
      return makeExport(opened(), job, onProgress, () => mine !== exports);
    },
    stopExport: () => {
      exports++;
    },
  };
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
