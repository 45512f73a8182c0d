import type { ByteText } from './decode-bytes.ts';

/** Which stack a line opens: the one that the tracer prints as text, or raw numbers that nobody resolved. */
const OPENS = /^(?:<(?:user )?stack trace ?>|(?:kernel_stack|user_stack): .*)$/;

/**
 * Whether the event text opens a stack trace of the event before it.
 *
 * Source: kernel/trace/trace_output.c trace_stack_print and trace_user_stack_print; trace-cmd plugin_function's and
 * libtraceevent's printing of `kernel_stack`.
 */
export function opensStack(event: ByteText): boolean {
  return OPENS.test(event);
}

/** Source: linux/tools/perf/util/evsel_fprintf.c sample__fprintf_callchain. */
const PERF_FRAME = /^[ \t]+([0-9a-f]{1,16} .+)$/;

/** A frame as printed, without its arrow; undefined where the line is none. */
export function readFrame(text: ByteText): ByteText | undefined {
  let arrow = 0;
  while (text[arrow] === ' ') arrow++;
  return text.startsWith('=>', arrow) ? text.slice(arrow + 2).trim() : undefined;
}

/** The same of a line that perf script prints below an event. */
export function readPerfFrame(text: ByteText): ByteText | undefined {
  return PERF_FRAME.exec(text)?.[1];
}
