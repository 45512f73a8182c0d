import type { Refcount } from '../../units.ts';
import type { ConfidenceName } from '../hold-table.ts';
import type { SnapshotIndex } from './index-snapshot.ts';
import type { ReleaseWay } from './present-accounting.ts';

/**
 * One line of the table of what raises a refcount: how to find such things in a snapshot, and on which modules each of
 * them counts, and how often.
 *
 * Source: the kernel functions named by `source`.
 */
export interface ReferenceRule {
  /** Unlike that of any other rule; part of the holder's key. */
  readonly id: string;
  /** Of the call-site table; `holder-kinds.ts` has the words for it. */
  readonly kind: string;
  /** In place of the kind's own words. */
  readonly noun?: string;
  readonly plural?: string;
  /** What such a reference is for. */
  readonly meaning: string;
  /** How to make it let go, in general. */
  readonly release: string;
  /** The kernel function that takes the reference. */
  readonly source: string;
  /** Where its holders stand in a plan, the highest first: 5 modules, 4 settings, 3 devices, 2 filesystems, 1 what programs made, 0 programs. */
  readonly stage: 0 | 1 | 2 | 3 | 4 | 5;
  /** Nothing but a reboot ends it. */
  readonly forever?: boolean;
  /** What else happens where a program lets go of it. */
  readonly aftermath?: string;
  /** What has it open may be the graphical session. */
  readonly graphics?: boolean;
  readonly find: (index: SnapshotIndex) => Iterable<Found>;
}

/** Something in a snapshot that counts on modules: an open file, a mount, a loop device. */
export interface Found {
  /** What it is; stays the same from one snapshot to the next. Together with the rule it is the holder's key. */
  readonly thing: string;
  /** Hostile text, as all that follows. */
  readonly name: string;
  readonly object: string;
  /** In place of the rule's noun, where one rule finds several sorts. */
  readonly noun?: string;
  readonly pids: readonly number[];
  readonly counts: readonly Count[];
  readonly evidence: readonly string[];
  /** Only a possibility: it is believed where every module that it counts on has references left for it, and else not at all. */
  readonly together?: boolean;
  /** Keys of what must end before this can: the filesystem on a device, the processes on the filesystem. */
  readonly after?: readonly string[];
  /** Modules that must be unloaded before this ends, or whose unloading ends it. */
  readonly endsWith?: readonly string[];
  /** Why it stays for as long as the system runs, and after a reboot too. */
  readonly stays?: string;
  /** There is more of it than is told: after its steps the system must be looked at again. */
  readonly isPart?: boolean;
  /** How to end it, the gentlest first. Without it, its processes are to close it; empty where it ends with what is in `after` and `endsWith`. */
  readonly ways?: readonly ReleaseWay[];
}

/** How many references one thing takes on one module. */
export interface Count {
  readonly module: string;
  readonly references: Refcount;
  /** So many more are possible: descriptors that may or may not share an open file. Claimed only where the refcount asks for them. */
  readonly more?: Refcount;
  readonly confidence: ConfidenceName;
}

/** What a rule found, with its rule: things of the same key are one. */
export interface Thing extends Found {
  readonly key: string;
  readonly rule: ReferenceRule;
}

/** The key of what a rule found. */
export function keyOf(rule: Pick<ReferenceRule, 'id'>, thing: string): string {
  return `${rule.id}|${thing}`;
}
