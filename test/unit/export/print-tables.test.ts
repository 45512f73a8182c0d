import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../../shared/analysis/analyse.ts';
import type { Analysis } from '../../../shared/analysis/analysis.ts';
import { EventKind } from '../../../shared/event-table/event-table.ts';
import { printCsvRecord } from '../../../shared/export/print-csv.ts';
import { printEventsCsv, printEventsJson } from '../../../shared/export/print-events.ts';
import { printHoldsCsv, printHoldsJson } from '../../../shared/export/print-holds.ts';
import { countSelection, EVERYTHING, type Selection } from '../../../shared/view-model/selection.ts';
import { readFixture, recordingOf } from '../../support/read-fixture.ts';

const analyses = new Map(
  [
    'seeds/vkms-held-by-logind.report.txt',
    'comm-names/live/trace_pipe.txt',
    'request/live/trace_pipe.stack.txt',
    'handover/live/trace_pipe.tgid.txt',
    'late-start/live/trace_pipe.txt',
    'storm/live/trace_pipe.slow-reader.txt.gz',
  ].map((path) => [path, analyse(recordingOf(readFixture(`recordings/${path}`)).table)]),
);
const vkms = analyses.get('seeds/vkms-held-by-logind.report.txt')!;

/** Records as RFC 4180 defines them; each is an object by the heading. */
function parseCsv(text: string): Record<string, string>[] {
  const records: string[][] = [[]];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at++;
      while (text[at] !== '"' || text[at + 1] === '"') {
        if (text[at] === '"') at++;
        cell += text[at++];
      }
      at++;
    } else while (at < text.length && text[at] !== ',' && text[at] !== '\r') cell += text[at++];
    records[records.length - 1]!.push(cell);
    if (text[at] === ',') at++;
    else {
      expect(text.slice(at, at + 2)).toBe('\r\n');
      at += 2;
      if (at < text.length) records.push([]);
    }
  }
  const [heading, ...rest] = records as [string[], ...string[][]];
  return rest.map((record) => {
    expect(record).toHaveLength(heading.length);
    return Object.fromEntries(heading.map((name, i) => [name, record[i]!]));
  });
}

const whole = (chunks: Iterable<string>) => [...chunks].join('');
const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, number) => all + number, 0);

/** A selection of a recording by modules, time and a filter. */
function selections({ table }: Analysis): fc.Arbitrary<Selection> {
  const end = table.time[table.length - 1]!;
  const time = fc.oneof(
    fc.constantFrom(-Infinity, Infinity),
    fc.double({ min: -1, max: end + 1, noNaN: true }),
    fc.constantFrom(...table.time),
  );
  const filter = fc.constantFrom('', 'event:get', '-event:get');
  return fc.record({ modules: fc.subarray([...table.modules]), from: time, to: time, filter });
}

describe('events as CSV and JSON', () => {
  test('hold every event once, in order, with all its numbers', () => {
    for (const [path, analysis] of analyses) {
      const { table } = analysis;
      const csv = parseCsv(whole(printEventsCsv(analysis, EVERYTHING)));
      const json = JSON.parse(whole(printEventsJson(path, analysis, EVERYTHING)));
      expect(json).toMatchObject({
        format: 'modshark-events',
        version: 1,
        recording: { name: path, events: table.length },
      });
      expect(csv).toHaveLength(table.length);
      expect(json.events).toHaveLength(table.length);
      for (const events of [csv, json.events as Record<string, unknown>[]]) {
        expect(events.map(({ line }) => Number(line))).toEqual([...table.line]);
        expect(sum(events.map(({ sinceStart }) => Number(sinceStart)))).toBe(sum(table.time));
        const counts = table.refcount.filter(
          (_, row) => table.kind[row] === EventKind.get || table.kind[row] === EventKind.put,
        );
        expect(sum(events.map(({ refcount }) => Number(refcount ?? 0)))).toBe(sum(counts));
      }
    }
  });

  test('say of an event what the recording says', () => {
    const line26 = {
      line: '26',
      time: '102.168297',
      sinceStart: '166873000',
      cpu: '0',
      task: 'systemd-logind',
      pid: '545',
      taskInferred: 'false',
      event: 'get',
      module: 'vkms',
      callSite: 'drm_stub_open',
      refcount: '2',
    };
    expect(parseCsv(whole(printEventsCsv(vkms, EVERYTHING)))[24]).toMatchObject(line26);
    const { events } = JSON.parse(whole(printEventsJson('vkms', vkms, EVERYTHING)));
    expect(events[24]).toMatchObject({ line: 26, time: '102.168297', pid: 545, tgid: null, refcount: 2, taints: null });
    expect(events[0]).toMatchObject({ event: 'load', refcount: null, taints: '', callSite: null });
  });

  test('carry names as they are, and stacks', () => {
    const named = analyses.get('comm-names/live/trace_pipe.txt')!;
    const { events } = JSON.parse(whole(printEventsJson('names', named, EVERYTHING)));
    const csv = parseCsv(whole(printEventsCsv(named, EVERYTHING)));
    for (let row = 0; row < named.table.length; row++) {
      const { comm } = named.table.tasks[named.table.task[row]!]!;
      expect(events[row].task).toBe(comm);
      expect(csv[row]!['task']!.replace(/^'/, '')).toBe(comm.replace(/^'/, ''));
    }
    const stacked = analyses.get('request/live/trace_pipe.stack.txt')!;
    const rows = JSON.parse(whole(printEventsJson('stacks', stacked, EVERYTHING))).events;
    expect(sum(rows.map(({ stack }: { stack: string[] }) => stack.length))).toBe(
      sum(Array.from(stacked.table.stack, (id) => stacked.table.stacks[id]?.length ?? 0)),
    );
  });

  test('keep to a selection by modules, time and filter', () => {
    for (const analysis of analyses.values()) {
      if (analysis.table.length > 1_000) continue;
      const { table } = analysis;
      fc.assert(
        fc.property(selections(analysis), (selection) => {
          const expected = [...table.line].filter((_, row) => {
            const time = table.time[row]!;
            const named =
              selection.modules.length === 0 || selection.modules.includes(table.modules[table.module[row]!]!);
            const isGet = table.kind[row] === EventKind.get;
            const passes = selection.filter === '' || isGet === (selection.filter === 'event:get');
            return named && passes && time >= selection.from && time <= selection.to;
          });
          expect(parseCsv(whole(printEventsCsv(analysis, selection))).map(({ line }) => Number(line))).toEqual(
            expected,
          );
          expect(countSelection(analysis, selection)).toEqual({
            events: expected.length,
            holds: parseCsv(whole(printHoldsCsv(analysis, selection))).length,
          });
        }),
        { numRuns: 50 },
      );
    }
  });
});

describe('holds as CSV and JSON', () => {
  test('hold every hold once, with its start and end', () => {
    for (const [path, analysis] of analyses) {
      const { holds } = analysis;
      const csv = parseCsv(whole(printHoldsCsv(analysis, EVERYTHING)));
      const json = JSON.parse(whole(printHoldsJson(path, analysis, EVERYTHING)));
      expect(json).toMatchObject({ format: 'modshark-holds', version: 1 });
      for (const written of [csv, json.holds as Record<string, unknown>[]]) {
        expect(written.map(({ hold }) => Number(hold))).toEqual(
          Array.from({ length: holds.length }, (_, hold) => hold),
        );
        expect(sum(written.map(({ startSinceStart }) => Number(startSinceStart ?? 0)))).toBe(
          sum(holds.start.filter(Number.isFinite)),
        );
        expect(sum(written.map(({ endSinceStart }) => Number(endSinceStart ?? 0)))).toBe(
          sum(holds.end.filter(Number.isFinite)),
        );
        expect(written.filter(({ open }) => String(open) === 'true')).toHaveLength(
          holds.end.filter((end) => end === Infinity).length,
        );
      }
    }
  });

  test('say who holds vkms since when', () => {
    const { holds } = JSON.parse(whole(printHoldsJson('vkms', vkms, { ...EVERYTHING, modules: ['vkms'] })));
    expect(holds).toEqual([
      expect.objectContaining({
        kind: 'loader',
        holder: 'modprobe',
        pid: 1687,
        start: '102.161679',
        end: '102.163020',
        open: false,
      }),
      expect.objectContaining({
        kind: 'task',
        holder: 'systemd-logind',
        pid: 545,
        callSite: 'drm_stub_open',
        start: '102.168297',
        end: null,
        open: true,
        confidence: 'high',
        getLine: 26,
        putLine: null,
      }),
    ]);
  });

  test('keep to those that a selection sees some part of', () => {
    const { table, holds } = vkms;
    fc.assert(
      fc.property(selections(vkms), (selection) => {
        const expected = Array.from({ length: holds.length }, (_, hold) => hold).filter((hold) => {
          const named =
            selection.modules.length === 0 || selection.modules.includes(table.modules[holds.module[hold]!]!);
          const rows = [holds.startRow[hold]!, holds.endRow[hold]!].filter((row) => row >= 0);
          const passes = rows.some(
            (row) =>
              selection.filter === '' || (table.kind[row] === EventKind.get) === (selection.filter === 'event:get'),
          );
          return (
            named &&
            (passes || rows.length === 0) &&
            holds.start[hold]! <= selection.to &&
            holds.end[hold]! >= selection.from
          );
        });
        expect(parseCsv(whole(printHoldsCsv(vkms, selection))).map(({ hold }) => Number(hold))).toEqual(expected);
      }),
    );
  });
});

describe('a CSV cell', () => {
  test('comes back as it was, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 4 }), (cells) => {
        const heading = printCsvRecord(cells.map((_, i) => `c${i}`));
        const [record] = parseCsv(heading + printCsvRecord(cells));
        const unguarded = Object.values(record!).map((cell, i) => (cell === `'${cells[i]}` ? cells[i] : cell));
        expect(unguarded).toEqual(cells);
      }),
    );
  });

  test('is no formula to a spreadsheet', () => {
    for (const evil of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x","y")', '＝1'])
      expect(printCsvRecord([evil])).toMatch(/^"?'/);
    expect(printCsvRecord([-1, 'systemd-logind', true, undefined])).toBe('-1,systemd-logind,true,\r\n');
  });
});
