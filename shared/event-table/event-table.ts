import type { LineNumber } from '../units.ts';
import type { Clock } from './clock.ts';

/** The five events of the kernel's `module` system, as numbers for a column. Source: include/trace/events/module.h */
export const EventKind = { load: 0, free: 1, get: 2, put: 3, request: 4 } as const;
export type EventKind = (typeof EventKind)[keyof typeof EventKind];

/** Bits of `EventTable.flags`. */
export const EventFlag = {
  /** The task name was `<...>` and was taken from the same pid elsewhere in the recording, or from /proc meanwhile. */
  taskInferred: 1,
  /** `wait=1` of a request: the caller sleeps until modprobe ends. */
  requestWaits: 2,
} as const;

/** A task as printed: `comm-pid`. */
export interface Task {
  /** At most 15 characters, chosen by the task itself: never trusted, always escaped. `<...>` when nobody knew it. */
  readonly comm: string;
  /** The thread's id (TID). */
  readonly pid: number;
  /** The process's id, where the recording has it (option record-tgid); else −1. */
  readonly tgid: number;
}

/** A printed `call_site=`. */
export interface CallSite {
  /** As printed, suffixes and all; a hex address where the symbol was not resolved. */
  readonly symbol: string;
  /** The module printed in brackets behind the symbol: a hint, for it may have been resolved after an unload. */
  readonly module: string | undefined;
}

/** A mark of the tracer that events are missing here. */
export interface LostEvents {
  /** The first row that comes after the loss; `length` of the table when none does. */
  readonly beforeRow: number;
  /** −1 where the mark names no CPU. */
  readonly cpu: number;
  /** −1 where the mark gives no number. */
  readonly count: number;
  readonly line: LineNumber;
}

/**
 * All module events of one recording, as columns, in order of time.
 *
 * Shape: every column has `length` entries. −1 (or 0xffff for `cpu`) means none; columns never hold undefined.
 */
export interface EventTable {
  readonly length: number;
  readonly clock: Clock;
  /** RecordingTime: since `clock.start`. Never decreases. */
  readonly time: Float64Array;
  /** EventKind. */
  readonly kind: Uint8Array;
  /** EventFlag bits. */
  readonly flags: Uint8Array;
  readonly cpu: Uint16Array;
  /** IndexIntoTasks. */
  readonly task: Int32Array;
  /** IndexIntoModules: the module got, put, loaded or freed; −1 for a request. */
  readonly module: Int32Array;
  /** IndexIntoCallSites; −1 for load and free. */
  readonly callSite: Int32Array;
  /** Refcount as printed by get and put, after the operation; 0 for the other kinds. */
  readonly refcount: Int32Array;
  /** Place in `details`: the taint letters of a load, the alias of a request; −1 for none. */
  readonly detail: Int32Array;
  /** Place in `stacks`; −1 for none. */
  readonly stack: Int32Array;
  /** LineNumber of the event in the text. */
  readonly line: Uint32Array;
  /** Place in `buffers`. */
  readonly buffer: Uint8Array;

  readonly modules: readonly string[];
  readonly tasks: readonly Task[];
  readonly callSites: readonly CallSite[];
  readonly details: readonly string[];
  /** Frames as printed, innermost first. */
  readonly stacks: readonly (readonly string[])[];
  /** Names of trace buffers (`trace-cmd -B`) or files; the top buffer is the empty string. Never empty. */
  readonly buffers: readonly string[];
  /** In order of `beforeRow`. */
  readonly lost: readonly LostEvents[];
  /**
   * The kernel's own count of events proves that before this row only those are missing that `lost` marks; 0 where nothing
   * proves it.
   */
  readonly countedRows: number;
}
