import { firstPlace } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';

/** The row before which the tracer next marked events as lost, after a row; undefined where it did not again. */
export function firstLossAfter({ lost }: EventTable, row: number): number | undefined {
  return lost[firstPlace(lost.length, (place) => lost[place]!.beforeRow > row)]?.beforeRow;
}

/** Whether the tracer marked events as lost after one row and before another. */
export function lostBetween(table: EventTable, before: number, row: number): boolean {
  const next = firstLossAfter(table, before);
  return next !== undefined && next <= row;
}
