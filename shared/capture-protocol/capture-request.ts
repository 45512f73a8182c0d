/** The five events, in the order of the bits that ask for them. */
export const captureEvents = ['load', 'free', 'get', 'put', 'request'] as const;
export type CaptureEvent = (typeof captureEvents)[number];

/** What the helper accepts; the same numbers stand in `helper.h`, and a test keeps the two in step. */
export const captureLimits = {
  nameLength: 55,
  nameCount: 256,
  bufferKiB: { min: 64, max: 64 * 1024 },
  /** Length of the kernel's filter that the names become. */
  filterLength: 4000,
} as const;

/** What to record. */
export interface CaptureRequest {
  readonly events: readonly CaptureEvent[];
  /** Of each CPU. */
  readonly bufferKiB: number;
  /** A kernel stack with each get and put. */
  readonly stackTraces: boolean;
  /** Of which modules gets and puts are recorded; load, free and request always are of all. */
  readonly modules: {
    /** `except` needs a name; `only` without one records every module. */
    readonly which: 'only' | 'except';
    readonly names: readonly string[];
  };
}
