import type { EventTable } from '../event-table/event-table.ts';
import type { IndexIntoEvents } from '../units.ts';

/** The call site of an event as printed, `drm_stub_open [drm]`; empty where there is none. */
export function printCallSite(table: EventTable, row: IndexIntoEvents): string {
  const site = row < 0 ? undefined : table.callSites[table.callSite[row]!];
  if (site === undefined) return '';
  return site.module === undefined ? site.symbol : `${site.symbol} [${site.module}]`;
}
