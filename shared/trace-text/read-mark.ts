import type { ByteText } from './decode-bytes.ts';

/** A line by which the tracer says that events are missing. −1 for what it does not say. */
export interface LossMark {
  readonly cpu: number;
  readonly count: number;
  /** The buffer's name where trace-cmd printed it before the mark. */
  readonly buffer: string | undefined;
}

/** Source: kernel/trace/trace.c print_trace_line; trace-cmd tracecmd/trace-read.c show_data. */
const LOST = /^(?:(.+?): *)?CPU:(\d{1,5}) \[(?:LOST (?:(\d{1,15}) )?EVENTS|(?:(\d{1,15}) )?EVENTS DROPPED)\]$/;
/** Source: trace.c test_cpu_buff_start: the CPU's earlier events were overwritten. */
const STARTED = /^##### CPU (\d{1,5}) buffer started ####$/;
/** Source: trace.c print_event_info. */
const ENTRIES = /^# entries-in-buffer\/entries-written: (\d{1,15})\/(\d{1,15})\b/;

/** Reads a mark of lost events; undefined where the line is none. */
export function readLossMark(text: ByteText): LossMark | undefined {
  const lost = LOST.exec(text);
  if (lost !== null) return { cpu: Number(lost[2]), count: Number(lost[3] ?? lost[4] ?? -1), buffer: lost[1] };
  const started = STARTED.exec(text);
  if (started !== null) return { cpu: Number(started[1]), count: -1, buffer: undefined };
  const entries = ENTRIES.exec(text);
  if (entries === null) return undefined;
  const missing = Number(entries[2]) - Number(entries[1]);
  return missing > 0 ? { cpu: -1, count: missing, buffer: undefined } : undefined;
}

/** Lines of trace-cmd report and of older versions of it that are no events. */
const REPORT_HEADER =
  /^(?:(?:.+?: *)?cpus=\d+|version = \d+|CPU \d+ is empty|trace-cmd: .*|(?:.+?: *)?CPU:\d+ \[SUBBUFFER START\])$/;

/** Whether a line belongs to the tool or the file, not to an event. */
export function isHeader(text: ByteText): boolean {
  return text.startsWith('#') || REPORT_HEADER.test(text);
}

/** The name of a `Buffer: name` heading; undefined where the line is none. */
export function bufferHeading(text: ByteText): string | undefined {
  return /^Buffer: (\S.*)$/.exec(text)?.[1]?.trimEnd();
}
