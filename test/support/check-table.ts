import type { EventTable } from '../../shared/event-table/event-table.ts';
import type { Recording } from '../../shared/event-table/recording.ts';

/** Throws where a recording breaks one of the promises of `EventTable` and `LineCounts`. */
export function checkRecording(recording: Recording, linesOfText: number): void {
  const { table, lines, rejected } = recording;
  const { total, ...classes } = lines;
  demand(total === linesOfText, `${total} lines are counted, the text has ${linesOfText}`);
  demand(Object.values(classes).reduce((sum, count) => sum + count, 0) === total, 'the line counts do not add up');
  demand(
    Object.values(classes).every((count) => count >= 0),
    'a line count is negative',
  );
  demand(rejected.length === Math.min(lines.rejected, 1000), 'the rejected lines are not those that were counted');
  demand(lines.events >= table.length, 'there are more events than lines of them');
  checkTable(table, total);
}

function checkTable(table: EventTable, lines: number): void {
  const { length } = table;
  for (const column of Object.values(table)) {
    if (ArrayBuffer.isView(column)) demand((column as Uint8Array).length === length, 'a column has another length');
  }
  demand(table.clock.start >= 0n, 'the clock starts before zero');
  const buffers = table.buffers.length;
  demand(buffers >= 1 && table.buffers[0] === '', 'the top buffer has no name in the list');
  for (let row = 0; row < length; row++) {
    const kind = table.kind[row]!;
    const refcounted = kind === 2 || kind === 3;
    const request = kind === 4;
    demand(table.time[row]! >= (row === 0 ? 0 : table.time[row - 1]!), 'time runs back', row);
    demand(Number.isSafeInteger(table.time[row]!), 'a time is not exact', row);
    demand(kind <= 4 && table.flags[row]! <= 3, 'a kind or flag is unknown', row);
    demand(table.buffer[row]! < buffers, 'a buffer is out of range', row);
    demand(inRange(table.task[row]!, table.tasks.length, false), 'a task is out of range', row);
    demand(
      request ? table.module[row] === -1 : inRange(table.module[row]!, table.modules.length, false),
      'a module is out of range',
      row,
    );
    demand(
      refcounted || request ? inRange(table.callSite[row]!, table.callSites.length, false) : table.callSite[row] === -1,
      'a call site is out of range',
      row,
    );
    demand(refcounted || table.refcount[row] === 0, 'another kind has a refcount', row);
    demand(inRange(table.detail[row]!, table.details.length, true), 'a detail is out of range', row);
    demand(inRange(table.stack[row]!, table.stacks.length, true), 'a stack is out of range', row);
    demand(table.line[row]! >= 1 && table.line[row]! <= lines, 'a line is out of range', row);
  }
  demand(
    table.modules.every((name) => name !== ''),
    'a module has no name',
  );
  demand(
    table.tasks.every(({ pid, tgid }) => pid >= 0 && pid < 1e7 && tgid >= -1 && tgid < 1e7),
    'a pid is out of range',
  );
  table.lost.forEach((mark, i) => {
    demand(mark.beforeRow >= 0 && mark.beforeRow <= length, 'a mark of loss is out of range', i);
    demand(i === 0 || table.lost[i - 1]!.beforeRow <= mark.beforeRow, 'marks of loss are out of order', i);
    demand(mark.count === -1 || mark.count > 0 || Object.is(mark.count, 0), 'a loss is negative', i);
  });
}

function inRange(index: number, length: number, orNone: boolean): boolean {
  return (index >= 0 && index < length) || (orNone && index === -1);
}

function demand(holds: boolean, what: string, row?: number): asserts holds {
  if (!holds) throw new Error(row === undefined ? what : `${what} (row ${row})`);
}
