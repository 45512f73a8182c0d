import type { CssPixels } from '../units.ts';
import type { DisplayItem } from './display-list.ts';
import { drawDenseSteps } from './draw-dense-steps.ts';
import type { TrackScene } from './draw-tracks.ts';
import { STEP_HEIGHT } from './layout-tracks.ts';
import { ABSENT, type TrackPicture } from './recording-view.ts';
import { stretchOf } from './stretch-picture.ts';

const TOP = 14;
const BOTTOM = 5;
const FONT = 10;
/** Entries above which it is drawn by columns: as paths, ten such lines cost half of a frame without a GPU. */
const DENSE = 300;

/**
 * The refcount of one track as a step line with its area, and what its scale counts.
 *
 * In a column of many events the line goes from where it was to the lowest, the highest and then the last value: at
 * most three vertices a pixel, and no spike is lost. The line is broken where the module is absent. One with many
 * entries is drawn column by column instead.
 */
export function drawSteps(items: DisplayItem[], picture: TrackPicture, scene: TrackScene, y: CssPixels): void {
  const { width } = scene.scale;
  const floor = y + STEP_HEIGHT - BOTTOM;
  const unit = (STEP_HEIGHT - TOP - BOTTOM) / Math.max(1, picture.maxReferences);
  // A module that is being unloaded prints one below its base for an instant.
  const yOf = (references: number) => Math.min(floor - references * unit, y + STEP_HEIGHT - 2);

  if (picture.steps.x.length > DENSE) drawDenseSteps(items, picture, scene.scale, floor, yOf);
  else
    for (const { line, area } of runsOf(picture, scene, yOf)) {
      const points = [area[0]!, floor, ...area, area[area.length - 2]!, floor];
      items.push({ kind: 'polygon', points, colour: 'step-area', opacity: 0.25 });
      items.push({ kind: 'polyline', points: line, colour: 'step-line', lineWidth: 1.5 });
    }

  items.push(caption(4, y + 8, scaleText(picture.maxReferences, scene.refcounts), 'left'));
  if (picture.hiddenHolds > 0)
    items.push(caption(width - 4, y + 8, `${countOf(picture.hiddenHolds, 'more hold')} without a lane`, 'right'));
}

/** A stretch of time in which the module is there: its line with all spikes, and the level that it keeps between them. */
interface Run {
  readonly line: number[];
  readonly area: number[];
}

function runsOf(picture: TrackPicture, scene: TrackScene, yOf: (references: number) => CssPixels): readonly Run[] {
  const { steps } = picture;
  const stretch = stretchOf(picture, scene.scale);
  const runs: Run[] = [];
  let run: Run = { line: [], area: [] };
  const add = (x: CssPixels, references: number) => {
    const y = yOf(references);
    run.line.push(x, y);
    run.area.push(x, y);
  };
  let level = Number.isNaN(steps.entry) ? ABSENT : steps.entry;
  if (level !== ABSENT) add(stretch(0), level);
  for (let i = 0; i < steps.x.length; i++) {
    const min = steps.min[i]!;
    if (min === ABSENT && level === ABSENT) continue;
    const x = stretch(steps.x[i]!);
    if (level !== ABSENT) add(x, level);
    const last = steps.last[i]!;
    if (min !== ABSENT) {
      const max = steps.max[i]!;
      if (min !== last && min !== level) run.line.push(x, yOf(min));
      if (max !== last && max !== level) run.line.push(x, yOf(max));
      if (last !== ABSENT) add(x, last);
    }
    if (last === ABSENT) {
      add(x, 0);
      runs.push(run);
      run = { line: [], area: [] };
    }
    level = last;
  }
  if (level !== ABSENT) add(stretch(picture.width), level);
  if (run.line.length > 0) runs.push(run);
  return runs;
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
