import type { CssPixels } from '../units.ts';
import type { TrackPicture } from './recording-view.ts';

export const RULER_HEIGHT: CssPixels = 28;
export const STEP_HEIGHT: CssPixels = 44;
export const LANE_HEIGHT: CssPixels = 18;

/**
 * Where one track stands in the stack.
 *
 * ```
 * y ──┬────────────────────────────── rule
 *     │ step line        STEP_HEIGHT
 *     ├ lane 0           LANE_HEIGHT
 *     ├ lane 1           LANE_HEIGHT
 * y + height ────────────────────────
 * ```
 */
export interface TrackPlace {
  readonly module: string;
  /** From the top of the first track; the ruler and scrolling are not in it. */
  readonly y: CssPixels;
  readonly height: CssPixels;
}

/** Stacks tracks; the track's header beside the canvas has the same place. */
export function layoutTracks(tracks: readonly Pick<TrackPicture, 'module' | 'lanes'>[]): readonly TrackPlace[] {
  let y = 0;
  return tracks.map(({ module, lanes }) => {
    const height = STEP_HEIGHT + lanes * LANE_HEIGHT;
    const place = { module, y, height };
    y += height;
    return place;
  });
}

/** The height of the whole stack without the ruler. */
export function stackHeight(tracks: readonly Pick<TrackPicture, 'lanes'>[]): CssPixels {
  return tracks.reduce((sum, { lanes }) => sum + STEP_HEIGHT + lanes * LANE_HEIGHT, 0);
}

/** The part of the visible height that tracks may take which stay while the others scroll. */
const MOST_STUCK = 0.6;

/** How many of the pinned tracks, which are the first, stay in view while the others scroll beneath them. */
export function countStuck(places: readonly TrackPlace[], pinned: number, height: CssPixels): number {
  let stuck = 0;
  while (stuck < pinned && places[stuck]!.y + places[stuck]!.height <= (height - RULER_HEIGHT) * MOST_STUCK) stuck++;
  return stuck;
}

/** The height of those that stay. */
export function stuckHeight(places: readonly TrackPlace[], stuck: number): CssPixels {
  const last = places[stuck - 1];
  return last === undefined ? 0 : last.y + last.height;
}
