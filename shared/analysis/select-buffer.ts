import { firstPlace } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';

function busiestBuffer(table: EventTable): number {
  const counts = new Uint32Array(table.buffers.length);
  for (let row = 0; row < table.length; row++) counts[table.buffer[row]!]!++;
  let best = 0;
  for (let buffer = 1; buffer < counts.length; buffer++) if (counts[buffer]! > counts[best]!) best = buffer;
  return best;
}

/**
 * The events of one trace buffer. Several buffers of one recording hold the same events again, or other people's
 * selection of them: adding them up would count references twice.
 *
 * @param name the buffer; without it, or where there is none of that name, the one with the most events
 */
export function selectBuffer(table: EventTable, name?: string): EventTable {
  if (table.buffers.length <= 1) return table;
  const asked = name === undefined ? -1 : table.buffers.indexOf(name);
  const buffer = asked >= 0 ? asked : busiestBuffer(table);
  const rows: number[] = [];
  for (let row = 0; row < table.length; row++) if (table.buffer[row] === buffer) rows.push(row);
  const placeOf = (row: number) => firstPlace(rows.length, (place) => rows[place]! >= row);
  const pick = <Column extends { [index: number]: number; length: number }>(
    column: Column,
    make: new (length: number) => Column,
  ): Column => {
    const picked = new make(rows.length);
    for (let index = 0; index < rows.length; index++) picked[index] = column[rows[index]!]!;
    return picked;
  };
  return {
    ...table,
    length: rows.length,
    time: pick(table.time, Float64Array),
    kind: pick(table.kind, Uint8Array),
    flags: pick(table.flags, Uint8Array),
    cpu: pick(table.cpu, Uint16Array),
    task: pick(table.task, Int32Array),
    module: pick(table.module, Int32Array),
    callSite: pick(table.callSite, Int32Array),
    refcount: pick(table.refcount, Int32Array),
    detail: pick(table.detail, Int32Array),
    stack: pick(table.stack, Int32Array),
    line: pick(table.line, Uint32Array),
    buffer: pick(table.buffer, Uint8Array),
    lost: table.lost.map((lost) => ({ ...lost, beforeRow: placeOf(lost.beforeRow) })),
    // What was counted was one buffer.
    countedRows: 0,
  };
}
