import { firstNotBelow } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';
import { type HoldCollector, NEVER } from './hold-collector.ts';
import type { RowsByModule } from './index-rows-by-module.ts';
import { firstLossAfter } from './lost-between.ts';

/**
 * Makes little of a hold about which there are two doubts: it may be another's (`mediumFrom`), and events were lost since it
 * was taken, so that it may be gone unseen. That leaves no likeliest holder.
 *
 * Shape: from the module's next event on, as every doubt begins with one.
 */
export function joinDoubts(table: EventTable, { rows, offset }: RowsByModule, holds: HoldCollector): void {
  if (table.lost.length === 0) return;
  for (let hold = 0; hold < holds.length; hold++) {
    const suspected = holds.mediumFrom[hold]!;
    if (suspected === NEVER || holds.lowFrom[hold]! <= suspected) continue;
    const loss = firstLossAfter(table, holds.beginRow[hold]!);
    if (loss === undefined) continue;
    const last = offset[holds.module[hold]! + 1]!;
    const place = firstNotBelow(rows, undefined, Math.max(suspected, loss), offset[holds.module[hold]!]!, last);
    if (place < last) holds.lowFrom[hold] = Math.min(holds.lowFrom[hold]!, rows[place]!);
  }
}
