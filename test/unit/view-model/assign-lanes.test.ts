import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HoldTable } from '../../../shared/analysis/hold-table.ts';
import { assignLanes, countHidden, LANE_LIMIT } from '../../../shared/view-model/assign-lanes.ts';
import { pictureSpans } from '../../../shared/view-model/picture-spans.ts';
import type { SpanPicture } from '../../../shared/view-model/recording-view.ts';
import type { TimeScale } from '../../../shared/view-model/time-scale.ts';
import { makeHolds, type ShortHold } from '../../support/make-holds.ts';
import { makeTable } from '../../support/make-table.ts';

const END = 10_000;
const noEvents = makeTable('');
const all = (holds: HoldTable) => Int32Array.from({ length: holds.length }, (_, hold) => hold);
const lanesOf = (holds: HoldTable) => assignLanes(holds, all(holds), END);
const spansOf = (holds: HoldTable, scale: TimeScale, maxLanes = LANE_LIMIT) =>
  pictureSpans(noEvents, holds, lanesOf(holds), scale, maxLanes);

const anyHold: fc.Arbitrary<ShortHold> = fc
  .record({
    start: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 0, max: END }) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    length: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 9, arbitrary: fc.integer({ min: 0, max: 60 }) },
      { weight: 3, arbitrary: fc.integer({ min: 0, max: END }) },
    ),
    transient: fc.boolean(),
  })
  .map(({ start, length, transient }) => ({
    ...(start === undefined ? {} : { start }),
    ...(length === undefined ? {} : { end: Math.min(END, (start ?? 0) + length) }),
    transient,
  }));
const anyHolds = fc.array(anyHold, { maxLength: 400, size: 'max' }).map(makeHolds);
const anyScale = fc
  .tuple(fc.integer({ min: 0, max: END }), fc.integer({ min: 20, max: END }), fc.integer({ min: 20, max: 600 }))
  .map(([from, span, width]): TimeScale => ({ from, to: from + span, width }));

describe('lanes', () => {
  test('no two holds of a lane overlap, each hold that is not transient has one lane or is left over', () => {
    fc.assert(
      fc.property(anyHolds, (holds) => {
        const { lanes, left } = lanesOf(holds);
        for (const lane of lanes)
          for (let i = 1; i < lane.length; i++)
            expect(holds.end[lane[i - 1]!]).toBeLessThanOrEqual(holds.start[lane[i]!]!);
        const placed = lanes.flatMap((lane) => [...lane]);
        expect(new Set(placed).size).toBe(placed.length);
        expect(placed.length + left.starts.length).toBe([...holds.transient].filter((flag) => flag === 0).length);
        expect(placed.every((hold) => holds.transient[hold] === 0)).toBe(true);
      }),
    );
  });

  test('a hold that never ended is not driven away by a storm of short ones', () => {
    const storm = Array.from({ length: 5000 }, (_, i) => ({ start: i, end: i + 500 }));
    const holds = makeHolds([...storm, { start: 4000, holder: 'logind-5' }]);
    const { lanes } = lanesOf(holds);
    const open = [...all(holds)].find((hold) => holds.end[hold] === Number.POSITIVE_INFINITY)!;
    expect(lanes[0]!.includes(open)).toBe(true);
  });

  test('short holds fill the room beside long ones instead of taking a lane of their own', () => {
    expect(lanesOf(makeHolds([{ start: 9000 }, { start: 0, end: 5 }, { start: 10, end: 20 }])).lanes.length).toBe(1);
  });
});

describe('spans', () => {
  const key = ({ hold, lane }: SpanPicture) => `${hold}@${lane}`;

  test('a hold keeps its lane wherever the window stands', () => {
    fc.assert(
      fc.property(anyHolds, anyScale, anyScale, (holds, one, other) => {
        const lanes = new Map(
          spansOf(holds, one)
            .filter(({ hold }) => hold >= 0)
            .map((span) => [span.hold, span.lane]),
        );
        for (const { hold, lane } of spansOf(holds, other)) if (lanes.has(hold)) expect(lane).toBe(lanes.get(hold));
      }),
    );
  });

  test('every hold in view is drawn, alone or counted in a block, or told as hidden', () => {
    fc.assert(
      fc.property(anyHolds, anyScale, fc.integer({ min: 1, max: 6 }), (holds, scale, maxLanes) => {
        const inView = [...all(holds)].filter(
          (hold) => holds.transient[hold] === 0 && holds.start[hold]! <= scale.to && holds.end[hold]! >= scale.from,
        );
        const spans = spansOf(holds, scale, maxLanes);
        const drawn = spans.reduce((sum, { count }) => sum + count, 0);
        expect(drawn + countHidden(holds, lanesOf(holds), scale.from, scale.to, maxLanes)).toBe(inView.length);
        expect(new Set(spans.filter(({ hold }) => hold >= 0).map(key)).size).toBe(
          spans.filter(({ hold }) => hold >= 0).length,
        );
      }),
    );
  });

  test('only holds too thin to point at are put into blocks, and no span is thinner than a pixel', () => {
    fc.assert(
      fc.property(anyHolds, anyScale, (holds, scale) => {
        const pixel = (scale.to - scale.from) / scale.width;
        const spans = spansOf(holds, scale);
        for (const span of spans) expect(span.x1 - span.x0).toBeGreaterThanOrEqual(0.999);
        const alone = new Set(spans.map(({ hold }) => hold));
        for (const lane of lanesOf(holds).lanes)
          for (const hold of lane) {
            const inView = holds.start[hold]! <= scale.to && holds.end[hold]! >= scale.from;
            const wide = holds.end[hold]! - holds.start[hold]! > 2 * pixel * 1.001;
            if (inView && wide) expect(alone.has(hold)).toBe(true);
          }
      }),
    );
  });

  test('a storm of a hundred thousand holds is at most a span per pixel and lane', () => {
    const holds = makeHolds(Array.from({ length: 100_000 }, (_, i) => ({ start: i / 10, end: i / 10 + 0.05 })));
    const spans = spansOf(holds, { from: 0, to: END, width: 1000 });
    expect(spans.length).toBeLessThanOrEqual(1000);
    expect(spans.reduce((sum, { count }) => sum + count, 0)).toBe(100_000);
    expect(spansOf(holds, { from: 500, to: 501, width: 1000 }).length).toBe(11);
  });

  test('a span says whether it goes on beyond the window, and whose it is', () => {
    const holds = makeHolds([
      { end: 50, holder: 'Xorg-9' },
      { start: 20, holder: 'systemd-logind-545' },
    ]);
    expect(
      spansOf(holds, { from: 0, to: 100, width: 100 }).map(({ label, x0, x1, opensBefore, staysOpen }) => ({
        label,
        x0,
        x1,
        opensBefore,
        staysOpen,
      })),
    ).toEqual([
      { label: 'systemd-logind-545', x0: 20, x1: 200, opensBefore: false, staysOpen: true },
      { label: 'Xorg-9', x0: -100, x1: 50, opensBefore: true, staysOpen: false },
    ]);
  });
});
