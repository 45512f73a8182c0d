import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rulerTicks } from '../../../shared/view-model/ruler-ticks.ts';
import {
  clampScale,
  panBy,
  reveal,
  type TimeBounds,
  type TimeScale,
  timeBounds,
  timeToX,
  xToTime,
  zoomAt,
} from '../../../shared/view-model/time-scale.ts';

const anyBounds = fc.double({ min: 0, max: 1e15, noNaN: true }).map((end) => timeBounds(end, 1000));

/** A scale within bounds, and a place on it. */
const anyPlace = fc
  .tuple(
    anyBounds,
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.integer({ min: 50, max: 4000 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([bounds, at, part, width, across]) => {
    const whole = bounds.end - bounds.start;
    const span = Math.max(bounds.minSpan, whole * part);
    const from = bounds.start + (whole - span) * at;
    return { bounds, scale: { from, to: from + span, width } as TimeScale, x: width * across };
  });

function keepsTo(scale: TimeScale, bounds: TimeBounds): boolean {
  const slack = (bounds.end - bounds.start) * 1e-9;
  return (
    scale.from >= bounds.start - slack &&
    scale.to <= bounds.end + slack &&
    scale.to - scale.from >= bounds.minSpan * (1 - 1e-9)
  );
}

/** The nanoseconds that doubles lose in a few steps of arithmetic on times of these bounds, or so far beyond them. */
function roundOff(bounds: TimeBounds, beyond = 0): number {
  return 4 * (Math.max(-bounds.start, bounds.end) + beyond) * Number.EPSILON;
}

/** The same in pixels of a scale after a way of so many pixels, and what no eye sees. */
function pixelsApart(scale: TimeScale, bounds: TimeBounds, way: number = scale.width): number {
  const span = scale.to - scale.from;
  const widths = Math.max(1, way / scale.width);
  return 0.005 + (roundOff(bounds, span * widths) / span) * scale.width * widths;
}

describe('time and pixels', () => {
  test('a pixel turned into a time and back is the same pixel', () => {
    fc.assert(
      fc.property(anyPlace, ({ scale, bounds, x }) => {
        expect(Math.abs(timeToX(scale, xToTime(scale, x)) - x)).toBeLessThanOrEqual(pixelsApart(scale, bounds));
      }),
    );
  });

  test('the ends of the window lie on its borders', () => {
    fc.assert(
      fc.property(anyPlace, ({ scale }) => {
        expect(timeToX(scale, scale.from)).toBe(0);
        expect(timeToX(scale, scale.to)).toBe(scale.width);
      }),
    );
  });

  test('zooming keeps the time under the pointer, unless a border of the recording is in the way', () => {
    fc.assert(
      fc.property(anyPlace, fc.double({ min: 0.05, max: 20, noNaN: true }), ({ scale, bounds, x }, factor) => {
        const zoomed = zoomAt(scale, x, factor, bounds);
        expect(keepsTo(zoomed, bounds)).toBe(true);
        const free = zoomed.from > bounds.start && zoomed.to < bounds.end;
        if (free)
          expect(Math.abs(timeToX(zoomed, xToTime(scale, x)) - x)).toBeLessThanOrEqual(pixelsApart(zoomed, bounds));
      }),
    );
  });

  test('panning moves by exactly the pixels of the hand and keeps the span, up to the border', () => {
    fc.assert(
      fc.property(anyPlace, fc.double({ min: -3000, max: 3000, noNaN: true }), ({ scale, bounds }, distance) => {
        const panned = panBy(scale, distance, bounds);
        expect(keepsTo(panned, bounds)).toBe(true);
        const span = scale.to - scale.from;
        const slack = roundOff(bounds, (Math.abs(distance) / scale.width) * span);
        expect(Math.abs(panned.to - panned.from - span)).toBeLessThanOrEqual(slack);
        if (panned.from > bounds.start && panned.to < bounds.end)
          expect(Math.abs(timeToX(panned, scale.from) + distance)).toBeLessThanOrEqual(
            pixelsApart(panned, bounds, Math.abs(distance)),
          );
      }),
    );
  });

  test('any window is brought within the bounds, and one within them is left alone', () => {
    const wild = fc.double({ min: -1e16, max: 1e16, noNaN: true });
    fc.assert(
      fc.property(anyBounds, wild, wild, (bounds, a, b) => {
        const scale = clampScale({ from: Math.min(a, b), to: Math.max(a, b), width: 800 }, bounds);
        expect(keepsTo(scale, bounds)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(anyPlace, ({ scale, bounds }) => {
        const clamped = clampScale(scale, bounds);
        expect(Math.abs(clamped.from - scale.from)).toBeLessThanOrEqual((bounds.end - bounds.start) * 1e-9);
      }),
    );
  });

  test('revealing a time shows it, and does not move a window that shows it already', () => {
    fc.assert(
      fc.property(anyPlace, fc.double({ min: 0, max: 1, noNaN: true }), ({ scale, bounds }, part) => {
        const time = bounds.start + (bounds.end - bounds.start) * part;
        const shown = reveal(scale, time, bounds);
        const slack = (bounds.end - bounds.start) * 1e-9;
        expect(time >= shown.from - slack && time <= shown.to + slack).toBe(true);
        if (time >= scale.from && time <= scale.to) expect(shown).toBe(scale);
      }),
    );
  });
});

describe('the ruler', () => {
  const seconds = { unit: 'nanoseconds', digits: 6, start: 102_001_424_000n } as const;
  const labels = (from: number, to: number) =>
    rulerTicks({ from, to, width: 1000 }, seconds, 100).map(({ label }) => label);

  test('prints round stamps of the recording, with as many digits as the step needs', () => {
    expect(labels(0, 166_874_000)).toEqual([
      '102.02',
      '102.04',
      '102.06',
      '102.08',
      '102.10',
      '102.12',
      '102.14',
      '102.16',
    ]);
    expect(labels(166_872_000, 166_876_000)).toContain('102.1682965');
    expect(labels(0, 30e9)).toEqual(['105', '110', '115', '120', '125', '130']);
  });

  test('prints bare integers where the clock counts ticks', () => {
    const ticks = { unit: 'ticks', digits: 0, start: 2_685_897_898_101n } as const;
    expect(rulerTicks({ from: 0, to: 1000, width: 1000 }, ticks, 200).map(({ label }) => label)).toEqual([
      '2685897898200',
      '2685897898400',
      '2685897898600',
      '2685897898800',
      '2685897899000',
    ]);
  });

  test('marks are in order, at least the spacing apart, and lie where their stamp is', () => {
    const starts = fc.bigInt({ min: 0n, max: 2n ** 62n });
    fc.assert(
      fc.property(anyPlace, starts, ({ scale }, start) => {
        const clock = { unit: 'nanoseconds', digits: 9, start } as const;
        const ticks = rulerTicks(scale, clock, 90);
        for (const [i, { x, label }] of ticks.entries()) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(scale.width);
          if (i > 0) expect(x - ticks[i - 1]!.x).toBeGreaterThan(89.9);
          const [whole, fraction = ''] = label.split('.');
          const stamp = BigInt(whole!) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
          expect(timeToX(scale, Number(stamp - start))).toBeCloseTo(x, 3);
        }
      }),
    );
  });
});
