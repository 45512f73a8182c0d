import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import type { Analysis } from '../../../shared/analysis/analysis.ts';
import { EventKind } from '../../../shared/event-table/event-table.ts';
import { printPerfetto } from '../../../shared/export/print-perfetto.ts';
import { EVERYTHING, type Selection } from '../../../shared/export/selection.ts';
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

/**
 * The trace, after it was held against the documented format.
 *
 * Source: Trace Event Format: JSON Object Format; Event Descriptions; Instant, Counter, Async and Metadata Events
 */
function validTrace(analysis: Analysis, selection: Selection = EVERYTHING): TraceEvent[] {
  const trace = JSON.parse([...printPerfetto('recording', analysis, selection)].join(''));
  expect(Object.keys(trace).sort()).toEqual(['displayTimeUnit', 'otherData', 'traceEvents']);
  expect(['ms', 'ns']).toContain(trace.displayTimeUnit);
  const begun = new Map<string, TraceEvent>();
  for (const event of trace.traceEvents as TraceEvent[]) {
    expect(typeof event.name).toBe('string');
    expect(Number.isInteger(event.pid) && event.pid >= 0).toBe(true);
    expect(Number.isInteger(event.tid) && event.tid >= 0).toBe(true);
    if (event.ph !== 'M') expect(typeof event.ts === 'number' && event.ts >= 0).toBe(true);
    const key = `${event.pid} ${event.cat} ${event.id}`;
    switch (event.ph) {
      case 'M':
        expect(['process_name', 'thread_name']).toContain(event.name);
        expect(typeof event.args!['name']).toBe('string');
        break;
      case 'i':
        expect(['g', 'p', 't']).toContain(event.s);
        break;
      case 'C':
        for (const value of Object.values(event.args!)) expect(typeof value).toBe('number');
        break;
      case 'b':
        expect(typeof event.id === 'string' && typeof event.cat === 'string').toBe(true);
        expect(begun.has(key)).toBe(false);
        begun.set(key, event);
        break;
      case 'e': {
        const begin = begun.get(key);
        expect(begin?.name).toBe(event.name);
        expect(event.ts!).toBeGreaterThanOrEqual(begin!.ts!);
        begun.delete(key);
        break;
      }
      default:
        throw new Error(`phase ${event.ph} is not one that is written`);
    }
  }
  expect([...begun.keys()]).toEqual([]);
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
