import type { CssPixels, IndexIntoEvents, RecordingTime } from '../units.ts';
import type { TrackScene } from './draw-tracks.ts';
import { LANE_HEIGHT, layoutTracks, RULER_HEIGHT, STEP_HEIGHT, stuckHeight } from './layout-tracks.ts';
import type { LostPicture, SpanPicture, TrackPicture } from './recording-view.ts';
import { stretchOf } from './stretch-picture.ts';
import { xToTime } from './time-scale.ts';

/** What lies under a point of the track stack. */
export interface TrackHit {
  readonly time: RecordingTime;
  /** Undefined over the ruler and below the last track. */
  readonly module: string | undefined;
  readonly span: SpanPicture | undefined;
  /** The event drawn at the point of the step line, if one is near enough. */
  readonly row: IndexIntoEvents | undefined;
  readonly lost: LostPicture | undefined;
}

/** How far a pointer may be off. */
const REACH: CssPixels = 4;

/** What of the tracks is below a pointer. */
export function hitTest(
  scene: Pick<TrackScene, 'scale' | 'scrollTop' | 'stuck' | 'tracks'>,
  x: CssPixels,
  y: CssPixels,
): TrackHit {
  const time = xToTime(scene.scale, x);
  const places = layoutTracks(scene.tracks);
  const { stuck = 0 } = scene;
  const isStuck = y - RULER_HEIGHT < stuckHeight(places, stuck);
  const inStack = y - RULER_HEIGHT + (isStuck ? 0 : scene.scrollTop);
  const index =
    y < RULER_HEIGHT ? -1 : places.findIndex((place) => inStack >= place.y && inStack < place.y + place.height);
  const picture = scene.tracks[index];
  if (picture === undefined) return { time, module: undefined, span: undefined, row: undefined, lost: undefined };
  const inTrack = inStack - places[index]!.y;
  const stretch = stretchOf(picture, scene.scale);
  return {
    time,
    module: picture.module,
    span:
      inTrack < STEP_HEIGHT
        ? undefined
        : spanAt(picture, Math.floor((inTrack - STEP_HEIGHT) / LANE_HEIGHT), x, stretch),
    row: inTrack < STEP_HEIGHT ? rowAt(picture, x, stretch) : undefined,
    lost: picture.lost.find((lost) => x >= stretch(lost.x0) - 1 && x <= stretch(lost.x1) + 1),
  };
}

/** The span under the pointer, else the nearest in reach: a hold of one pixel must be easy to hit. */
function spanAt(picture: TrackPicture, lane: number, x: CssPixels, stretch: (x: CssPixels) => CssPixels) {
  let best: SpanPicture | undefined;
  let bestDistance = REACH;
  for (const span of picture.spans) {
    if (span.lane !== lane) continue;
    const distance = Math.max(stretch(span.x0) - x, x - stretch(span.x1), 0);
    if (distance < bestDistance) {
      best = span;
      bestDistance = distance;
    }
  }
  return best;
}

function rowAt({ steps }: TrackPicture, x: CssPixels, stretch: (x: CssPixels) => CssPixels) {
  let best: number | undefined;
  let bestDistance: CssPixels = REACH;
  for (let i = 0; i < steps.x.length; i++) {
    const distance = Math.abs(stretch(steps.x[i]!) - x);
    if (distance <= bestDistance) {
      best = steps.row[i]!;
      bestDistance = distance;
    }
  }
  return best;
}
