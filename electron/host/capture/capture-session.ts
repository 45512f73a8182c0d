import type { CaptureEnd, CaptureProgress } from '../../../shared/capture-protocol/capture-progress.ts';
import type { CaptureRequest } from '../../../shared/capture-protocol/capture-request.ts';
import type { CpuCounts, Hello } from '../../../shared/capture-protocol/helper-frame.ts';
import type { Problem } from '../../../shared/problem.ts';

export interface CaptureOutcome {
  readonly end: CaptureEnd;
  /** What to tell; undefined where everything went as asked. */
  readonly problem: Problem | undefined;
  /** Where the recording lies; undefined where nothing was recorded. */
  readonly path: string | undefined;
  readonly progress: CaptureProgress;
}

/** One recording of the live system. */
export interface CaptureSession {
  readonly request: CaptureRequest;
  /** The spool file, until `save` or `discard`. */
  readonly path: string;
  readonly progress: CaptureProgress;
  /** What the helper said of the recording; undefined before. */
  readonly hello: Hello | undefined;
  /** The kernel's counters of its buffer, as they came last. */
  readonly counts: readonly CpuCounts[];
  /** Settles when the recording runs, or when it ended without ever doing so. */
  readonly started: Promise<void>;
  readonly ended: Promise<CaptureOutcome>;
  /** Called whenever `progress` has news; returns what ends that. */
  onProgress(listener: (progress: CaptureProgress) => void): () => void;
  /** Called with what went wrong while the recording goes on: an erased buffer, a refused clear, a suspend. */
  onNotice(listener: (notice: Problem) => void): () => void;
  /** Ends it cleanly: what the kernel's buffer holds is still read. */
  stop(): Promise<CaptureOutcome>;
  /** Erases what the kernel's buffer holds. */
  clear(): void;
  /**
   * The file's bytes from its start, as they come, until it is complete. The reader sets the pace; the recording does
   * not wait for it.
   *
   * Errors: throws what the file system throws.
   */
  follow(signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void>;
}
