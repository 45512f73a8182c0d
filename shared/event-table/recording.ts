import type { Problem } from '../problem.ts';
import type { LineNumber } from '../units.ts';
import type { EventTable } from './event-table.ts';

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
}

/** Either a recording or the reason why there is none; never half of one. */
export type ReadOutcome =
  | { readonly ok: true; readonly recording: Recording }
  | { readonly ok: false; readonly problem: Problem };
