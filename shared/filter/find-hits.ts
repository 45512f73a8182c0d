import type { Analysis } from '../analysis/analysis.ts';
import { firstNotBelow } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';
import type { IndexIntoEvents } from '../units.ts';
import type { Filter } from './filter.ts';
import { filterRows } from './filter-rows.ts';

/** What a search found. It asks the same way as a filter; within a filtered list, search for both texts in one. */
export interface Hits {
  /** IndexIntoEvents, in order. */
  readonly rows: Uint32Array;
  /** The first hit behind a row, the last one before it; past the end it goes on at the other. −1 without any hit. */
  next(row: IndexIntoEvents): IndexIntoEvents;
  previous(row: IndexIntoEvents): IndexIntoEvents;
  /** Which of the hits a row is, from 0; −1 for none of them. */
  placeOf(row: IndexIntoEvents): number;
}

/** Searches a recording. */
export function findHits(filter: Filter, table: EventTable, analysis: Pick<Analysis, 'holds'>): Hits {
  const rows = filterRows(filter, table, analysis);
  const at = (place: number) => (rows.length === 0 ? -1 : rows[(place + rows.length) % rows.length]!);
  return {
    rows,
    next: (row) => at(hitsBefore(rows, row + 1)),
    previous: (row) => at(hitsBefore(rows, row) - 1),
    placeOf: (row) => {
      const place = hitsBefore(rows, row);
      return rows[place] === row ? place : -1;
    },
  };
}

function hitsBefore(rows: Uint32Array, row: IndexIntoEvents): number {
  return firstNotBelow(rows, undefined, row, 0, rows.length);
}
