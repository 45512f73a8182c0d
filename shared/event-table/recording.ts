import type { Problem } from '../problem.ts';
import type { LineNumber, RecordingTime } from '../units.ts';
import type { EventTable } from './event-table.ts';
import type { ProcessNote } from './process-note.ts';

/** Every line of the text is counted once: total is the sum of the others. */
export interface LineCounts {
  readonly total: number;
  /** Lines of the five module events. */
  readonly events: number;
  /** Frames of stack traces and the line that opens them. */
  readonly stack: number;
  /** Lines of other events and their continuation lines. */
  readonly other: number;
  /** Comments, `cpus=`, buffer headings, and the marks of lost events. */
  readonly headers: number;
  readonly blank: number;
  readonly rejected: number;
}

/** A line that could not be read, kept to be shown. */
export interface RejectedLine {
  readonly line: LineNumber;
  readonly reason: string;
  /** The start of the line, made printable. */
  readonly text: string;
}

/** Which clock stamped a recording, and since which start of the machine; where the text says so. */
export interface RecordingOrigin {
  /** The kernel's name of the trace clock: `mono` is CLOCK_MONOTONIC. */
  readonly clock: string;
  /** The kernel's id of that start. Source: /proc/sys/kernel/random/boot_id, random(4). */
  readonly boot: string;
}

/** A suspend. */
export interface Sleep {
  readonly time: RecordingTime;
  readonly seconds: number;
}

/** What a text was read into. */
export interface Recording {
  readonly table: EventTable;
  readonly lines: LineCounts;
  /** The first thousand; `lines.rejected` counts them all. */
  readonly rejected: readonly RejectedLine[];
  /** The dialect in a person's words: `trace_pipe, 5 flag characters, tgid`. */
  readonly dialect: string;
  /** What a reader of the result must know: a cut last line, names cut to 8 characters, times in ticks … */
  readonly notices: readonly string[];
  /** What the kernel's own count proves to be here; there only where it proves something. */
  readonly completeness?: string;
  readonly origin?: RecordingOrigin;
  /** Who had the pids, as far as it was looked up while it was recorded; in the order of the text. */
  readonly processes: readonly ProcessNote[];
  /** When the machine slept while it was recorded: at the time of the last event before, for its clock stood still. */
  readonly sleeps: readonly Sleep[];
}

/** Either a recording or the reason why there is none; never half of one. */
export type ReadOutcome =
  | { readonly ok: true; readonly recording: Recording }
  | { readonly ok: false; readonly problem: Problem };
