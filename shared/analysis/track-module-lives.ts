import { EventKind, type EventTable } from '../event-table/event-table.ts';
import { NEVER } from './hold-collector.ts';
import type { RowsByModule } from './index-rows-by-module.ts';

/** When each load of a module ended: a name may be loaded, freed and loaded again, and each is a module of its own. */
export interface ModuleLives {
  /** Row of the free (or of the next load) after a load; NEVER while it stays loaded. */
  endOf(loadRow: number): number;
  /** Row of the load of the life that a free ends; −1 when it was loaded before the recording began. */
  loadOf(freeRow: number): number;
}

/** Finds out when each module was loaded and freed. */
export function trackModuleLives(table: EventTable, index: RowsByModule): ModuleLives {
  const ends = new Map<number, number>();
  const loads = new Map<number, number>();
  for (let module = 0; module < table.modules.length; module++) {
    let load = -1;
    for (let place = index.offset[module]!; place < index.offset[module + 1]!; place++) {
      const row = index.rows[place]!;
      const kind = table.kind[row];
      if (kind !== EventKind.load && kind !== EventKind.free) continue;
      if (load >= 0) {
        ends.set(load, row);
        loads.set(row, load);
      }
      load = kind === EventKind.load ? row : -1;
    }
  }
  return { endOf: (loadRow) => ends.get(loadRow) ?? NEVER, loadOf: (freeRow) => loads.get(freeRow) ?? -1 };
}
