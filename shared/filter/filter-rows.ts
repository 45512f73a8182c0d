import type { Analysis } from '../analysis/analysis.ts';
import type { EventTable } from '../event-table/event-table.ts';
import { compileFilter } from './compile-filter.ts';
import type { Filter } from './filter.ts';

/**
 * The rows that pass a filter, in order. Words that were not understood hide nothing.
 *
 * Shape: IndexIntoEvents. The table is the one that the holds belong to, `analysis.table`.
 */
export function filterRows(filter: Filter, table: EventTable, analysis: Pick<Analysis, 'holds'>): Uint32Array {
  const { spans, narrowings } = compileFilter(filter, table, analysis);
  const rows = new Uint32Array(spans.reduce((sum, { from, to }) => sum + to - from, 0));
  let count = 0;
  for (const { from, to } of spans) for (let row = from; row < to; row++) rows[count++] = row;
  for (const narrow of narrowings) count = narrow(rows, count);
  // What a filter finds is kept while it stands; what it looked through is not.
  return rows.slice(0, count);
}
