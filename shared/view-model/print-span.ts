import type { Clock } from '../event-table/clock.ts';
import type { RecordingTime } from '../units.ts';

/**
 * A length of time in the unit a person would choose, with every digit that the recording has: `873 ns`, `5.871 ms`,
 * `1.250004 s`, `4 min 05.000001 s`, `1 h 02 min 03 s`.
 */
export function printSpan(clock: Clock, span: RecordingTime): string {
  const sign = span < 0 ? '−' : '';
  const size = Math.abs(Math.round(span));
  if (clock.unit === 'ticks') return `${sign}${size} ticks`;
  if (size < 1_000) return `${sign}${size} ns`;
  if (size < 1_000_000) return `${sign}${trim(size, 3)} µs`;
  if (size < 1_000_000_000) return `${sign}${trim(size, 6)} ms`;
  const minutes = Math.floor(size / 60_000_000_000);
  if (minutes === 0) return `${sign}${trim(size, 9)} s`;
  const seconds = trim(size - minutes * 60_000_000_000, 9);
  const padded = /^\d(\.|$)/.test(seconds) ? `0${seconds}` : seconds;
  if (minutes < 60) return `${sign}${minutes} min ${padded} s`;
  return `${sign}${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min ${padded} s`;
}

/** A whole number with its last digits behind a dot, and no zeros at the end. */
function trim(value: number, digits: number): string {
  const text = String(value).padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  return fraction === '' ? text.slice(0, -digits) : `${text.slice(0, -digits)}.${fraction}`;
}
