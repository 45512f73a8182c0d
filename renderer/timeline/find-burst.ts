import type { Overview } from '../../shared/view-model/recording-view.ts';

/** Columns of the overview without an event that still belong to one burst. */
const LULL = 2;
/** How far from a burst somebody may point, in columns: it may be one thin bar in an hour. */
const REACH = 8;

/** The columns of the burst nearest to a time: those with events around it, lulls of a column or two included. */
export function findBurst(
  columns: Overview['columns'],
  time: number,
): { readonly first: number; readonly last: number } | undefined {
  const at = Math.max(
    0,
    columns.findLastIndex((column) => column.time <= time),
  );
  let near: number | undefined;
  for (let distance = 0; distance <= REACH && near === undefined; distance++)
    near = [at - distance, at + distance].find((place) => (columns[place]?.events ?? 0) > 0);
  if (near === undefined) return undefined;
  const grow = (by: 1 | -1) => {
    let edge = near;
    for (let place = near; Math.abs(place - edge) <= LULL && columns[place] !== undefined; place += by)
      if (columns[place]!.events > 0) edge = place;
    return edge;
  };
  return { first: grow(-1), last: grow(1) };
}
