import type { RecordingTime } from '../units.ts';

/** How a recording prints time, and where its time zero lies. */
export interface Clock {
  /** `ticks` where the stamps are bare integers of an unknown unit (trace clocks counter, uptime, x86-tsc). */
  readonly unit: 'nanoseconds' | 'ticks';
  /** Digits behind the dot as printed: 6 or 9; 0 for ticks. */
  readonly digits: number;
  /** The first event's stamp, in nanoseconds or ticks. A bigint: a cycle counter or an epoch outgrows 2^53. */
  readonly start: bigint;
}

/** Writes a time the way the recording itself prints it: `102.168297`, or a bare integer for ticks. */
export function printTime(clock: Clock, time: RecordingTime): string {
  const stamp = clock.start + BigInt(Math.round(time));
  if (clock.unit === 'ticks') return stamp.toString();
  const negative = stamp < 0n;
  const digits = (negative ? -stamp : stamp).toString().padStart(10, '0');
  const seconds = digits.slice(0, -9);
  const fraction = digits.slice(-9).slice(0, clock.digits);
  return `${negative ? '-' : ''}${seconds}.${fraction}`;
}

/**
 * Reads a time as a person copies it from the recording.
 *
 * Errors: undefined where the text is no such time.
 */
export function parseTime(clock: Clock, text: string): RecordingTime | undefined {
  const match = /^\s*(\d+)(?:\.(\d{1,9}))?\s*$/.exec(text);
  if (match === null) return undefined;
  if (clock.unit === 'ticks') return match[2] === undefined ? Number(BigInt(match[1]!) - clock.start) : undefined;
  return Number(BigInt(match[1]!) * 1_000_000_000n + BigInt((match[2] ?? '').padEnd(9, '0')) - clock.start);
}
