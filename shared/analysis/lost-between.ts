import { firstPlace } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';

/** Whether the tracer marked events as lost after one row and before another. */
export function lostBetween({ lost }: EventTable, before: number, row: number): boolean {
  const next = lost[firstPlace(lost.length, (place) => lost[place]!.beforeRow > before)];
  return next !== undefined && next.beforeRow <= row;
}
