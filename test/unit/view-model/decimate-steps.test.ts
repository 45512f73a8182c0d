import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimateSteps } from '../../../shared/view-model/decimate-steps.ts';
import { makeDetail } from '../../../shared/view-model/make-detail.ts';
import { ABSENT } from '../../../shared/view-model/recording-view.ts';
import {
  buildSeries,
  countedHolds,
  extentOfEvents,
  printedReferences,
} from '../../../shared/view-model/reference-series.ts';
import { xToTime } from '../../../shared/view-model/time-scale.ts';
import { makeHolds } from '../../support/make-holds.ts';
import { makeTable } from '../../support/make-table.ts';

/** A series whose module comes and goes, with events at times that repeat and leave gaps. */
const anySeries = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1000 })),
      fc.oneof(fc.constant(ABSENT), fc.integer({ min: -1, max: 40 })),
    ),
    {
      minLength: 1,
      maxLength: 5000,
      size: 'max',
    },
  )
  .map((steps) => {
    let now = 0;
    const time = Float64Array.from(steps, ([gap]) => (now += gap));
    return {
      time,
      series: buildSeries(
        Int32Array.from(steps.keys()),
        Int32Array.from(steps, ([, value]) => value),
      ),
    };
  });

const part = fc.double({ min: 0, max: 1, noNaN: true });

function extent(values: readonly number[]) {
  const there = values.filter((value) => value !== ABSENT);
  return there.length === 0 ? { min: ABSENT, max: ABSENT } : { min: Math.min(...there), max: Math.max(...there) };
}

describe('the refcount line in columns of pixels', () => {
  test('the pyramid answers any range like a plain loop over its events', () => {
    fc.assert(
      fc.property(anySeries, part, part, ({ series }, a, b) => {
        const [from, to] = [a, b].sort((x, y) => x - y).map((p) => Math.round(p * series.values.length)) as [
          number,
          number,
        ];
        expect(extentOfEvents(series, from, to)).toEqual(extent([...series.values.slice(from, to)]));
      }),
    );
  });

  test('lowest, highest and last of every column are those of its events, at any zoom', () => {
    fc.assert(
      fc.property(anySeries, part, part, fc.integer({ min: 1, max: 300 }), ({ time, series }, a, b, width) => {
        const end = time[time.length - 1]! + 10;
        const from = Math.min(a, b) * end;
        const scale = { from, to: from + Math.max(1, Math.abs(a - b) * end), width };
        const steps = decimateSteps(series, time, scale);

        const before = series.values[time.findLastIndex((t) => t < scale.from)] ?? ABSENT;
        expect(steps.entry).toBe(before === ABSENT ? Number.NaN : before);
        const visible = [...time.keys()].filter((i) => time[i]! >= scale.from && time[i]! <= scale.to);
        if (visible.length <= width) {
          expect([...steps.row]).toEqual(visible);
          expect([...steps.last]).toEqual(visible.map((i) => series.values[i]));
          return;
        }
        const columnOf = (i: number) => {
          let column = 0;
          while (column < width - 1 && time[i]! >= xToTime(scale, column + 1)) column++;
          return column;
        };
        const columns = new Map<number, number[]>();
        for (const i of visible) columns.set(columnOf(i), [...(columns.get(columnOf(i)) ?? []), i]);
        expect(steps.x.length).toBe(columns.size);
        for (const [at, rows] of [...columns.values()].entries()) {
          const wanted = extent(rows.map((i) => series.values[i]!));
          expect({ min: steps.min[at], max: steps.max[at] }).toEqual(wanted);
          expect(steps.last[at]).toBe(series.values[rows.at(-1)!]);
          expect(steps.row[at]).toBe(rows.at(-1));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a line of many events has no more entries than pixels, and a spike of one event is in it', () => {
    const values = new Int32Array(1_000_000).fill(3);
    values[654_321] = 900;
    const rows = Int32Array.from(values.keys());
    const time = Float64Array.from(rows, (row) => row * 10);
    const steps = decimateSteps(buildSeries(rows, values), time, { from: 0, to: 1e7, width: 1200 });
    expect(steps.x.length).toBe(1200);
    expect(Math.max(...steps.max)).toBe(900);
    expect(steps.last[1199]).toBe(3);
  });
});

describe('what the line counts', () => {
  const table = makeTable(`
    0   modprobe-7 load vkms
    10  modprobe-7 put vkms do_init_module 1
    20  logind-5   get vkms drm_stub_open 2
    30  logind-5   put vkms __fput 1
    40  rmmod-9    free vkms
    50  modprobe-7 load vkms
  `);
  const rows = Int32Array.from([0, 1, 2, 3, 4, 5]);

  test('is what lsmod says: the printed number without the kernel’s own reference, and nothing after a free', () => {
    expect([...printedReferences(table, rows)]).toEqual([1, 0, 1, 0, ABSENT, 1]);
  });

  test('is the holds known to be open where a kernel prints the number of one CPU', () => {
    const holds = makeHolds([{ end: 40 }, { start: 0, end: 10 }, { start: 20, end: 30 }, { start: 50 }]);
    expect([...countedHolds(table, holds, rows, Int32Array.from([0, 1, 2, 3]))]).toEqual([2, 1, 2, 1, ABSENT, 1]);
  });
});

describe('the detail chart', () => {
  test('starts and ends at the window’s borders, keeps to its points, and has gaps where the module is absent', () => {
    const rows = Int32Array.from([0, 1, 2]);
    const series = buildSeries(rows, Int32Array.from([4, ABSENT, 2]));
    const points = makeDetail(series, Float64Array.from([100, 200, 300]), 50, 400, 500);
    expect(points.map(({ time, last }) => [Math.round(time), last])).toEqual([
      [50, Number.NaN],
      [100, 4],
      [200, Number.NaN],
      [300, 2],
      [400, 2],
    ]);
    fc.assert(
      fc.property(anySeries, fc.integer({ min: 10, max: 500 }), ({ series, time }, most) => {
        expect(makeDetail(series, time, 0, time[time.length - 1]! + 1, most).length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
