import { useRef } from 'react';
import { layoutTracks, type TrackPlace } from '../../shared/view-model/layout-tracks.ts';
import type { TrackPicture } from '../../shared/view-model/recording-view.ts';

/** A track's place and whether it has holds that found no lane. */
export interface HeaderPlace extends TrackPlace {
  readonly overflows: boolean;
}

/**
 * Where the tracks' names stand. The same object for as long as nothing moves, so that pictures, which change with
 * every frame of a pan or zoom, do not have the names made again.
 */
export function useHeaderPlaces(pictures: readonly TrackPicture[]): readonly HeaderPlace[] {
  const known = useRef<readonly HeaderPlace[]>([]);
  const places = layoutTracks(pictures).map((place, i) => ({ ...place, overflows: pictures[i]!.hiddenHolds > 0 }));
  const same =
    places.length === known.current.length &&
    places.every(({ module, y, height, overflows }, i) => {
      const old = known.current[i]!;
      return module === old.module && y === old.y && height === old.height && overflows === old.overflows;
    });
  if (!same) known.current = places;
  return known.current;
}
