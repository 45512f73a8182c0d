import type { EventTable } from '../event-table/event-table.ts';

/** Whether the tracer marked events as lost after one row and before another. */
export function lostBetween({ lost }: EventTable, before: number, row: number): boolean {
  let low = 0;
  let high = lost.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lost[middle]!.beforeRow <= before) low = middle + 1;
    else high = middle;
  }
  return low < lost.length && lost[low]!.beforeRow <= row;
}
