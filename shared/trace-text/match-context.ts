import type { ByteText } from './decode-bytes.ts';

/** How a line says who, where and when, before it says what. */
export type Layout = 'columns' | 'latency' | 'verbose' | 'perf';

/** What stands on a line before its event. Positions are byte positions in the line. */
export interface LineContext {
  readonly layout: Layout;
  /** Name of the trace buffer or file printed before the task; undefined where there is none. */
  readonly buffer: string | undefined;
  readonly commStart: number;
  readonly commEnd: number;
  readonly pid: number;
  /** −1 where the line has none. */
  readonly tgid: number;
  /** 0xffff where the line has none. */
  readonly cpu: number;
  /** Number of flag characters; 0 without the column. */
  readonly flagWidth: number;
  /** Digits of the stamp; `unit` says what they count. */
  readonly whole: string;
  readonly fraction: string;
  readonly unit: StampUnit;
  /** Where the event's own text starts. */
  readonly rest: number;
}

/** Seconds with a dot, bare ticks, or the microseconds and milliseconds of latency-format. */
export type StampUnit = 'seconds' | 'ticks' | 'microseconds' | 'milliseconds';

/** A grammar of what follows the comm, tried at one place of the line. */
type Grammar = (text: ByteText, at: number) => MatchedContext | undefined;

/** A context whose grammar does not know yet where the comm began. */
type MatchedContext = { -readonly [Key in keyof LineContext]: LineContext[Key] };

const NO_CPU = 0xffff;

/**
 * `-PID (TGID) [CPU] flags stamp:` of trace_pipe, trace and trace-cmd report.
 *
 * Source: kernel/trace/trace_output.c trace_print_context ("%16s-%-7d ", "(%7d) ", "[%03d] ", trace_print_lat_fmt,
 * " %5lu.%06lu: " or " %12llu: "); trace-cmd tracecmd/trace-read.c show_data ("%16s-%-5d [%03d] ", time glued to the
 * bracket where it is long). Flags: 4 characters from 3.x, 5 from 5.16, 7 or 8 on PREEMPT_RT, none before.
 */
const COLUMNS =
  /-(\d{1,7}) +(?:\( *(\d{1,7}|-+)\) +)?\[(\d{1,5})\] *(?:([.dDbBX][.\w#*]{3,8}) +|([.dDbBX][.\w#*]{4}))?(\d{1,20})(?:\.(\d{6}|\d{9}))?:(?: +|$)/y;

/**
 * `-PID  CPUflags stamp:` of option latency-format and of `trace-cmd report -l`.
 *
 * Source: trace_output.c lat_print_generic ("%8.8s-%-7d %3d") and lat_print_timestamp (" %4lldus%c: ", " %4lld: ").
 */
const LATENCY = /-(\d{1,7}) +(\d{1,5})([.dDbBX][.\w#*]{3,8}) +(\d{1,20})(?:\.(\d{6}|\d{9})|(us)[ !#*@$+]?)?:(?: +|$)/y;

/**
 * ` PID CPU flags preempt index [us] ms (+ms):` of latency-format with option verbose.
 *
 * Source: trace_output.c trace_print_lat_context ("%16s %7d %3d %d %08x %08lx ") and lat_print_timestamp.
 */
const VERBOSE =
  / +(\d{1,7}) +(\d{1,5}) \d+ [0-9a-f]{8} [0-9a-f]{8,16} \[[0-9a-f]{8,16}\] (\d{1,17})(?:\.(\d{3})ms)? \(\+-?\d+(?:\.\d+ms)?\):(?: +|$)/y;

/**
 * ` PID/TID [CPU] stamp: system:event:` of `perf script`.
 *
 * Source: linux/tools/perf/builtin-script.c perf_sample__fprintf_start ("%16s ", "%7d/%-7d ", "[%03d] ", "%5lu.%06lu: ").
 */
const PERF =
  / +(\d{1,7})(?:\/(\d{1,7}))? +(?:\[(\d{1,5})\] +)?(?:[.dDbBX][.\w#*]{3,8} +)?(\d{1,20})\.(\d{6}|\d{9}): +(?:\d+ +)?(?=[\w-]+:[\w.-]+: )/y;

const matchColumns: Grammar = (text, at) => {
  COLUMNS.lastIndex = at;
  const m = COLUMNS.exec(text);
  if (m === null) return undefined;
  return {
    buffer: undefined,
    commStart: at,
    commEnd: at,
    layout: 'columns',
    pid: Number(m[1]),
    tgid: m[2] === undefined || m[2].startsWith('-') ? -1 : Number(m[2]),
    cpu: Number(m[3]),
    flagWidth: (m[4] ?? m[5] ?? '').length,
    whole: m[6]!,
    fraction: m[7] ?? '',
    unit: m[7] === undefined ? 'ticks' : 'seconds',
    rest: COLUMNS.lastIndex,
  };
};

const matchLatency: Grammar = (text, at) => {
  LATENCY.lastIndex = at;
  const m = LATENCY.exec(text);
  if (m === null) return undefined;
  return {
    buffer: undefined,
    commStart: at,
    commEnd: at,
    layout: 'latency',
    pid: Number(m[1]),
    tgid: -1,
    cpu: Number(m[2]),
    flagWidth: m[3]!.length,
    whole: m[4]!,
    fraction: m[5] ?? '',
    unit: m[6] !== undefined ? 'microseconds' : m[5] === undefined ? 'ticks' : 'seconds',
    rest: LATENCY.lastIndex,
  };
};

const matchVerbose: Grammar = (text, at) => {
  VERBOSE.lastIndex = at;
  const m = VERBOSE.exec(text);
  if (m === null) return undefined;
  return {
    buffer: undefined,
    commStart: at,
    commEnd: at,
    layout: 'verbose',
    pid: Number(m[1]),
    tgid: -1,
    cpu: Number(m[2]),
    flagWidth: 0,
    whole: m[3]!,
    fraction: m[4] ?? '',
    unit: m[4] === undefined ? 'ticks' : 'milliseconds',
    rest: VERBOSE.lastIndex,
  };
};

const matchPerf: Grammar = (text, at) => {
  PERF.lastIndex = at;
  const m = PERF.exec(text);
  if (m === null) return undefined;
  const both = m[2] !== undefined;
  return {
    buffer: undefined,
    commStart: at,
    commEnd: at,
    layout: 'perf',
    pid: Number(both ? m[2] : m[1]),
    tgid: both ? Number(m[1]) : -1,
    cpu: m[3] === undefined ? NO_CPU : Number(m[3]),
    flagWidth: 0,
    whole: m[4]!,
    fraction: m[5]!,
    unit: 'seconds',
    rest: PERF.lastIndex,
  };
};

/** Every grammar, the width that the comm is padded to before it, and the first character of what it matches. */
const grammars: readonly { readonly match: Grammar; readonly width: number; readonly opens: string }[] = [
  { match: matchColumns, width: 16, opens: '-' },
  { match: matchLatency, width: 8, opens: '-' },
  { match: matchVerbose, width: 16, opens: ' ' },
  { match: matchPerf, width: 16, opens: ' ' },
];

/** The longest comm. Source: include/linux/sched.h TASK_COMM_LEN, less the NUL. */
const COMM_BYTES = 15;

/** No prefix of a buffer's or file's name is looked for beyond this column. */
const FARTHEST_PREFIX = 300;

/**
 * Matches a line whose comm is padded as the kernel prints it, behind a prefix of a known width: then the comm's end
 * has one place, and no comm can pretend another.
 */
export function matchPadded(text: ByteText, prefixWidth: number): LineContext | undefined {
  const buffer = prefixWidth === 0 ? undefined : prefixName(text, prefixWidth);
  if (buffer === false) return undefined;
  for (const { match, width, opens } of grammars) {
    const at = prefixWidth + width;
    if (text[at] !== opens) continue;
    if (width > COMM_BYTES && text[prefixWidth] !== ' ') continue;
    const found = match(text, at);
    if (found !== undefined) return placeComm(found, text, prefixWidth, at, buffer);
  }
  return undefined;
}

/** Matches a line that lost its padding: the last place within a comm's length where the structure holds. */
export function matchUnpadded(text: ByteText): LineContext | undefined {
  let first = 0;
  while (text[first] === ' ' || text[first] === '\t') first++;
  for (let at = Math.min(first + COMM_BYTES, text.length - 1); at >= first; at--) {
    for (const { match, width, opens } of grammars) {
      if (text[at] !== opens || at - first > width) continue;
      if (opens === ' ' && (at === first || text[at - 1] === ' ')) continue;
      const found = match(text, at);
      if (found !== undefined) return placeComm(found, text, first, at, undefined);
    }
  }
  return undefined;
}

/** Finds how wide the prefix of buffer names is, from a line that has one; 0 where the line has none. */
export function findPrefixWidth(text: ByteText): number {
  const last = Math.min(text.length, FARTHEST_PREFIX);
  for (let at = text.indexOf('-'); at >= 0 && at < last; at = text.indexOf('-', at + 1)) {
    for (const { match, width, opens } of grammars) {
      const prefixWidth = at - width;
      if (opens !== '-' || prefixWidth < 2 || typeof prefixName(text, prefixWidth) !== 'string') continue;
      if (width > COMM_BYTES && text[prefixWidth] !== ' ') continue;
      if (match(text, at) !== undefined) return prefixWidth;
    }
  }
  return 0;
}

/** The name in a prefix `name:   `; undefined where it is blank (the top buffer), false where it is no prefix. */
function prefixName(text: ByteText, width: number): string | undefined | false {
  const prefix = text.slice(0, width).trimEnd();
  if (prefix === '') return undefined;
  return text[width - 1] === ' ' && prefix.length > 1 && prefix.endsWith(':') ? prefix.slice(0, -1) : false;
}

/** Adds the comm without its padding. A comm's own leading blanks cannot be told from it. */
function placeComm(
  found: MatchedContext,
  text: ByteText,
  from: number,
  commEnd: number,
  buffer: string | undefined,
): LineContext {
  let commStart = from;
  while (commStart < commEnd && text[commStart] === ' ') commStart++;
  found.commStart = commStart;
  found.commEnd = commEnd;
  found.buffer = buffer;
  return found;
}
