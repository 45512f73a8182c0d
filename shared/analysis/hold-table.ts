/** How sure a claim is. The wording of each level is in `describe-confidence.ts`; source: the attribution rules in README.md. */
export const Confidence = { low: 0, medium: 1, high: 2, certain: 3 } as const;
export type Confidence = (typeof Confidence)[keyof typeof Confidence];
export type ConfidenceName = keyof typeof Confidence;

/**
 * Every hold of a recording as columns, in order of their start: one get with its matching put, or still open; a
 * reference from before the recording; a reference taken while events were lost.
 *
 * At any time T the references of a module are exactly its holds with start ≤ T < end, and, where the kernel prints
 * absolute counts, their number is the printed refcount − 1.
 */
export interface HoldTable {
  readonly length: number;
  /** IndexIntoModules. */
  readonly module: Int32Array;
  /** RecordingTime; −Infinity for a hold from before the recording. */
  readonly start: Float64Array;
  /** RecordingTime; +Infinity for a hold that never ended. */
  readonly end: Float64Array;
  /** IndexIntoEvents of the get (of the load, for the loader's own); −1 where no event shows it. */
  readonly startRow: Int32Array;
  /** IndexIntoEvents of the put (or of the free that ended the module's life); −1 while open. */
  readonly endRow: Int32Array;
  /** Place in `holders`. */
  readonly holder: Int32Array;
  /** Confidence that `holder` is who holds it. */
  readonly confidence: Uint8Array;
  /** 1 for a pair taken and given back within one call: noise for a person, listed only on request. */
  readonly transient: Uint8Array;
  readonly holders: readonly HoldHolder[];
}

/** Who a hold belongs to; holds of one open, or of one mount, share it. */
export interface HoldHolder {
  readonly kind: HolderKind;
  /** A task's comm, a module's name, a filesystem's type … */
  readonly name: string;
  /** The task's pid; −1 where the holder is no task. */
  readonly pid: number;
  /** What is held, as a noun: `file`, `module`, `mount`, `nftables rule`. */
  readonly noun: string;
  /** The thing outlives who made it: `name` is only its maker. */
  readonly madeBy: boolean;
  /** A small stable number to colour by: equal for the same name and pid. */
  readonly colour: number;
}

/** What sort of thing holds the reference; `docs` of each in `holder-kinds.ts`. */
export type HolderKind =
  | 'task'
  | 'module'
  | 'mount'
  | 'socket'
  | 'device'
  | 'network'
  | 'crypto'
  | 'kernel'
  | 'loader'
  | 'baseline'
  | 'unknown';
