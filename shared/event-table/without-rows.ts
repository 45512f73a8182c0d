import { columnNames } from './event-columns.ts';
import type { EventTable } from './event-table.ts';

/** A table as it was before its first event, with the clock that it got by it. */
export function withoutRows(table: EventTable): EventTable {
  const none = columnNames.map((name) => [name, table[name].subarray(0, 0)]);
  return {
    ...table,
    ...Object.fromEntries(none),
    length: 0,
    modules: [],
    tasks: [],
    callSites: [],
    details: [],
    stacks: [],
    lost: [],
    countedRows: 0,
  };
}
