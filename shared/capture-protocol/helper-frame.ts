import type { CaptureEvent } from './capture-request.ts';

/** What the helper says, one at a time and in this order: hello, modules, then trace and counts, modules again, bye. */
export type HelperFrame =
  | Hello
  | TraceBytes
  | LoadedModules
  | LostCounts
  | TracefsFact
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

/** One file of tracefs. */
export interface TracefsFact {
  readonly kind: 'fact';
  /** Its path below tracefs; `place` is where that is, `kernel` what `uname -r` says. */
  readonly name: string;
  /** The errno of reading it; 0 when it could be read. */
  readonly error: number;
  readonly text: string;
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
