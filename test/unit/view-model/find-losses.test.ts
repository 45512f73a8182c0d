import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLosses, pictureLosses } from '../../../shared/view-model/find-losses.ts';
import { makeTable } from '../../support/make-table.ts';

describe('lost events', () => {
  test('lie between the events of their CPU before and after the mark', () => {
    const table = makeTable(`
      0   cat-1 get ext4 open 2 cpu0
      10  cat-1 get ext4 open 3 cpu1
      20  cat-1 get ext4 open 4 cpu0
      lost 7 cpu1
      30  cat-1 get ext4 open 5 cpu0
      40  cat-1 get ext4 open 6 cpu1
    `);
    expect(findLosses(table)).toEqual([{ from: 10, to: 40, count: 7 }]);
  });

  test('reach to the ends of the recording where their CPU shows nothing else', () => {
    const table = makeTable(`
      0   cat-1 get ext4 open 2 cpu0
      lost 7 cpu3
      30  cat-1 get ext4 open 5 cpu0
      lost -1
    `);
    expect(findLosses(table)).toEqual([
      { from: 0, to: 30, count: 7 },
      { from: 30, to: 30, count: 0 },
    ]);
  });

  test('are seen at every zoom, and those that touch are drawn as one with their sum', () => {
    const losses = Array.from({ length: 1000 }, (_, i) => ({ from: i * 10, to: i * 10 + 1, count: 2 }));
    const far = pictureLosses(losses, { from: 0, to: 1e9, width: 1000 });
    expect(far).toEqual([{ x0: 0, x1: expect.closeTo(1.01, 2), count: 2000 }]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 1, max: 1e9 }), (from, span) => {
        const scale = { from, to: from + span, width: 1000 };
        const inView = losses.filter((loss) => loss.to >= from && loss.from <= from + span);
        const pictures = pictureLosses(losses, scale);
        expect(pictures.reduce((sum, { count }) => sum + count, 0)).toBe(inView.length * 2);
        for (const { x0, x1 } of pictures) expect(x1 - x0).toBeGreaterThanOrEqual(0.9999);
      }),
    );
  });
});
