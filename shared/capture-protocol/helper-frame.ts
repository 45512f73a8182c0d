import type { CaptureEvent } from './capture-request.ts';

/**
 * What the helper says, one at a time. A recording: hello, modules, then trace and counts, modules again, bye. What there is in
 * tracefs: facts, bye. Snapshots: facts and the end of each, as often as asked for, then bye.
 */
export type HelperFrame =
  | Hello
  | TraceBytes
  | LoadedModules
  | LostCounts
  | Fact
  | SnapshotEnd
  | Refusal
  | Bye
  | { readonly kind: 'cleared' };

/** The recording runs. */
export interface Hello {
  readonly kind: 'hello';
  readonly version: number;
  /** `uname -r`. */
  readonly kernel: string;
  /** Where tracefs is mounted. */
  readonly tracefs: string;
  /** Name of the helper's own instance there. */
  readonly instance: string;
  /** Those of the wanted events that this kernel has. */
  readonly events: readonly CaptureEvent[];
  /** The trace clock; anything but `mono` cannot be matched with the clocks of programs. */
  readonly clock: string;
  readonly recordTgid: boolean;
  /** As the kernel tells it, after rounding. */
  readonly bufferKiB: string;
  readonly cpus: number;
  /** Instances of dead helpers that were removed first. */
  readonly swept: number;
  /** The three clocks at the same moment, in nanoseconds. */
  readonly monotonic: bigint;
  readonly boottime: bigint;
  readonly realtime: bigint;
}

/** A piece of trace_pipe's text, cut anywhere. */
export interface TraceBytes {
  readonly kind: 'trace';
  /** A view into what was pushed, where it lay in one piece. */
  readonly bytes: Uint8Array;
}

/** /proc/modules as it was. */
export interface LoadedModules {
  readonly kind: 'modules';
  readonly when: 'start' | 'end';
  readonly text: string;
}

/** The kernel's counters since the instance was made; of those CPUs where something changed. */
export interface LostCounts {
  readonly kind: 'counts';
  /** False when somebody switched the instance off. */
  readonly tracingOn: boolean;
  readonly cpus: readonly CpuCounts[];
}

/** Source: tracing_stats_read in kernel/trace/trace.c. A number that falls means that the buffer was erased. */
export interface CpuCounts {
  readonly cpu: number;
  /** Events in the buffer that nobody has read yet. */
  readonly entries: number;
  /** Events that newer ones overwrote. */
  readonly overrun: number;
  /** Events that found no room because of one still being written. */
  readonly commitOverrun: number;
  /** Events refused because the buffer was full; 0 as long as it overwrites. */
  readonly dropped: number;
  readonly read: number;
}

/** Something that the helper read. */
export interface Fact {
  readonly kind: 'fact';
  /**
   * Of tracefs: the path below it; `place` is where that is, `kernel` what `uname -r` says. Of a snapshot: an absolute path, the command
   * line of a tool, or a colon and what is put together from many files.
   */
  readonly name: string;
  /** The errno of reading it; 0 when it could be read. */
  readonly error: number;
  readonly text: string;
}

export const snapshotResults = ['done', 'late', 'failed'] as const;

/** All facts of one snapshot have come. */
export interface SnapshotEnd {
  readonly kind: 'snapshot-end';
  readonly version: number;
  /** `late`: it hung, and was ended; `failed`: it broke off. What came before is true all the same. */
  readonly result: (typeof snapshotResults)[number];
  readonly kernel: string;
  readonly asRoot: boolean;
  /** CLOCK_MONOTONIC, in nanoseconds. */
  readonly began: bigint;
  readonly ended: bigint;
}

/** Something failed; when it was the end of it, `bye` follows. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly code: string;
  readonly sentence: string;
}

export const byeReasons = [
  'stop',
  'stdin-closed',
  'stdout-closed',
  'signal',
  'pump-killed',
  'failed',
  'refused',
  'done',
] as const;

/** The last frame. */
export interface Bye {
  readonly kind: 'bye';
  readonly reason: (typeof byeReasons)[number];
  /** `left`: somebody keeps it busy; the next start removes it. */
  readonly instance: 'removed' | 'left' | 'none';
}
