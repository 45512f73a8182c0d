import type { EventTableBuilder } from '../event-table/event-table-builder.ts';
import type { LineContext } from './match-context.ts';

/** A stamp in two parts, so that no digit is lost to rounding: whole billions (seconds, for nanoseconds), and the rest. */
export interface Stamp {
  readonly high: number;
  readonly low: number;
}

/**
 * Reads the stamp of a line as the table takes it; the first line sets the clock.
 *
 * Errors: a string that says why the stamp fits no column.
 */
export function readStamp(context: LineContext, table: EventTableBuilder): Stamp | string {
  const { high, low, digits } = splitStamp(context);
  if (high > Number.MAX_SAFE_INTEGER) return 'the time stamp is out of range';
  if (table.unit === undefined) table.startClock(high, low, digits);
  if ((table.unit === 'ticks') !== (digits === 0)) return 'the time stamp counts in another unit than the first event';
  if (!table.isNear(high)) return 'the time stamp is more than 104 days from the first event';
  table.widenDigits(digits);
  return { high, low };
}

function splitStamp(context: LineContext): Stamp & { readonly digits: number } {
  const { whole, fraction, unit } = context;
  switch (unit) {
    case 'seconds':
      return { high: Number(whole), low: Number(fraction.padEnd(9, '0')), digits: fraction.length };
    case 'ticks':
      return { ...splitDigits(whole), digits: 0 };
    case 'microseconds':
      return { ...splitDigits(`${whole}000`), digits: 6 };
    case 'milliseconds':
      return { ...splitDigits(`${whole}${fraction}000`), digits: 6 };
  }
}

function splitDigits(digits: string): Stamp {
  return { high: Number(digits.slice(0, -9)), low: Number(digits.slice(-9)) };
}
