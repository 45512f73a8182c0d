import type { Analysis } from '../analysis/analysis.ts';
import { indexHoldsByRow } from '../view-model/index-holds-by-row.ts';
import { type Selection, selectRows } from '../view-model/selection.ts';
import { collectChunks } from './collect-chunks.ts';
import { describeRow, type WrittenEvent } from './describe-rows.ts';
import { printCsvRecord } from './print-csv.ts';
import { printJsonList } from './print-json-list.ts';

const COLUMNS = [
  'line',
  'time',
  'sinceStart',
  'cpu',
  'task',
  'pid',
  'tgid',
  'taskInferred',
  'event',
  'module',
  'callSite',
  'callSiteModule',
  'refcount',
  'taints',
  'alias',
  'waits',
  'hold',
] as const satisfies readonly (keyof WrittenEvent)[];

/** The events of a selection as CSV with a heading, in chunks. */
export function printEventsCsv(analysis: Analysis, selection: Selection): Iterable<string> {
  return collectChunks(records());
  function* records() {
    yield printCsvRecord([...COLUMNS, 'stack']);
    for (const event of describeEvents(analysis, selection))
      yield printCsvRecord([...COLUMNS.map((column) => event[column]), event.stack.join(' < ')]);
  }
}

/** The events of a selection as JSON, in chunks. */
export function printEventsJson(name: string, analysis: Analysis, selection: Selection): Iterable<string> {
  return collectChunks(printJsonList('events', name, analysis, selection, describeEvents(analysis, selection)));
}

function* describeEvents(analysis: Analysis, selection: Selection): Generator<WrittenEvent> {
  const holdOf = indexHoldsByRow(analysis.holds, analysis.table.length);
  for (const row of selectRows(analysis, selection)) yield describeRow(analysis, row, holdOf[row]!);
}
