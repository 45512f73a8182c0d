import type { CssPixels } from '../units.ts';
import type { DisplayItem } from './display-list.ts';
import type { TrackScene } from './draw-tracks.ts';
import { STEP_HEIGHT } from './layout-tracks.ts';
import { ABSENT, type TrackPicture } from './recording-view.ts';
import { stretchOf } from './stretch-picture.ts';

const TOP = 14;
const BOTTOM = 5;
const FONT = 10;

/**
 * The refcount of one track as a step line with its area, and what its scale counts.
 *
 * In a column of many events the line goes from where it was to the lowest, the highest and then the last value: at
 * most three vertices a pixel, and no spike is lost. The line is broken where the module is absent.
 */
export function drawSteps(items: DisplayItem[], picture: TrackPicture, scene: TrackScene, y: CssPixels): void {
  const { width } = scene.scale;
  const floor = y + STEP_HEIGHT - BOTTOM;
  const unit = (STEP_HEIGHT - TOP - BOTTOM) / Math.max(1, picture.maxReferences);
  // A module that is being unloaded prints one below its base for an instant.
  const yOf = (references: number) => Math.min(floor - references * unit, y + STEP_HEIGHT - 2);

  for (const points of linesOf(picture, scene, yOf)) {
    const first = points[0]!;
    const last = points[points.length - 2]!;
    items.push({ kind: 'polygon', points: [first, floor, ...points, last, floor], colour: 'step-area', opacity: 0.25 });
    items.push({ kind: 'polyline', points, colour: 'step-line', lineWidth: 1.5 });
  }

  items.push(caption(4, y + 8, scaleText(picture.maxReferences, scene.refcounts), 'left'));
  if (picture.hiddenHolds > 0)
    items.push(caption(width - 4, y + 8, `${countOf(picture.hiddenHolds, 'more hold')} without a lane`, 'right'));
}

function linesOf(picture: TrackPicture, scene: TrackScene, yOf: (references: number) => CssPixels): number[][] {
  const { steps } = picture;
  const stretch = stretchOf(picture, scene.scale);
  const lines: number[][] = [];
  let line: number[] = [];
  let level = Number.isNaN(steps.entry) ? ABSENT : steps.entry;
  if (level !== ABSENT) line.push(stretch(0), yOf(level));
  for (let i = 0; i < steps.x.length; i++) {
    const min = steps.min[i]!;
    if (min === ABSENT && level === ABSENT) continue;
    const x = stretch(steps.x[i]!);
    if (level !== ABSENT) line.push(x, yOf(level));
    const last = steps.last[i]!;
    if (min !== ABSENT) {
      const max = steps.max[i]!;
      if (min !== last && min !== level) line.push(x, yOf(min));
      if (max !== last && max !== level) line.push(x, yOf(max));
      if (last !== ABSENT) line.push(x, yOf(last));
    }
    if (last === ABSENT) {
      line.push(x, yOf(0));
      lines.push(line);
      line = [];
    }
    level = last;
  }
  if (level !== ABSENT) line.push(stretch(picture.width), yOf(level));
  if (line.length > 0) lines.push(line);
  return lines;
}

function scaleText(max: number, refcounts: TrackScene['refcounts']): string {
  return refcounts === 'absolute' ? countOf(max, 'reference') : `${countOf(max, 'hold')} counted`;
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function caption(x: CssPixels, y: CssPixels, text: string, align: 'left' | 'right'): DisplayItem {
  return { kind: 'text', x, y, text, colour: 'text-muted', size: FONT, align };
}
