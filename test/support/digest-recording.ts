import { createHash } from 'node:crypto';
import type { ReadOutcome } from '../../shared/event-table/recording.ts';

/** A short text that is the same for two outcomes exactly when all they hold is the same. */
export function digestOutcome(outcome: ReadOutcome): string {
  const hash = createHash('sha256');
  if (!outcome.ok) return hash.update(JSON.stringify(outcome)).digest('hex');
  const { table, ...rest } = outcome.recording;
  hash.update(JSON.stringify(rest));
  for (const [name, value] of Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`\n${name}\n`);
    if (ArrayBuffer.isView(value)) hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    else hash.update(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part)));
  }
  return hash.digest('hex');
}
