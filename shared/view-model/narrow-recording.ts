import type { EventsAndHolds } from '../analysis/analysis.ts';
import { filterRows } from '../filter/filter-rows.ts';
import { parseFilter } from '../filter/parse-filter.ts';
import type { IndexIntoHolds } from '../units.ts';
import type { EventFilter } from './recording-view.ts';

/** What of a recording passes a filter. */
export interface NarrowedRecording {
  /** IndexIntoEvents, in order. */
  readonly rows: Uint32Array;
  /** Those with an event that passes, in the order of the table. */
  readonly modules: readonly string[];
  /**
   * A hold passes when its get or its put does; one that the recording has neither of, when its module does, for there
   * is nothing else by which it could be told from the others.
   */
  passes(hold: IndexIntoHolds): boolean;
}

/** Narrows a recording by a filter; undefined where the filter lets everything pass. */
export function narrowRecording(analysis: EventsAndHolds, filter: EventFilter): NarrowedRecording | undefined {
  const { table, holds } = analysis;
  const read = parseFilter(filter.text, table.clock);
  if (read.terms.length === 0 && filter.modules.length === 0) return undefined;
  const found = filterRows(read, table, analysis);
  const rows = filter.modules.length === 0 ? found : keepModules(found, table, filter.modules);

  const inModules = new Uint8Array(table.modules.length);
  for (let i = 0; i < rows.length; i++) {
    const module = table.module[rows[i]!]!;
    if (module >= 0) inModules[module] = 1;
  }
  // Only who asks for holds pays for them: a count of events, asked at every key that is pressed, does not.
  let marked: Uint8Array | undefined;
  const passes = (hold: IndexIntoHolds): boolean => {
    marked ??= markRows(rows, table.length);
    const get = holds.startRow[hold]!;
    const put = holds.endRow[hold]!;
    if (get < 0 && put < 0) return inModules[holds.module[hold]!] === 1;
    return (get >= 0 && marked[get] === 1) || (put >= 0 && marked[put] === 1);
  };
  return {
    rows,
    modules: table.modules.filter((_, module) => inModules[module] === 1),
    passes,
  };
}

function markRows(rows: Uint32Array, length: number): Uint8Array {
  const marked = new Uint8Array(length);
  for (let i = 0; i < rows.length; i++) marked[rows[i]!] = 1;
  return marked;
}

function keepModules(rows: Uint32Array, table: EventsAndHolds['table'], modules: readonly string[]): Uint32Array {
  // By name and not by a term of the filter, to which xt_mark and xt_MARK are one.
  const wanted = new Set(modules);
  const allowed = Uint8Array.from(table.modules, (module) => (wanted.has(module) ? 1 : 0));
  return rows.filter((row) => table.module[row]! >= 0 && allowed[table.module[row]!] === 1);
}
