import { orderTracks } from '../view-model/order-tracks.ts';
import type { ModuleSummary } from '../view-model/recording-view.ts';

/** A picture of more is read by nobody. */
export const MOST_TRACKS = 40;

/** The tracks of a picture for which nobody named modules, in the order of the window. */
export function chooseTracks(modules: readonly ModuleSummary[]): readonly string[] {
  return orderTracks(modules)
    .slice(0, MOST_TRACKS)
    .map(({ module }) => module);
}
