import type { LineNumber, RecordingTime, Refcount } from '../units.ts';
import type { ConfidenceName, HolderKind } from './hold-table.ts';

/** One holder of a module at one time, with everything that is known of it. */
export interface HolderAccount {
  readonly kind: HolderKind;
  /** `systemd-logind`, `vkms`, `ext4` … As printed: escape before showing it in a terminal. */
  readonly name: string;
  readonly pid: number | undefined;
  /** How many of the module's references this holder accounts for. */
  readonly references: Refcount;
  /** What is held, as a noun for the arithmetic: `file`, `module`, `mount`, `DRM filesystem`. */
  readonly noun: string;
  /** The call site of the get that stays, as printed without its module; undefined from before the recording. */
  readonly callSite: string | undefined;
  /** Undefined for a reference from before the recording. */
  readonly since: RecordingTime | undefined;
  /** Undefined when it is still open at the end of the recording. */
  readonly until: RecordingTime | undefined;
  readonly confidence: ConfidenceName;
  /** Why it is believed, and how surely, in a sentence or two. */
  readonly evidence: string;
  /** What this reference is for, in plain words. */
  readonly meaning: string;
  /** How to make it let go. */
  readonly release: string;
  /** The lines of the text that say so. */
  readonly lines: readonly LineNumber[];
  /** Other modules that the same open, mount or socket holds at the same time. */
  readonly alsoHolds: readonly { readonly module: string; readonly references: Refcount }[];
  /** IndexIntoHolds of the holds behind this line, to select them in the timeline. */
  readonly holds: readonly number[];
}

/** refcount = explained + unexplained, for one module at one time, without the kernel's base reference. */
export interface Accounting {
  readonly module: string;
  readonly at: RecordingTime;
  /** `unknown` before the first event of a module that was there already. */
  readonly state: 'unknown' | 'absent' | 'loading' | 'live' | 'unloading';
  /** What the last event printed; undefined before the first one and after a free. */
  readonly refcount: Refcount | undefined;
  /** What lsmod would have said; undefined where it cannot be known. */
  readonly lsmod: Refcount | undefined;
  readonly explained: Refcount | undefined;
  readonly unexplained: Refcount | undefined;
  /** How many of the references were there before the recording began. */
  readonly baseline: Refcount;
  readonly holders: readonly HolderAccount[];
  /** `drm: 4 references = 2 modules + 1 DRM filesystem of vkms + 1 file of systemd-logind` */
  readonly arithmetic: string;
  /** What weakens the answer here: lost events, filtered recording, per-CPU numbers, forced unload … */
  readonly cautions: readonly string[];
}

/** A module at one time, as the list of modules shows it. */
export interface ModuleStanding {
  readonly module: string;
  readonly state: Accounting['state'];
  readonly refcount: Refcount | undefined;
  readonly lsmod: Refcount | undefined;
  readonly unexplained: Refcount | undefined;
  /** Modules that link to it. */
  readonly usedBy: readonly string[];
  /** Taint letters of its last load, empty for none. */
  readonly taints: string;
  /** Events of this module in the whole recording. */
  readonly events: number;
}
