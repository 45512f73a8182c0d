import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashBytes } from '../../../shared/event-table/byte-dictionary.ts';
import { printTime } from '../../../shared/event-table/clock.ts';
import { EventTableBuilder } from '../../../shared/event-table/event-table-builder.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const decode = {
  text: (bytes: Uint8Array) => decoder.decode(bytes),
  callSite: (bytes: Uint8Array) => ({ symbol: decoder.decode(bytes), module: undefined }),
};

interface Row {
  readonly high: number;
  readonly low: number;
  readonly cpu: number;
  readonly pid: number;
  readonly module: string;
  readonly refcount: number;
  readonly buffer: string;
}

const rows: fc.Arbitrary<Row[]> = fc.array(
  fc.record({
    high: fc.integer({ min: 1_795_000_000, max: 1_795_000_050 }),
    low: fc.nat({ max: 999_999_999 }),
    cpu: fc.integer({ min: 0, max: 3000 }),
    pid: fc.nat({ max: 4_194_304 }),
    module: fc.constantFrom('drm', 'vkms', 'tun'),
    refcount: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    buffer: fc.constantFrom('', 'kslite', 'other'),
  }),
  { minLength: 1, maxLength: 1500 },
);

function build(list: readonly Row[]): EventTableBuilder {
  const builder = new EventTableBuilder();
  builder.startClock(list[0]!.high, list[0]!.low, 9);
  list.forEach((row, index) => {
    const name = encoder.encode(row.module);
    const comm = encoder.encode(`c${row.pid % 5}`);
    if (index % 50 === 0) builder.lost.push({ beforeRow: builder.length, cpu: row.cpu, count: index, line: index + 1 });
    builder.append(
      row.high,
      row.low,
      2,
      0,
      row.cpu,
      builder.tasks.intern(comm, 0, comm.length, row.pid, -1),
      builder.modules.intern(name, 0, name.length, hashBytes(name, 0, name.length)),
      -1,
      row.refcount,
      -1,
      index + 1,
      builder.internBuffer(row.buffer),
    );
  });
  return builder;
}

const stampOf = (row: Row) => BigInt(row.high) * 1_000_000_000n + BigInt(row.low);

describe('the builder of an event table', () => {
  it('keeps every row, in order of time, and of two at one time in the order they came', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const table = build(list).finish(decode);
        const expected = list
          .map((row, index) => ({ row, index }))
          .sort((a, b) => Number(stampOf(a.row) - stampOf(b.row)) || a.index - b.index);
        expect(table.length).toBe(list.length);
        expected.forEach(({ row, index }, place) => {
          const stamp = stampOf(row);
          expect(table.line[place]).toBe(index + 1);
          expect(BigInt(table.time[place]!) + table.clock.start).toBe(stamp);
          expect(printTime(table.clock, table.time[place]!)).toBe(`${row.high}.${String(row.low).padStart(9, '0')}`);
          expect(table.cpu[place]).toBe(row.cpu);
          expect(table.tasks[table.task[place]!]).toEqual({ comm: `c${row.pid % 5}`, pid: row.pid, tgid: -1 });
          expect(table.modules[table.module[place]!]).toBe(row.module);
          expect(table.refcount[place]).toBe(row.refcount);
          expect(table.buffers[table.buffer[place]!]).toBe(row.buffer);
        });
        expect(table.time[0]).toBe(0);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('keeps marks of loss before the row that followed them, in order', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const table = build(list).finish(decode);
        for (const mark of table.lost) expect(table.line[mark.beforeRow]).toBe(mark.line);
        const places = table.lost.map((mark) => mark.beforeRow);
        expect(places).toEqual([...places].sort((a, b) => a - b));
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('takes 41 bytes for an event', () => {
    const one = { high: 1, low: 0, cpu: 0, pid: 1, module: 'drm', refcount: 1, buffer: '' };
    const table = build(Array.from({ length: 100_000 }, (_, i) => ({ ...one, low: i }))).finish(decode);
    const bytes = Object.values(table).reduce(
      (sum, column) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0),
      0,
    );
    expect(bytes / table.length).toBe(41);
  });

  it('notices where one CPU of one buffer steps back by more than rounding explains, and where only ticks are counted, at all', () => {
    const row = { high: 5, low: 20_000_000, cpu: 1, pid: 1, module: 'drm', refcount: 1, buffer: '' };
    expect(build([row, { ...row, low: 10_000_000 }]).stepBackLine).toBe(0);
    expect(build([row, { ...row, low: 9_999_999 }]).stepBackLine).toBe(2);
    expect(build([row, { ...row, low: 0, cpu: 2 }, { ...row, low: 0, buffer: 'kslite' }]).stepBackLine).toBe(0);
    const ticks = new EventTableBuilder();
    ticks.startClock(0, 500, 0);
    for (const low of [500, 501, 500]) ticks.append(0, low, 1, 0, 0, 0, 0, -1, 0, -1, low, 0);
    expect(ticks.stepBackLine).toBe(500);
  });

  it('tells a buffer that has no number left', () => {
    const builder = new EventTableBuilder();
    for (let i = 1; i < 256; i++) expect(builder.internBuffer(`b${i}`)).toBe(i);
    expect(builder.internBuffer('one more')).toBe(-1);
    expect(builder.internBuffer('b7')).toBe(7);
  });
});
