import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Columns, DisplayItem } from '../../../shared/view-model/display-list.ts';
import { drawDenseSteps } from '../../../shared/view-model/draw-dense-steps.ts';
import { printColumns } from '../../../shared/view-model/print-columns.ts';
import { ABSENT, type TrackPicture } from '../../../shared/view-model/recording-view.ts';

const WIDTH = 12;
const FLOOR = 100;
const yOf = (references: number) => FLOOR - references;

interface Entry {
  readonly x: number;
  readonly min: number;
  readonly max: number;
  readonly last: number;
}

function pictureOf(entries: readonly Entry[], entry: number): TrackPicture {
  const column = (name: 'min' | 'max' | 'last') => Int32Array.from(entries, (one) => one[name]);
  return {
    module: 'vkms',
    from: 0,
    to: WIDTH,
    width: WIDTH,
    steps: {
      x: Float32Array.from(entries, ({ x }) => x),
      min: column('min'),
      max: column('max'),
      last: column('last'),
      row: Int32Array.from(entries.keys()),
      entry: entry === ABSENT ? Number.NaN : entry,
    },
    maxReferences: 9,
    spans: [],
    lanes: 0,
    hiddenHolds: 0,
    lost: [],
  };
}

function draw(entries: readonly Entry[], entry: number, scale = { from: 0, to: WIDTH, width: WIDTH }) {
  const items: DisplayItem[] = [];
  drawDenseSteps(items, pictureOf(entries, entry), scale, FLOOR, yOf);
  const [area, line] = items as [Columns, Columns];
  return { area, line };
}

/** The references that a bar of the line covers. */
const covered = ({ tops, bottoms }: Columns, column: number) =>
  Number.isNaN(tops[column]!) ? undefined : [FLOOR - bottoms[column]! + 0.5, FLOOR - tops[column]! - 0.5];

const references = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }) }, fc.constant(ABSENT));
const entryAt = (x: number) =>
  fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), references).map(([a, b, last]): Entry => {
    const values = last === ABSENT ? [a, b] : [a, b, last];
    return { x, min: Math.min(...values), max: Math.max(...values), last };
  });
const entries = fc
  .subarray(Array.from({ length: WIDTH }, (_, column) => column + 0.5))
  .chain((places) => fc.tuple(...places.map(entryAt)));

describe('a step line drawn by columns', () => {
  test('covers in each column what it is entered with and all that happens in it, and nothing else', () => {
    fc.assert(
      fc.property(entries, references, (given, entry) => {
        const { line, area } = draw(given, entry);
        let level = entry;
        for (let column = 0; column < WIDTH; column++) {
          const here = given.find(({ x }) => Math.floor(x) === column);
          const values = [
            ...(level === ABSENT ? [] : [level]),
            ...(here === undefined ? [] : [here.min, here.max]),
            // Where the module leaves, the line goes down.
            ...(here?.last === ABSENT ? [0] : []),
          ];
          level = here?.last ?? level;
          const wanted = values.length === 0 ? undefined : [Math.min(...values), Math.max(...values)];
          expect(covered(line, column)).toEqual(wanted);
          expect(area.tops[column]).toBe(level === ABSENT ? Number.NaN : yOf(level));
        }
      }),
    );
  });

  test('of an older window is moved: what has left on the left is where it is entered with, the right is still empty', () => {
    const busy = Array.from({ length: WIDTH }, (_, i): Entry => ({ x: i + 0.5, min: i, max: i, last: i }));
    const { line } = draw(busy, 0, { from: 4, to: WIDTH + 4, width: WIDTH });
    expect(covered(line, 0)).toEqual([3, 4]);
    expect(covered(line, 7)).toEqual([10, 11]);
    expect(covered(line, 8)).toBeUndefined();
  });

  test('of a window twice as long shows both columns that fall into one', () => {
    const busy = Array.from({ length: WIDTH }, (_, i): Entry => ({ x: i + 0.5, min: i, max: i, last: i }));
    const { line } = draw(busy, 0, { from: 0, to: 2 * WIDTH, width: WIDTH });
    expect(covered(line, 2)).toEqual([3, 5]);
    expect(covered(line, 6)).toBeUndefined();
  });
});

test('columns become a path with one rectangle for neighbours of the same height, and none where there is nothing', () => {
  const item: Columns = {
    kind: 'columns',
    x: 2,
    y: 10,
    tops: [1, 1, Number.NaN, 4],
    bottoms: [3, 3, 9, 9],
    colour: 'step-line',
  };
  expect(printColumns(item, String)).toBe('M2 11h2V13h-2zM5 14h1V19h-1z');
});
