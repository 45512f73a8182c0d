import type { PresentAccounting, ReleasePlan } from '../analysis/present/present-accounting.ts';
import type { GraphPicture } from '../graph/holder-graph.ts';
import type { PresentGraphQuery } from '../graph/present-graph.ts';
import type { LoadedModule, Unseen } from '../snapshot/system-snapshot.ts';
import type { Refcount } from '../units.ts';

/**
 * What a window may ask of the running system as it was last looked at. It lives in a worker, and all answers are plain
 * data that structured clone can carry.
 */
export interface PresentView {
  overview(): PresentOverview;
  /** Who holds a module, so many of them at most, and how to make them let go; undefined where it is not loaded. */
  account(module: string, most: number): PresentAnswer | undefined;
  graph(query: PresentGraphQuery): GraphPicture;
}

/** The system in short. */
export interface PresentOverview {
  /** `uname -r`. */
  readonly kernel: string;
  readonly asRoot: boolean;
  /** Nanoseconds since boot, in CLOCK_MONOTONIC, when looking ended; and how long it took. */
  readonly at: number;
  readonly took: number;
  readonly processes: number;
  readonly unseen: readonly Unseen[];
  /** By name. */
  readonly modules: readonly PresentStanding[];
}

/** One line of the list of modules. */
export interface PresentStanding {
  readonly module: string;
  /** In bytes. */
  readonly size: number;
  /** As lsmod prints it; undefined where the kernel cannot unload modules. */
  readonly refcount: Refcount | undefined;
  /** Of those, by the modules that link to it. */
  readonly linked: Refcount;
  /** Of the explained ones, those that are so only probably. */
  readonly probable: Refcount;
  readonly unexplained: Refcount;
  readonly usedBy: readonly string[];
  readonly state: LoadedModule['state'];
  readonly permanent: boolean;
  readonly taints: string;
  /** Its refcount changed while it was looked at. */
  readonly raced: boolean;
}

export interface PresentAnswer {
  readonly accounting: PresentAccounting;
  /** What the accounting knows of holders beyond those that were asked for. */
  readonly more: { readonly holders: number; readonly references: Refcount };
  readonly plan: ReleasePlan;
  readonly asRoot: boolean;
  /** Seconds since boot, time in suspend included, as the start of processes is counted. */
  readonly uptime: number;
}
