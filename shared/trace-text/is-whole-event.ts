import { EventKind } from '../event-table/event-table.ts';
import type { EventTableBuilder } from '../event-table/event-table-builder.ts';
import { type ByteText, byteText } from './decode-bytes.ts';
import type { Payload } from './read-payload.ts';

/**
 * Whether a line without an end may be believed to be whole: a name may be the start of a longer one, a number may
 * have lost digits. A count that follows from the one before has lost none.
 */
export function isWholeEvent(table: EventTableBuilder, { kind, module, refcount }: Payload, fields: ByteText): boolean {
  if (kind === EventKind.load) return fields.includes(' ');
  if (kind === EventKind.request) return true;
  const { modules } = table;
  let known = modules.size - 1;
  while (known >= 0 && !isText(modules.entry(known), module)) known--;
  const before = known < 0 ? undefined : table.lastRefcountOf(known);
  if (kind === EventKind.free) return before !== undefined;
  return before === undefined || Math.abs(before - refcount) <= 1;
}

function isText(bytes: Uint8Array, text: ByteText): boolean {
  return bytes.length === text.length && byteText(bytes, 0, bytes.length) === text;
}
