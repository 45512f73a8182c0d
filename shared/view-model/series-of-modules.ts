import type { EventTable } from '../event-table/event-table.ts';
import type { IndexIntoModules } from '../units.ts';
import { groupRows } from './group-rows.ts';
import { buildSeries, printedReferences, type ReferenceSeries } from './reference-series.ts';

/** The printed refcounts of every module of a table. */
export interface SeriesOfModules {
  readonly table: EventTable;
  of(module: IndexIntoModules): ReferenceSeries;
}

/**
 * The refcounts that were printed after each module's events.
 *
 * @param before those of a table that this one may have grown from: then only what came since is read
 */
export function seriesOfModules(table: EventTable, before?: SeriesOfModules): SeriesOfModules {
  if (before?.table === table) return before;
  const known = before !== undefined && growsFrom(table, before.table) ? before : undefined;
  const from = known?.table.length ?? 0;
  const fresh = groupRows(table.module.subarray(from), table.length - from, table.modules.length);
  // At once, for what is made later would have to keep those before, and they the ones before them.
  const all = table.modules.map((_, module) => {
    const old = known !== undefined && module < known.table.modules.length ? known.of(module) : undefined;
    return extendSeries(table, old, from, fresh.of(module));
  });
  return { table, of: (module) => all[module]! };
}

/** A growing table leaves its columns to the tables before it where their rows change, and goes on with copies. */
function growsFrom(table: EventTable, before: EventTable): boolean {
  const isSame = (name: 'module' | 'kind' | 'refcount') =>
    table[name].buffer === before[name].buffer && table[name].byteOffset === before[name].byteOffset;
  return before.length <= table.length && isSame('module') && isSame('kind') && isSame('refcount');
}

/** @param added rows counted from `from` on */
function extendSeries(
  table: EventTable,
  old: ReferenceSeries | undefined,
  from: number,
  added: Int32Array,
): ReferenceSeries {
  if (old !== undefined && added.length === 0) return old;
  const rows = from === 0 ? added : added.map((row) => from + row);
  const values = printedReferences(table, rows);
  return old === undefined
    ? buildSeries(rows, values)
    : buildSeries(join(old.rows, rows), join(old.values, values), old);
}

function join(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
