import type { CssPixels } from '../units.ts';
import type { DisplayItem } from './display-list.ts';
import { ABSENT, type TrackPicture } from './recording-view.ts';
import { stretchOf } from './stretch-picture.ts';
import type { TimeScale } from './time-scale.ts';

/** Half of the line's width. */
const HALF: CssPixels = 0.5;

/**
 * A step line with events in most columns of pixels, and the area under it, column by column: from the lowest to the
 * highest value in it, the one it is entered with included. As the line of all events, cut at the pixels.
 */
export function drawDenseSteps(
  items: DisplayItem[],
  picture: TrackPicture,
  scale: TimeScale,
  floor: CssPixels,
  yOf: (references: number) => CssPixels,
): void {
  const { steps } = picture;
  const columns = Math.ceil(scale.width);
  const tops = new Array<CssPixels>(columns).fill(Number.NaN);
  const bottoms = [...tops];
  const levels = [...tops];
  const stretch = stretchOf(picture, scale);

  let level = Number.isNaN(steps.entry) ? ABSENT : steps.entry;
  let next = Math.max(0, Math.floor(stretch(0)));
  const levelTo = (end: number) => {
    if (level !== ABSENT) {
      const y = yOf(level);
      for (let column = next; column < end; column++) {
        tops[column] = y - HALF;
        bottoms[column] = y + HALF;
        levels[column] = y;
      }
    }
    next = Math.max(next, end);
  };
  for (let i = 0; i < steps.x.length; i++) {
    const column = Math.floor(stretch(steps.x[i]!));
    if (column >= columns) break;
    const last = steps.last[i]!;
    // Left of the window there is only the level to be followed.
    if (column >= 0) {
      levelTo(column);
      const [min, max] = extentOf(level, steps.min[i]!, steps.max[i]!, last);
      if (min !== ABSENT) {
        const top = yOf(max) - HALF;
        const bottom = yOf(min) + HALF;
        // Stretched, two columns of the picture may lie in one.
        const another = !Number.isNaN(tops[column]!);
        tops[column] = another ? Math.min(tops[column]!, top) : top;
        bottoms[column] = another ? Math.max(bottoms[column]!, bottom) : bottom;
      }
      levels[column] = last === ABSENT ? Number.NaN : yOf(last);
      next = column + 1;
    }
    level = last;
  }
  levelTo(Math.min(columns, Math.ceil(stretch(picture.width))));

  const floors = new Array<CssPixels>(columns).fill(floor);
  const place = { kind: 'columns', x: 0, y: 0 } as const;
  items.push({ ...place, tops: levels, bottoms: floors, colour: 'step-area', opacity: 0.25 });
  items.push({ ...place, tops, bottoms, colour: 'step-line' });
}

/** Lowest and highest of what a column is entered with and what happens in it; both ABSENT where the module never is. */
function extentOf(level: number, min: number, max: number, last: number): readonly [number, number] {
  let low = min;
  let high = max;
  if (level !== ABSENT) {
    low = low === ABSENT ? level : Math.min(low, level);
    high = high === ABSENT ? level : Math.max(high, level);
  }
  // The line goes down where the module leaves.
  return [last === ABSENT && low !== ABSENT ? Math.min(low, 0) : low, high];
}
