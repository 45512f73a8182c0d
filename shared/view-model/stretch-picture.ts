import type { CssPixels } from '../units.ts';
import type { TrackPicture } from './recording-view.ts';
import { type TimeScale, timeToX, xToTime } from './time-scale.ts';

/**
 * Where a picture's pixels lie in a window that has moved on since: while the newer picture is on its way, the older
 * one is shifted and stretched under the hand.
 */
export function stretchOf(
  picture: Pick<TrackPicture, 'from' | 'to' | 'width'>,
  scale: TimeScale,
): (x: CssPixels) => CssPixels {
  if (picture.from === scale.from && picture.to === scale.to && picture.width === scale.width) return (x) => x;
  const origin = timeToX(scale, picture.from);
  const factor = (timeToX(scale, xToTime(picture, picture.width)) - origin) / picture.width;
  return (x) => origin + x * factor;
}
