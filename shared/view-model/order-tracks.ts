import type { ModuleSummary } from './recording-view.ts';

/**
 * The order of the tracks: modules that are still held at the end first, each group by its latest event first. It never
 * changes with the selection: a track that jumps away when it is clicked is a track that is lost.
 */
export function orderTracks(modules: readonly ModuleSummary[]): readonly ModuleSummary[] {
  return [...modules].sort(
    (a, b) =>
      Number(b.openHolds > 0) - Number(a.openHolds > 0) ||
      b.lastTime - a.lastTime ||
      b.events - a.events ||
      (a.module < b.module ? -1 : 1),
  );
}
