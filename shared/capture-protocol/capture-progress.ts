/** `authorising` until the helper says hello; `ended` when it is gone and the file is closed. */
export const captureStates = ['authorising', 'recording', 'stopping', 'ended'] as const;
export type CaptureStage = (typeof captureStates)[number];

/** How a capture stands. */
export interface CaptureProgress {
  readonly state: CaptureStage;
  /** Of the spool file. */
  readonly bytes: number;
  /** Events read from the kernel's buffer, by its own count, which comes once a second. */
  readonly events: number;
  /** Events a second between the last two counts; 0 when there was no news for a while. */
  readonly rate: number;
  readonly lost: number;
  /** Events in the kernel's buffer that nobody has read yet. */
  readonly waiting: number;
  /** How often the buffer was erased, by `clear` or by the kernel. */
  readonly erasures: number;
  /** Since hello; 0 before. */
  readonly milliseconds: number;
}

/** Why a capture ended. */
export const captureEnds = [
  /** As it was asked to, or by a signal. */
  'stopped',
  /** Before the helper said anything, by `stop`. */
  'cancelled',
  'dismissed',
  'denied',
  'no-agent',
  /** The helper could not be started at all. */
  'not-started',
  /** The helper or the kernel said no; the problem says why. */
  'refused',
  /** The helper ended early and said why. */
  'failed',
  /** The helper ended without a word. */
  'killed',
  /** What the helper said was no frame. */
  'garbled',
  'disk-failed',
] as const;
export type CaptureEnd = (typeof captureEnds)[number];
