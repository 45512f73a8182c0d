import type { Clock } from '../event-table/clock.ts';
import type { CssPixels, RecordingTime } from '../units.ts';
import type { DisplayItem, DisplayList, MeasureText } from './display-list.ts';
import type { TimelineCommand } from './draw-commands.ts';
import { drawMarks, roomOfMarks, type TimelineMarkers, type TimelineNote } from './draw-marks.ts';
import { drawLost, drawSpans } from './draw-spans.ts';
import { drawSteps } from './draw-steps.ts';
import { layoutTracks, RULER_HEIGHT, stuckHeight } from './layout-tracks.ts';
import type { RecordingSummary, TrackPicture } from './recording-view.ts';
import { rulerTicks } from './ruler-ticks.ts';
import { stretchOf } from './stretch-picture.ts';
import { type TimeScale, timeToX } from './time-scale.ts';

/** All that the picture of the track stack depends on. */
export interface TrackScene {
  readonly scale: TimeScale;
  /** Of the visible part, ruler included. */
  readonly height: CssPixels;
  /** How far the stack is scrolled up under the ruler. */
  readonly scrollTop: CssPixels;
  /** How many of the first tracks stay where they are while the others scroll beneath them; none without it. */
  readonly stuck?: number;
  readonly clock: Clock;
  readonly refcounts: RecordingSummary['refcounts'];
  /** From top to bottom. Those made for another window are stretched to this one. */
  readonly tracks: readonly TrackPicture[];
  readonly cursor: RecordingTime | undefined;
  readonly selectedModule: string | undefined;
  /** IndexIntoHolds. */
  readonly hoveredHold: number | undefined;
  readonly selectedHolds: ReadonlySet<number>;
  readonly measureText: MeasureText;
  readonly markers?: TimelineMarkers;
  /** Their text made visible. */
  readonly notes?: readonly TimelineNote[];
  /** Their text made visible. */
  readonly commands?: readonly TimelineCommand[];
  /** What a search found, as columns of a window that may have moved on since. */
  readonly hits?: HitMarks;
}

/** Columns of pixels in which a search found something. */
export interface HitMarks extends TimeScale {
  readonly columns: readonly CssPixels[];
}

const FONT = 11;
/** Of a mark under the ruler. */
const HIT_HEIGHT: CssPixels = 7;

/**
 * The track stack as a display list: ruler on top, then the tracks, then the cursor and marks over all.
 *
 * Tracks that are scrolled out of sight leave nothing in the list.
 */
export function drawTracks(scene: TrackScene): DisplayList {
  const { scale, height } = scene;
  const items: DisplayItem[] = [{ kind: 'rect', x: 0, y: 0, width: scale.width, height, colour: 'background' }];
  const ticks = rulerTicks(scale, scene.clock, tickSpacing(scene));
  const drawGrid = (to: CssPixels) => {
    for (const { x } of ticks)
      items.push({ kind: 'polyline', points: [x, RULER_HEIGHT, x, to], colour: 'grid', lineWidth: 1 });
  };
  drawGrid(height);

  const places = layoutTracks(scene.tracks);
  const { stuck = 0 } = scene;
  const stuckTo = RULER_HEIGHT + stuckHeight(places, stuck);
  for (const [index, place] of places.entries()) {
    if (index < stuck) continue;
    const y = RULER_HEIGHT + place.y - scene.scrollTop;
    if (y + place.height > stuckTo && y < height) drawTrack(items, scene, index, y, place.height);
  }
  if (stuck > 0) {
    items.push({ kind: 'rect', x: 0, y: 0, width: scale.width, height: stuckTo, colour: 'background' });
    drawGrid(stuckTo);
    for (const [index, place] of places.slice(0, stuck).entries())
      drawTrack(items, scene, index, RULER_HEIGHT + place.y, place.height);
    // What has gone beneath is told from what stands there.
    if (scene.scrollTop > 0)
      items.push({ kind: 'rect', x: 0, y: stuckTo, width: scale.width, height: 3, colour: 'rule', opacity: 0.6 });
  }

  // After the tracks, so that what is scrolled under the ruler is covered by it.
  items.push({ kind: 'rect', x: 0, y: 0, width: scale.width, height: RULER_HEIGHT, colour: 'background' });
  items.push({ kind: 'polyline', points: [0, RULER_HEIGHT, scale.width, RULER_HEIGHT], colour: 'rule', lineWidth: 1 });
  const taken = roomOfMarks(scene);
  for (const { x, label } of ticks) {
    items.push({ kind: 'polyline', points: [x, RULER_HEIGHT - 6, x, RULER_HEIGHT], colour: 'rule', lineWidth: 1 });
    const half = scene.measureText(label, FONT) / 2;
    if (x - half < 0 || x + half > scale.width) continue;
    if (taken.some(({ from, to }) => x + half > from && x - half < to)) continue;
    items.push({ kind: 'text', x, y: 10, text: label, colour: 'text-muted', size: FONT, align: 'centre' });
  }
  drawHits(items, scene);
  drawCursor(items, scene, taken);
  drawMarks(items, scene);
  return { width: scale.width, height, items };
}

function drawTrack(items: DisplayItem[], scene: TrackScene, index: number, y: CssPixels, height: CssPixels): void {
  const picture = scene.tracks[index]!;
  const { width } = scene.scale;
  if (picture.module === scene.selectedModule)
    items.push({ kind: 'rect', x: 0, y, width, height, colour: 'selection', opacity: 0.08 });
  drawLost(items, picture, scene, y, height);
  drawSteps(items, picture, scene, y);
  drawSpans(items, picture, scene, y);
  const bottom = y + height;
  items.push({ kind: 'polyline', points: [0, bottom, width, bottom], colour: 'rule', lineWidth: 1 });
}

/** Room for the longest label a ruler can have here, and a gap. */
function tickSpacing({ clock, measureText }: TrackScene): CssPixels {
  const widest = clock.unit === 'ticks' ? clock.start.toString() : `${clock.start / 1_000_000_000n}.000000`;
  return Math.max(60, measureText(widest, FONT) + 28);
}

function drawCursor(
  items: DisplayItem[],
  { scale, cursor, height }: TrackScene,
  taken: ReturnType<typeof roomOfMarks>,
): void {
  if (cursor === undefined) return;
  const x = timeToX(scale, cursor);
  if (x < 0 || x > scale.width) return;
  items.push({ kind: 'polyline', points: [x, 0, x, height], colour: 'cursor', lineWidth: 1 });
  // A flag or a label that stands there has the place for itself, or neither could be read.
  if (taken.some(({ from, to }) => x > from && x < to)) return;
  items.push({ kind: 'polygon', points: [x - 5, 0, x + 5, 0, x, 7], colour: 'cursor' });
}

function drawHits(items: DisplayItem[], { scale, hits }: TrackScene): void {
  if (hits === undefined) return;
  const place = stretchOf(hits, scale);
  for (const column of hits.columns) {
    const x = place(column);
    if (x < -1 || x > scale.width) continue;
    items.push({ kind: 'rect', x, y: RULER_HEIGHT + 1, width: 2, height: HIT_HEIGHT, colour: 'selection' });
  }
}
