import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOutcome } from '../../support/digest-recording.ts';
import { listEvents } from '../../support/list-events.ts';
import { readText, recordingOf } from '../../support/read-fixture.ts';

/** What a kernel knows of an event before it prints it. */
interface Happening {
  readonly comm: string;
  readonly pid: number;
  readonly tgid: number;
  readonly cpu: number;
  readonly microseconds: number;
  readonly event: ModuleEvent;
}

type ModuleEvent =
  | { readonly kind: 'get' | 'put'; readonly module: string; readonly site: string; readonly refcount: number }
  | { readonly kind: 'load'; readonly module: string; readonly taints: string }
  | { readonly kind: 'free'; readonly module: string }
  | { readonly kind: 'request'; readonly alias: string; readonly waits: boolean; readonly site: string };

const nasty = [
  'a',
  'modprobe',
  ' ',
  '-',
  '-1',
  '[001]',
  ' [000] ',
  '1.5:',
  ': ',
  'module_get:',
  '=>',
  '#',
  '(12)',
  '\t',
  '\u001b[m',
  'é',
  '<...',
  '...1.',
  ' 1: ',
  'CPU:1',
  'cpus=2',
  'type: 3',
  '\r',
  '"',
  '\\',
  '\n',
];
const comms = fc
  .array(fc.constantFrom(...nasty), { maxLength: 6 })
  .map((parts) => Buffer.from(parts.join('')).subarray(0, 15).toString('utf8').replaceAll('\ufffd', ''))
  .map((comm) => comm.trimStart().replace(/^[\r\t]/, ''))
  .filter((comm) => !/^[ \t]/.test(comm) && comm !== '<...>');
const moduleNames = fc
  .array(fc.constantFrom('drm', 'vkms', '_', ' ', '[x]', ':', 'na:me', '-1 [000] 1.2: ', 'refcnt=', 'call_site', 'é'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join('').trim())
  .filter((name) => name !== '' && Buffer.byteLength(name) <= 55 && !/ refcnt=| call_site=/.test(name));
const symbols = fc.constantFrom(
  '__fput',
  'drm_stub_open',
  'blkdev_get_by_dev.part.0',
  '0xffffffffc02a9c0d',
  'f+0x1/0x2',
);
const sites = fc
  .tuple(symbols, fc.option(fc.constantFrom('drm', 'nasty na:me [x]', 'a_b')))
  .map(([symbol, module]) => (module === null ? symbol : `${symbol} [${module}]`));
const moduleEvents: fc.Arbitrary<ModuleEvent> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('get' as const, 'put' as const),
    module: moduleNames,
    site: sites,
    refcount: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  }),
  fc.record({
    kind: fc.constant('load' as const),
    module: moduleNames,
    taints: fc.constantFrom('', 'E', 'OE', 'POE', 'O0x8000'),
  }),
  fc.record({ kind: fc.constant('free' as const), module: moduleNames }),
  fc.record({ kind: fc.constant('request' as const), alias: moduleNames, waits: fc.boolean(), site: sites }),
);
const happenings: fc.Arbitrary<Happening[]> = fc
  .array(
    fc.record({
      comm: comms,
      pid: fc.integer({ min: 0, max: 4_194_304 }),
      tgid: fc.integer({ min: -1, max: 4_194_304 }),
      cpu: fc.integer({ min: 0, max: 600 }),
      microseconds: fc.nat({ max: 3_000_000_000 }),
      event: moduleEvents,
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) => {
    let now = 1_000_000;
    return list.map((happening) => {
      now += happening.microseconds;
      return { ...happening, microseconds: now };
    });
  });

interface Dialect {
  readonly line: (happening: Happening) => string;
  /** What of a happening this dialect cannot carry. */
  readonly keeps: (happening: Happening) => Happening;
}

const same = (happening: Happening) => happening;
const withoutTgid = (happening: Happening) => ({ ...happening, tgid: -1 });
const cut = (happening: Happening) => ({
  ...withoutTgid(happening),
  comm: cutComm(happening.comm),
});

/** The formats as the kernel, trace-cmd and perf have them in their sources. */
const dialects: Readonly<Record<string, Dialect>> = {
  'trace_pipe, no flags': { line: (h) => `${task(h)} ${cpu(h)} ${seconds(h)}: ${fields(h.event)}`, keeps: withoutTgid },
  'trace_pipe, 4 flags': {
    line: (h) => `${task(h)} ${cpu(h)} d..1 ${seconds(h)}: ${fields(h.event)}`,
    keeps: withoutTgid,
  },
  'trace_pipe, 5 flags': {
    line: (h) => `${task(h)} ${cpu(h)} ...1. ${seconds(h)}: ${fields(h.event)}`,
    keeps: withoutTgid,
  },
  'trace_pipe, RT, tgid': {
    line: (h) => `${task(h)} ${tgid(h)} ${cpu(h)} bn..113 ${seconds(h)}: ${fields(h.event)}`,
    keeps: same,
  },
  'latency-format': {
    line: (h) =>
      `${latencyTask(h)} ${String(h.cpu).padStart(3)}...1. ${String(h.microseconds).padStart(4)}us+: ${fields(h.event)}`,
    keeps: cut,
  },
  'trace-cmd report': {
    line: (h) =>
      `${task(h, 5)} ${cpu(h)} ${seconds(h, 6)}: ${`module_${h.event.kind}:`.padEnd(21)} ${fields(h.event).replace(/^\S+ /, '')}`,
    keeps: withoutTgid,
  },
  'trace-cmd report --ts-diff of 3.3': {
    line: (h) => `${task(h, 5)} ${cpu(h)} d..2. ${seconds(h, 6)}: (+17)    ${fields(h.event)}`,
    keeps: withoutTgid,
  },
  'perf script': {
    line: (h) =>
      `${h.comm.padStart(16 - extraBytes(h.comm))} ${String(h.pid).padStart(7)} ${cpu(h)} ${seconds(h)}:    module:${fields(h.event)}`,
    keeps: withoutTgid,
  },
};

function extraBytes(text: string): number {
  return Buffer.byteLength(text) - text.length;
}
function task(h: Happening, pidWidth = 7): string {
  return `${h.comm.padStart(16 - extraBytes(h.comm))}-${String(h.pid).padEnd(pidWidth)}`;
}
function latencyTask(h: Happening): string {
  const comm = cutComm(h.comm);
  return `${comm.padStart(8 - extraBytes(comm))}-${String(h.pid).padEnd(7)}`;
}
/** Eight bytes of it; a character that would be cut in two is left out. */
function cutComm(comm: string): string {
  return Buffer.from(comm).subarray(0, 8).toString('utf8').replaceAll('\ufffd', '');
}
function tgid(h: Happening): string {
  return h.tgid < 0 ? '(-------)' : `(${String(h.tgid).padStart(7)})`;
}
function cpu(h: Happening): string {
  return `[${String(h.cpu).padStart(3, '0')}]`;
}
function seconds(h: Happening, width = 5): string {
  return `${String(Math.floor(h.microseconds / 1e6)).padStart(width)}.${String(h.microseconds % 1e6).padStart(6, '0')}`;
}
function fields(event: ModuleEvent): string {
  switch (event.kind) {
    case 'load':
      return `module_load: ${event.module} ${event.taints}`;
    case 'free':
      return `module_free: ${event.module}`;
    case 'request':
      return `module_request: ${event.alias} wait=${event.waits ? 1 : 0} call_site=${event.site}`;
    default:
      return `module_${event.kind}: ${event.module} call_site=${event.site} refcnt=${event.refcount}`;
  }
}

/** As `listEvents` would tell it. */
function told(h: Happening): string {
  const who = `${h.comm}-${h.pid}${h.tgid < 0 ? '' : `(${h.tgid})`}`;
  const start = `${seconds(h, 0)} cpu ${h.cpu} ${who} ${h.event.kind}`;
  switch (h.event.kind) {
    case 'load':
      return `${start} ${h.event.module}${h.event.taints === '' ? '' : ` "${h.event.taints}"`}`;
    case 'free':
      return `${start} ${h.event.module}`;
    case 'request':
      return `${start} "${h.event.alias}" via ${h.event.site}${h.event.waits ? ' waits' : ''}`;
    default:
      return `${start} ${h.event.module} via ${h.event.site} → ${h.event.refcount}`;
  }
}

describe('what is printed is read back', () => {
  it.each(Object.entries(dialects))(
    '%s',
    (_, dialect) => {
      fc.assert(
        fc.property(happenings, (list) => {
          const text = `${list.map(dialect.line).join('\n')}\n`;
          const outcome = readText(text);
          const recording = recordingOf(outcome);
          expect(listEvents(recording.table)).toEqual(list.map((h) => told(dialect.keeps(h))));
          expect(recording.lines.rejected).toBe(0);
          expect(recording.lines.events).toBe(recording.lines.total);
          expect(digestOutcome(readText(text, { exactOnly: true }))).toBe(digestOutcome(outcome));
          expect(digestOutcome(readText(text, { chunkBytes: 5 }))).toBe(digestOutcome(outcome));
        }),
        { numRuns: 400, seed: 20_260_101 },
      );
    },
    60_000,
  );
});
