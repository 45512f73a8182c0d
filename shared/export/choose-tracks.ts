import type { ModuleSummary } from '../view-model/recording-view.ts';

/** A picture of more is read by nobody. */
const MOST_TRACKS = 40;

/**
 * The tracks of a picture for which nobody named modules, in the order of the window: what is still held at the end
 * first, each group by its latest event first.
 */
export function chooseTracks(modules: readonly ModuleSummary[]): readonly string[] {
  return [...modules]
    .sort(
      (a, b) =>
        Number(b.openHolds > 0) - Number(a.openHolds > 0) ||
        b.lastTime - a.lastTime ||
        b.events - a.events ||
        (a.module < b.module ? -1 : 1),
    )
    .slice(0, MOST_TRACKS)
    .map(({ module }) => module);
}
