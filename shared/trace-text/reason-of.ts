import type { ByteText } from './decode-bytes.ts';
import { moduleEvent } from './read-payload.ts';
import { NO_CONTEXT, NOT_A_LINE, RAW_ENTRY } from './reject-reasons.ts';

/** Why a line that says nothing of a task and a time is rejected. */
export function reasonOf(text: ByteText): string {
  if (moduleEvent(text) !== undefined) return NO_CONTEXT;
  if (/type: \d+$/.test(text)) return RAW_ENTRY;
  return NOT_A_LINE;
}
