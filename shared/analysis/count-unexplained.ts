import { firstNotBelow } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';
import type { BuiltHolds } from './build-hold-table.ts';
import { NEVER } from './hold-collector.ts';
import { Confidence } from './hold-table.ts';
import type { RowsByModule } from './index-rows-by-module.ts';

/**
 * Per module event, how many of the references open after it have no believable holder. Confidence falls only at
 * events of the module itself, so a step function over them tells it for every time.
 */
export function countUnexplained(
  table: EventTable,
  rows: RowsByModule,
  { holds, claimed, lowFrom }: BuiltHolds,
): Int32Array {
  const after = new Int32Array(rows.rows.length + 1);
  const placeOf = (module: number, row: number): number =>
    firstNotBelow(rows.rows, undefined, row, rows.offset[module]!, rows.offset[module + 1]!);
  const placeAt = (module: number, row: number, time: number): number => {
    if (row >= 0) return placeOf(module, row);
    return firstNotBelow(table.time, rows.rows, time, rows.offset[module]!, rows.offset[module + 1]!);
  };
  for (let hold = 0; hold < holds.length; hold++) {
    const module = holds.module[hold]!;
    const doubted = lowFrom[hold]! === NEVER ? undefined : lowFrom[hold]!;
    if (claimed[hold] !== Confidence.low && doubted === undefined) continue;
    let from = placeAt(module, holds.startRow[hold]!, holds.start[hold]!);
    if (claimed[hold] !== Confidence.low && doubted !== undefined) from = Math.max(from, placeOf(module, doubted));
    const last = rows.offset[module + 1]!;
    const to =
      holds.end[hold] === Number.POSITIVE_INFINITY ? last : placeAt(module, holds.endRow[hold]!, holds.end[hold]!);
    if (to <= from) continue;
    after[from]!++;
    after[to]!--;
  }
  let open = 0;
  for (let place = 0; place < rows.rows.length; place++) {
    open += after[place]!;
    after[place] = open;
  }
  return after.subarray(0, rows.rows.length);
}
