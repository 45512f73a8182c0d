import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followedSpan, windowUpTo } from '../../../shared/view-model/follow-window.ts';
import { timeBounds } from '../../../shared/view-model/time-scale.ts';

const SECOND = 1e9;

describe('a window that follows the latest event', () => {
  test('shows everything until there is more than it is to show, and then lets the start go', () => {
    const span = 30 * SECOND;
    const short = timeBounds(10 * SECOND, 1000);
    expect(windowUpTo(10 * SECOND, span, short)).toEqual({ from: short.start, to: short.end });
    const long = timeBounds(100 * SECOND, 1000);
    const { from, to } = windowUpTo(100 * SECOND, span, long);
    expect(to - from).toBeCloseTo(span);
    expect(to).toBeGreaterThan(100 * SECOND);
    expect(to).toBeLessThan(103 * SECOND);
  });

  test('never leaves the bounds, has the latest event in it, and goes on with the span that it has', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e15, noNaN: true }),
        fc.double({ min: 1000, max: 1e15, noNaN: true }),
        (end, span) => {
          const bounds = timeBounds(end, 1000);
          const window = windowUpTo(end, span, bounds);
          expect(window.from).toBeGreaterThanOrEqual(bounds.start);
          expect(window.to).toBeLessThanOrEqual(bounds.end);
          expect(window.to).toBeGreaterThanOrEqual(end);
          const followed = followedSpan(window, end, bounds);
          const again = windowUpTo(end, followed!, bounds);
          expect(again.from).toBeCloseTo(window.from, -3);
          expect(again.to).toBeCloseTo(window.to, -3);
        },
      ),
    );
  });

  test('is not one that somebody has moved back from the latest event', () => {
    const bounds = timeBounds(100 * SECOND, 1000);
    expect(followedSpan({ from: 0, to: 99 * SECOND }, 100 * SECOND, bounds)).toBeUndefined();
    expect(followedSpan({ from: 80 * SECOND, to: 101 * SECOND }, 100 * SECOND, bounds)).toBe(21 * SECOND);
    expect(followedSpan({ from: bounds.start, to: bounds.end }, 100 * SECOND, bounds)).toBe(Number.POSITIVE_INFINITY);
  });
});
