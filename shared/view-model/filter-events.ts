import { EventKind, type EventTable } from '../event-table/event-table.ts';
import type { EventFilter } from './recording-view.ts';

/**
 * The rows that pass a filter; undefined for all of them.
 *
 * Every interned text is matched once, then the columns are scanned: a filter costs a few table look-ups per event and
 * no string work.
 */
export function filterEvents(table: EventTable, filter: EventFilter): Uint32Array | undefined {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0 && filter.modules.length === 0) return undefined;
  const rows = new Uint32Array(table.length);
  let count = 0;
  if (filter.modules.length === 0) {
    for (; count < table.length; count++) rows[count] = count;
  } else {
    const wanted = new Set(filter.modules);
    const allowed = withNone(table.modules, (module) => wanted.has(module));
    for (let row = 0; row < table.length; row++) if (allowed[table.module[row]! + 1] !== 0) rows[count++] = row;
  }
  for (const word of words) {
    const matches = matchWord(table, word);
    let kept = 0;
    for (let i = 0; i < count; i++) if (passes(table, matches, rows[i]!)) rows[kept++] = rows[i]!;
    count = kept;
  }
  return rows.slice(0, count);
}

/** One word against every interned text; entry 0 stands for none, entry i + 1 for text i. */
interface WordMatches {
  readonly kind: Uint8Array;
  readonly module: Uint8Array;
  readonly task: Uint8Array;
  readonly callSite: Uint8Array;
  readonly alias: Uint8Array;
}

function matchWord(table: EventTable, word: string): WordMatches {
  const has = (text: string) => text.toLowerCase().includes(word);
  return {
    kind: Uint8Array.from(Object.keys(EventKind), (kind) => (has(kind) ? 1 : 0)),
    module: withNone(table.modules, has),
    task: withNone(table.tasks, (task) => has(`${task.comm}-${task.pid}`)),
    callSite: withNone(table.callSites, (site) =>
      has(site.module === undefined ? site.symbol : `${site.symbol} [${site.module}]`),
    ),
    alias: withNone(table.details, has),
  };
}

function withNone<T>(texts: readonly T[], matches: (text: T) => boolean): Uint8Array {
  const found = new Uint8Array(texts.length + 1);
  for (const [i, text] of texts.entries()) if (matches(text)) found[i + 1] = 1;
  return found;
}

function passes(table: EventTable, matches: WordMatches, row: number): boolean {
  return (
    matches.task[table.task[row]! + 1] !== 0 ||
    matches.module[table.module[row]! + 1] !== 0 ||
    matches.callSite[table.callSite[row]! + 1] !== 0 ||
    matches.kind[table.kind[row]!] !== 0 ||
    (table.kind[row] === EventKind.request && matches.alias[table.detail[row]! + 1] !== 0)
  );
}
