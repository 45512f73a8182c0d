import type { Analysis } from '../analysis/analysis.ts';
import { EventKind, type EventTable } from '../event-table/event-table.ts';
import { type ColumnName, type ColumnPasses, matchWord, passesOf } from './evaluate-names.ts';
import type { Filter, NumberRange, TermOf } from './filter.ts';
import { inRanges, intersectSpans, timeSpans } from './find-spans.ts';
import { markHoldStates } from './mark-hold-states.ts';

/**
 * A filter made ready for one recording: all work on texts is done, what is left are look-ups in small tables.
 *
 * Shape: a row passes when it lies in one of the spans and every narrowing keeps it.
 */
export interface CompiledFilter {
  /** Rows: `from` is in the span, `to` is not. In order and apart. */
  readonly spans: readonly NumberRange[];
  readonly narrowings: readonly Narrowing[];
}

/** Keeps those of the first `count` rows that pass, in place and in order, and says how many they are. */
export type Narrowing = (rows: Uint32Array, count: number) => number;

/** Compiles a filter: every interned text is looked at once, and terms on one column become one table. */
export function compileFilter(filter: Filter, table: EventTable, { holds }: Pick<Analysis, 'holds'>): CompiledFilter {
  const allowed = new Map<ColumnName, Uint8Array>();
  const allow = (passes: ColumnPasses) => {
    for (const [name, more] of passes) {
      const before = allowed.get(name);
      if (before === undefined) allowed.set(name, more);
      else for (let i = 0; i < more.length; i++) before[i]! &= more[i]!;
    }
  };
  let spans: readonly NumberRange[] = [{ from: 0, to: table.length }];
  const costly: Narrowing[] = [];
  for (const term of filter.terms) {
    switch (term.key) {
      case 'time':
        spans = intersectSpans(spans, timeSpans(term, table.time));
        break;
      case 'any':
        // What holds a word nowhere fails it in every column: tables again.
        if (term.negated) allow(matchWord(term, table));
        else costly.push(keepAny(matchWord(term, table), table));
        break;
      case 'refcount':
        costly.push(keepRefcounts(term, table));
        break;
      case 'is':
        costly.push(keepStates(term, markHoldStates(table, holds)));
        break;
      default:
        allow(passesOf(term, table));
    }
  }
  const cheap = Array.from(allowed, ([name, passes]) => keepAllowed(table[name], passes));
  return { spans, narrowings: [...cheap, ...costly] };
}

function keepAllowed(column: Int32Array | Uint16Array | Uint8Array, passes: Uint8Array): Narrowing {
  return (rows, count) => {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      rows[kept] = row;
      kept += passes[column[row]! + 1]!;
    }
    return kept;
  };
}

/** One column after the other: most words are found in one column alone, and the others are not read. */
function keepAny(passes: ColumnPasses, table: EventTable): Narrowing {
  const columns = Array.from(passes).filter(([, entries]) => entries.includes(1));
  return (rows, count) => {
    const found = new Uint8Array(count);
    for (const [name, entries] of columns) markFound(found, rows, table[name], entries);
    let kept = 0;
    for (let i = 0; i < count; i++) {
      rows[kept] = rows[i]!;
      kept += found[i]!;
    }
    return kept;
  };
}

function markFound(found: Uint8Array, rows: Uint32Array, column: ArrayLike<number>, entries: Uint8Array): void {
  for (let i = 0; i < found.length; i++) found[i]! |= entries[column[rows[i]!]! + 1]!;
}

/** Only gets and puts print a count. */
function keepRefcounts(term: TermOf<'refcount'>, { refcount, kind }: EventTable): Narrowing {
  const counts = (row: number) => kind[row] === EventKind.get || kind[row] === EventKind.put;
  return keepRows((row) => (counts(row) && inRanges(term.ranges, refcount[row]!)) !== term.negated);
}

function keepStates(term: TermOf<'is'>, states: Uint8Array): Narrowing {
  const wanted = term.values.reduce((bits, state) => bits | state, 0);
  return keepRows((row) => ((states[row]! & wanted) !== 0) !== term.negated);
}

function keepRows(passes: (row: number) => boolean): Narrowing {
  return (rows, count) => {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      if (passes(row)) rows[kept++] = row;
    }
    return kept;
  };
}
