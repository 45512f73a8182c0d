import type { CaptureRequest } from '../../../shared/capture-protocol/capture-request.ts';
import type { Hello } from '../../../shared/capture-protocol/helper-frame.ts';
import type { Problem } from '../../../shared/problem.ts';

/** `authorising` until the helper says hello; `ended` when it is gone and the file is closed. */
export type CaptureState = 'authorising' | 'recording' | 'stopping' | 'ended';

/** How a capture stands. */
export interface CaptureProgress {
  readonly state: CaptureState;
  /** Of the spool file. */
  readonly bytes: number;
  /** Events read from the kernel's buffer, by its own count, which comes once a second. */
  readonly events: number;
  /** Events a second between the last two counts. */
  readonly rate: number;
  readonly lost: number;
  /** How often the buffer was erased, by `clear` or by the kernel. */
  readonly erasures: number;
  /** Since hello; 0 before. */
  readonly milliseconds: number;
}

/** Why a capture ended. */
export type CaptureEnd =
  /** As it was asked to, or by a signal. */
  | 'stopped'
  /** Before the helper said anything, by `stop`. */
  | 'cancelled'
  | 'dismissed'
  | 'denied'
  | 'no-agent'
  /** The helper could not be started at all. */
  | 'not-started'
  /** The helper or the kernel said no; the problem says why. */
  | 'refused'
  /** The helper ended early and said why. */
  | 'failed'
  /** The helper ended without a word. */
  | 'killed'
  /** What the helper said was no frame. */
  | 'garbled'
  | 'disk-failed';

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
  /** Settles when the recording runs, or when it ended without ever doing so. */
  readonly started: Promise<void>;
  readonly ended: Promise<CaptureOutcome>;
  /** Called whenever `progress` has news; returns what ends that. */
  onProgress(listener: (progress: CaptureProgress) => void): () => void;
  /** Called with what went wrong while the recording goes on: an erased buffer, a refused clear. */
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
