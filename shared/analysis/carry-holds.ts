import type { EventTable } from '../event-table/event-table.ts';
import type { LineNumber } from '../units.ts';
import type { Analysis } from './analysis.ts';
import type { HoldTable } from './hold-table.ts';

/**
 * The holds of an analysis, told by the rows of a table that has grown since: what came late was sorted in among the
 * rows that were analysed, and those behind it stand further down.
 *
 * Errors: undefined where that cannot be, for time zero is another, or another buffer was analysed.
 */
export function carryHolds({ table: before, holds }: Analysis, table: EventTable): HoldTable | undefined {
  const { start, unit } = before.clock;
  if (before.length > table.length || table.clock.start !== start || table.clock.unit !== unit) return undefined;
  const kept = countKept(before, table);
  if (kept === before.length) return holds;
  const moved = findMoved(before, table, kept);
  if (moved === undefined) return undefined;
  const place = (row: number) => (row < kept ? row : moved[row - kept]!);
  return { ...holds, startRow: holds.startRow.map(place), endRow: holds.endRow.map(place) };
}

/** How many rows stand where they stood. A line is of one row, so behind one that was sorted in no row has the line it had. */
function countKept(before: EventTable, table: EventTable): number {
  let low = 0;
  let high = before.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before.line[middle] === table.line[middle]) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the rows from a place on stand now; undefined where one of them is gone. */
function findMoved(before: EventTable, table: EventTable, kept: number): Int32Array | undefined {
  const moved = new Int32Array(before.length - kept);
  const placeOf = new Map<LineNumber, number>();
  for (let row = kept; row < before.length; row++) placeOf.set(before.line[row]!, row - kept);
  for (let row = kept; row < table.length && placeOf.size > 0; row++) {
    const place = placeOf.get(table.line[row]!);
    if (place === undefined) continue;
    moved[place] = row;
    placeOf.delete(table.line[row]!);
  }
  return placeOf.size === 0 ? moved : undefined;
}
