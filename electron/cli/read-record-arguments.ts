import { parseArgs } from 'node:util';
import { type CaptureRequest, captureEvents } from '../../shared/capture-protocol/capture-request.ts';
import { checkCaptureRequest } from '../../shared/capture-protocol/check-capture-request.ts';
import { explainRefusal } from '../../shared/capture-protocol/explain-refusal.ts';

/** What `modshark record` is asked for. */
export type RecordArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'check' }
  | {
      readonly kind: 'record';
      readonly request: CaptureRequest;
      /** As it was given; undefined for a name made of the time. */
      readonly output: string | undefined;
      readonly durationMs: number | undefined;
    }
  /** Not understood: the reason, for stderr. */
  | { readonly kind: 'misuse'; readonly reason: string };

export const recordUsage = `usage: modshark record [-o FILE] [options] [MODULE…]
  MODULE                 record gets and puts of these modules only; all without it
  -o, --output FILE      into this file; without it, into modshark-<date>.txt here
      --exclude          of all modules but these
      --stack            with the kernel stack of each get and put
      --buffer-size SIZE of the kernel's buffer for each CPU, as in 512K or 16M; without it what
                         suits the machine: up to 16M, and of all CPUs up to a 64th of its memory
      --duration TIME    stop by itself, as in 30s, 5m or 1h
      --check            say what stands in the way, and record nothing
Ctrl-C stops. Exit code: 0 recorded, 1 recorded but ended early or not saved, 2 not understood, 3 nothing recorded.
`;

/** Node's timers count to 2³¹ ms. */
const maxDurationMs = 24 * 24 * 3600 * 1000;

/**
 * Reads the arguments behind `modshark record`.
 *
 * @param usualBufferKiB of each CPU, where no other size is asked for
 */
export function readRecordArguments(argv: readonly string[], usualBufferKiB: number): RecordArguments {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    return misuse((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.check) return { kind: 'check' };
  const bufferKiB = values['buffer-size'] === undefined ? usualBufferKiB : readSize(values['buffer-size']);
  if (bufferKiB === undefined) return misuse('--buffer-size needs a size from 64K to 64M');
  const durationMs = values.duration === undefined ? undefined : readDuration(values.duration);
  if (durationMs === undefined && values.duration !== undefined) {
    return misuse('--duration needs a time, as in 30s, 5m or 1h, of at most 24 days');
  }
  if (values.output === '') return misuse('-o needs a file');
  if (values.exclude && positionals.length === 0) return misuse('--exclude needs the modules to leave out');
  const request: CaptureRequest = {
    events: captureEvents,
    bufferKiB,
    stackTraces: values.stack ?? false,
    modules: { which: values.exclude ? 'except' : 'only', names: positionals },
  };
  const refusal = checkCaptureRequest(request);
  if (refusal !== undefined) {
    const { why, remedy } = explainRefusal(refusal);
    return misuse(`${why} ${remedy}`);
  }
  return { kind: 'record', request, output: values.output, durationMs };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o' },
      exclude: { type: 'boolean' },
      stack: { type: 'boolean' },
      'buffer-size': { type: 'string' },
      duration: { type: 'string' },
      check: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

/** KiB: a plain number, K or M. */
function readSize(text: string): number | undefined {
  const match = /^(\d{1,8})([KM]?)(?:iB|B)?$/i.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (match[2]?.toUpperCase() === 'M' ? 1024 : 1);
}

function readDuration(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)?$/.exec(text);
  if (match === null) return undefined;
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? 's'] ?? 1000;
  const milliseconds = Math.round(Number(match[1]) * unit);
  return milliseconds > 0 && milliseconds <= maxDurationMs ? milliseconds : undefined;
}

function misuse(reason: string): RecordArguments {
  return { kind: 'misuse', reason };
}
