import type { EventsAndHolds } from '../analysis/analysis.ts';
import { firstNotBelow, nextNotBelow } from '../bisect.ts';
import { findHits, type Hits } from '../filter/find-hits.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import type { CssPixels } from '../units.ts';
import type { EventSearch } from './recording-view.ts';
import { type TimeScale, timeToX, xToTime } from './time-scale.ts';

/** Searches among the events that pass a filter; undefined where there is nothing to search for. */
export function searchRecording(analysis: EventsAndHolds, { text, search }: EventSearch): Hits | undefined {
  const { table } = analysis;
  const shown = parseFilter(text, table.clock);
  const sought = parseFilter(search, table.clock);
  if (sought.terms.length === 0) return undefined;
  // Joined as terms and not as text: an open quote in one of them must not swallow the other.
  return findHits({ ...shown, terms: [...shown.terms, ...sought.terms] }, table, analysis);
}

/** The columns of pixels in which there are hits; the work is bounded by them, not by the hits. */
export function markHits({ rows }: Hits, time: Float64Array, scale: TimeScale): readonly CssPixels[] {
  const columns: number[] = [];
  let place = firstNotBelow(time, rows, scale.from, 0, rows.length);
  while (place < rows.length) {
    const x = Math.floor(timeToX(scale, time[rows[place]!]!));
    if (x >= scale.width) break;
    columns.push(x);
    place = nextNotBelow(time, rows, xToTime(scale, x + 1), place + 1, rows.length);
  }
  return columns;
}
