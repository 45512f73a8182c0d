import type { Analysis } from '../analysis/analysis.ts';
import { type Selection, selectHolds } from '../view-model/selection.ts';
import { collectChunks } from './collect-chunks.ts';
import { describeHoldRow, type WrittenHold } from './describe-rows.ts';
import { printCsvRecord } from './print-csv.ts';
import { printJsonList } from './print-json-list.ts';

const COLUMNS = [
  'hold',
  'module',
  'kind',
  'holder',
  'pid',
  'callSite',
  'start',
  'end',
  'startSinceStart',
  'endSinceStart',
  'open',
  'confidence',
  'transient',
  'getLine',
  'putLine',
] as const satisfies readonly (keyof WrittenHold)[];

/** The holds of a selection as CSV with a heading, in chunks. */
export function printHoldsCsv(analysis: Analysis, selection: Selection): Iterable<string> {
  return collectChunks(records());
  function* records() {
    yield printCsvRecord(COLUMNS);
    for (const hold of describeHolds(analysis, selection)) yield printCsvRecord(COLUMNS.map((column) => hold[column]));
  }
}

/** The holds of a selection as JSON, in chunks. */
export function printHoldsJson(name: string, analysis: Analysis, selection: Selection): Iterable<string> {
  return collectChunks(printJsonList('holds', name, analysis, selection, describeHolds(analysis, selection)));
}

function* describeHolds(analysis: Analysis, selection: Selection): Generator<WrittenHold> {
  for (const hold of selectHolds(analysis, selection)) yield describeHoldRow(analysis, hold);
}
