import { firstPlace } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';

/** As many as the column can tell. */
const CPUS = 0x10000;

/** Whether no event is missing after one row and before another. */
export type IsComplete = (after: number, before: number) => boolean;

/**
 * Tells where the kernel's own count proves that nothing is missing: in the rows that it covers, but for what the tracer
 * marked as lost. Such a loss lies anywhere between the last event of its CPU and the mark.
 */
export function findCompleteStretches(table: EventTable): IsComplete {
  const { lost, cpu, countedRows } = table;
  if (countedRows === 0) return () => false;
  const lastOfCpu = new Int32Array(CPUS).fill(-1);
  const begins = new Int32Array(lost.length);
  let row = 0;
  for (const [place, mark] of lost.entries()) {
    for (; row < Math.min(mark.beforeRow, table.length); row++) lastOfCpu[cpu[row]!] = row;
    begins[place] = mark.cpu < 0 ? -1 : (lastOfCpu[mark.cpu] ?? -1);
  }
  // The earliest begin of this loss and all that end later.
  for (let place = lost.length - 2; place >= 0; place--) begins[place] = Math.min(begins[place]!, begins[place + 1]!);
  return (after, before) => {
    if (before >= countedRows) return false;
    const next = firstPlace(lost.length, (place) => lost[place]!.beforeRow > after);
    return next === lost.length || begins[next]! >= before;
  };
}
