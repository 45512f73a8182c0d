import type { HolderKind } from '../analysis/hold-table.ts';
import type { RecordingTime, Refcount } from '../units.ts';

/** What is counted, and how finely. */
export interface StatisticsQuery {
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  /** Only these modules; empty for all. */
  readonly modules: readonly string[];
  /** Parts into which the range is cut for the rate. */
  readonly bins: number;
  /** How many holders and call sites are listed; the rest is summed up. */
  readonly top: number;
}

/** What happened from one time to another, both included. Sized by the query, never by the recording. */
export interface RangeStatistics {
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  readonly gets: number;
  readonly puts: number;
  /** Holds that were open at any time of the range, and how they lie in it. */
  readonly holds: HoldTally;
  readonly rate: readonly RateBin[];
  /** Whoever held most often first. */
  readonly holders: readonly HolderTally[];
  readonly otherHolders: { readonly holders: number; readonly lasting: number; readonly transient: number };
  /** Of the holds whose start and end are known; from the shortest to the longest that occurs, none left out. */
  readonly durations: readonly DurationBin[];
  /** Most gets and puts first. */
  readonly callSites: readonly CallSiteTally[];
  readonly otherCallSites: { readonly callSites: number; readonly gets: number; readonly puts: number };
}

/** lasting + transient is all; the others say how many of all. */
export interface HoldTally {
  readonly lasting: number;
  /** Taken and given back within one call. */
  readonly transient: number;
  /** Not given back until the recording ends. */
  readonly neverEnded: number;
  readonly fromBefore: number;
}

/** Gets and puts from `time` up to the next bin's; the last one includes its end. */
export interface RateBin {
  readonly time: RecordingTime;
  readonly gets: number;
  readonly puts: number;
}

export interface HolderTally {
  /** As everywhere else: `systemd-logind-545`. */
  readonly label: string;
  readonly kind: HolderKind;
  readonly colour: number;
  readonly lasting: number;
  readonly transient: number;
}

/** Holds that lasted at least `from` and less than `to`. */
export interface DurationBin {
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  readonly lasting: number;
  readonly transient: number;
}

export interface CallSiteTally {
  /** As printed, with the module in brackets where there is one. */
  readonly callSite: string;
  readonly gets: number;
  readonly puts: number;
}

/**
 * What changed from one time to a later one. The events of the first instant have happened before, those of the second
 * are included, so that `net` is what the accounting says at the second time less what it says at the first.
 */
export interface Change {
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  readonly gets: number;
  readonly puts: number;
  /** Difference in references. Not always gets − puts: a load brings its loader's reference, and events may be lost. */
  readonly net: Refcount;
  /** The greatest change first, then whoever did most. */
  readonly modules: readonly ChangeTally[];
  readonly holders: readonly (ChangeTally & { readonly kind: HolderKind; readonly colour: number })[];
  /** What the lists leave out. */
  readonly otherModules: number;
  readonly otherHolders: number;
}

export interface ChangeTally {
  /** A module's name, or a holder's label. */
  readonly label: string;
  readonly gets: number;
  readonly puts: number;
  readonly net: Refcount;
}
