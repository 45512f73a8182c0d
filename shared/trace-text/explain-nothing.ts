import type { Problem } from '../problem.ts';
import type { DialectTally } from './describe-dialect.ts';
import type { LineTally } from './line-tally.ts';
import { COLOURED, NO_CONTEXT, NO_FIELDS, NUMBERED, PREFIXED, QUOTED, RAW_ENTRY } from './reject-reasons.ts';

/** Says why a text has no module event, by what it has instead. */
export function explainNothing(tally: LineTally, dialect: DialectTally): Problem {
  const { total } = tally.counts();
  if (total === tally.blank) {
    return {
      what: 'The file is empty.',
      why: total === 0 ? 'It has no bytes.' : 'It has blank lines only.',
      remedy:
        'Check that recording was on (tracing_on is 1, the module events are enabled) and that the file was saved.',
    };
  }
  const most = mostFrequent(tally.reasons);
  if (most === NO_CONTEXT) {
    return {
      what: 'The events have no task, CPU and time.',
      why: 'They were printed with the trace option context-info off.',
      remedy: 'Run `echo 1 > /sys/kernel/tracing/options/context-info` and read the trace again.',
    };
  }
  if (most === RAW_ENTRY) {
    return {
      what: 'The entries have numbers in place of their fields.',
      why: 'They were printed with the trace option raw, hex or bin on.',
      remedy: 'Run `echo 0 > /sys/kernel/tracing/options/raw` (and hex, and bin) and read the trace again.',
    };
  }
  if (most === NO_FIELDS) {
    return {
      what: 'The module events have no fields.',
      why: 'Some kernels lose them while the trace option hash-ptr is off; filters of the text may cut them too.',
      remedy: 'Run `echo 1 > /sys/kernel/tracing/options/hash-ptr` and read the trace again.',
    };
  }
  if (most !== undefined && copied.has(most)) {
    return {
      what: 'The lines were copied with something that is not theirs.',
      why: `Most of them: ${most}.`,
      remedy: copied.get(most)!,
    };
  }
  if (tally.other > 0 || tally.stack > 0) {
    return {
      what: 'The recording has no module event.',
      why: `It has ${tally.other} lines of other events.`,
      remedy:
        'Enable the events with `echo 1 > /sys/kernel/tracing/events/module/enable`, or record with `trace-cmd record -e module`.',
    };
  }
  if (tally.headers > 0 && tally.rejected === 0) {
    return {
      what: 'The recording has a header and no event.',
      why: dialect.fromTracefs
        ? 'Nothing was in the trace buffer: the module events were not enabled, or nothing touched a module.'
        : 'Nothing was recorded.',
      remedy: 'Enable the events with `echo 1 > /sys/kernel/tracing/events/module/enable` and let something happen.',
    };
  }
  return {
    what: 'This is not a recording of module events.',
    why: `${total === 1 ? 'Its only line is none' : `None of its ${total} lines is one`}. The first that could not be read, line ${tally.kept[0]?.line ?? 1}: ${tally.kept[0]?.reason ?? 'a comment'}.`,
    remedy: 'Give a text that trace_pipe, trace, trace-cmd report or perf script printed.',
  };
}

/** What to do with a text that a program changed on the way. */
const copied: ReadonlyMap<string, string> = new Map([
  [QUOTED, "Run `sed 's/^[> ]*//' FILE > FILE.txt` and open FILE.txt."],
  [NUMBERED, "Run `sed 's/^ *[0-9]*[:[:space:]]//' FILE > FILE.txt` and open FILE.txt."],
  [PREFIXED, "Run `sed 's/^\\[[^]]*\\] //' FILE > FILE.txt` and open FILE.txt."],
  [COLOURED, 'Copy it again without colours, for example with `grep --color=never`.'],
]);

function mostFrequent(reasons: ReadonlyMap<string, number>): string | undefined {
  let most: string | undefined;
  for (const [reason, count] of reasons) if (count > 0 && count > (reasons.get(most ?? '') ?? 0)) most = reason;
  return most;
}
