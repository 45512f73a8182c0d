import { firstAbove } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';

/** The rows of each module, in order: rows[offset[m]] … rows[offset[m + 1] − 1] are those of module m. */
export interface RowsByModule {
  readonly rows: Int32Array;
  readonly offset: Int32Array;
}

/** Sorts the rows of a table by module with one count and one pass. Requests belong to no module and are left out. */
export function indexRowsByModule(table: EventTable): RowsByModule {
  const offset = new Int32Array(table.modules.length + 1);
  for (let row = 0; row < table.length; row++) {
    const module = table.module[row]!;
    if (module >= 0) offset[module + 1]!++;
  }
  for (let module = 0; module < table.modules.length; module++) offset[module + 1]! += offset[module]!;
  const rows = new Int32Array(offset[table.modules.length]!);
  const next = offset.slice();
  for (let row = 0; row < table.length; row++) {
    const module = table.module[row]!;
    if (module >= 0) rows[next[module]!++] = row;
  }
  return { rows, offset };
}

/** How many of a module's events happened up to and at a time, as a place in `rows`: the first one that came later. */
export function placeAfter(table: EventTable, index: RowsByModule, module: number, time: number): number {
  return firstAbove(table.time, index.rows, time, index.offset[module]!, index.offset[module + 1]!);
}
