import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import type { Analysis } from '../../../shared/analysis/analysis.ts';
import { EventKind } from '../../../shared/event-table/event-table.ts';
import { printPerfetto } from '../../../shared/export/print-perfetto.ts';
import { EVERYTHING, type Selection } from '../../../shared/view-model/selection.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly s?: string;
  readonly id?: string;
  readonly cat?: string;
  readonly args?: Record<string, unknown>;
}

function analysed(path: string): Analysis {
  return analyse(recordingOf(readFixture(`recordings/${path}`)).table);
}

/** The fields of each phase that is written: all of them are the format's, and none is missing. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  M: ['args', 'name', 'ph', 'pid', 'tid'],
  i: ['args', 'cat', 'name', 'ph', 'pid', 's', 'tid', 'ts'],
  C: ['args', 'name', 'ph', 'pid', 'tid', 'ts'],
  b: ['args', 'cat', 'id', 'name', 'ph', 'pid', 'tid', 'ts'],
  e: ['args', 'cat', 'id', 'name', 'ph', 'pid', 'tid', 'ts'],
};

/**
 * The trace, after it was held against the documented format.
 *
 * Source: Trace Event Format: JSON Object Format; Event Descriptions; Instant, Counter, Async and Metadata Events
 */
function validTrace(analysis: Analysis, selection: Selection = EVERYTHING): TraceEvent[] {
  const text = [...printPerfetto('recording', analysis, selection)].join('');
  const trace = JSON.parse(text);
  expect(Object.keys(trace).sort()).toEqual(['displayTimeUnit', 'otherData', 'traceEvents']);
  expect(['ms', 'ns']).toContain(trace.displayTimeUnit);
  for (const about of Object.values(trace.otherData)) expect(typeof about).toBe('string');
  // Microseconds, and no finer than the nanoseconds that Perfetto keeps.
  for (const [, stamp] of text.matchAll(/"ts":([^,}]*)/g)) expect(stamp).toMatch(/^\d+\.\d{3}$/);

  const { clock, time } = analysis.table;
  const stampOf = (at: number) => Number(clock.start + BigInt(Math.round(at))) / 1_000;
  const [first, last] = [stampOf(0), stampOf(time[time.length - 1] ?? 0)];
  const begun = new Map<string, TraceEvent>();
  const ids = new Set<string>();
  const processes = new Map<number, string>();
  const threads = new Set<string>();
  const counted = new Map<number, number>();
  for (const event of trace.traceEvents as TraceEvent[]) {
    const { ph, name, pid, tid, ts = Number.NaN, args = {} } = event;
    expect(Object.keys(event).sort(), ph).toEqual(FIELDS[ph]);
    expect(name).toMatch(/./);
    expect(Number.isSafeInteger(pid) && pid >= 0 && Number.isSafeInteger(tid) && tid >= 0).toBe(true);
    if (ph === 'M') {
      const told = args['name'];
      expect(typeof told === 'string' && told !== '').toBe(true);
      if (name === 'process_name') {
        expect(processes.has(pid)).toBe(false);
        processes.set(pid, told as string);
      } else {
        expect(name).toBe('thread_name');
        threads.add(`${pid} ${tid}`);
      }
      continue;
    }
    // Whatever happens, happens in a process and a track that have a name by then, and while something was recorded.
    expect(processes.has(pid)).toBe(true);
    expect(ts >= first && ts <= last).toBe(true);
    if (ph === 'C') {
      expect(Object.keys(args)).toEqual(['references']);
      expect(Number.isSafeInteger(args['references']) && (args['references'] as number) >= 0).toBe(true);
      // A counter that went back in time would be drawn as one that did not.
      expect(ts).toBeGreaterThanOrEqual(counted.get(pid) ?? 0);
      counted.set(pid, ts);
      continue;
    }
    expect(threads.has(`${pid} ${tid}`)).toBe(true);
    if (ph === 'i') {
      expect(event.s).toBe('t');
      continue;
    }
    // Some readers take an id as one of its process, others as one of the trace: it must do for both.
    expect(event.id).toMatch(/^0x[0-9a-f]+$/);
    const key = `${event.cat} ${event.id}`;
    if (ph === 'b') {
      expect(ids.has(key)).toBe(false);
      ids.add(key);
      begun.set(key, event);
      continue;
    }
    // Each id is used for one slice, which so is nested in none.
    const begin = begun.get(key)!;
    expect([begin.name, begin.pid, begin.tid]).toEqual([name, pid, tid]);
    expect(ts).toBeGreaterThanOrEqual(begin.ts!);
    begun.delete(key);
  }
  expect([...begun.keys()]).toEqual([]);
  expect(new Set(processes.values()).size).toBe(processes.size);
  return trace.traceEvents;
}

const vkms = analysed('seeds/vkms-held-by-logind.report.txt');

describe('a trace for Perfetto', () => {
  test('is in the documented format, with every event and every hold in it, of every sort of recording', () => {
    for (const path of [
      'seeds/vkms-held-by-logind.report.txt',
      'seeds/testmod.trace.txt',
      'comm-names/live/trace_pipe.txt',
      'request/live/trace_pipe.stack.txt',
      'late-start/live/trace_pipe.txt',
      'smp/report/report.raw-ts.txt.gz',
    ]) {
      const analysis = analysed(path);
      const events = validTrace(analysis);
      const ofPhase = (phase: string) => events.filter(({ ph }) => ph === phase).length;
      expect(ofPhase('i')).toBe(analysis.table.length);
      expect(ofPhase('b')).toBe(analysis.holds.length);
      const counted = analysis.table.kind.filter((kind) => kind !== EventKind.request).length;
      expect(ofPhase('C')).toBe(analysis.refcounts === 'absolute' ? counted : 0);
    }
  });

  test('shows a module as a process, with its references, its holders and its events', () => {
    const events = validTrace(vkms, { ...EVERYTHING, modules: ['vkms'] });
    const { pid } = events.find(({ ph, args }) => ph === 'M' && args!['name'] === 'vkms')!;
    expect(events.every((event) => event.pid === pid)).toBe(true);
    expect(events.filter(({ ph }) => ph === 'C').map(({ ts, args }) => [ts, args!['references']])).toEqual([
      [102_161_679, 1],
      [102_163_020, 0],
      [102_168_297, 1],
    ]);
    expect(
      events.filter(({ ph }) => ph === 'b' || ph === 'e').map(({ ph, name, ts }) => `${ph} ${name} ${ts}`),
    ).toEqual([
      'b modprobe-1687 (loading) 102161679',
      'e modprobe-1687 (loading) 102163020',
      'b systemd-logind-545 102168297',
      'e systemd-logind-545 102168298',
    ]);
    expect(events.find(({ ph, name }) => ph === 'e' && name.startsWith('systemd'))!.args).toEqual({ stillOpen: true });
    expect(events.filter(({ ph }) => ph === 'i').map(({ name }) => name)).toEqual([
      'load',
      'put do_init_module',
      'get drm_stub_open',
    ]);
  });

  test('says which holds were there before the recording', () => {
    const late = analysed('late-start/live/trace_pipe.txt');
    const before = late.holds.start.filter((start) => start === -Infinity).length;
    expect(before).toBeGreaterThan(0);
    const marked = validTrace(late).filter(({ ph, args }) => ph === 'b' && args!['fromBefore'] === true);
    expect(marked).toHaveLength(before);
  });

  test('keeps every nanosecond of an epoch', () => {
    const clock = { unit: 'nanoseconds', digits: 9, start: 1_795_321_327_201_133_399n } as const;
    const text = [...printPerfetto('x', { ...vkms, table: { ...vkms.table, clock } }, EVERYTHING)].join('');
    expect(text).toContain('"ts":1795321327201133.399,');
  });
});
