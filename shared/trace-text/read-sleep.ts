import type { ByteText } from './decode-bytes.ts';

/**
 * Seconds that the machine slept, of a line that ModShark writes where a recording went on after a suspend: the trace
 * clock stands still meanwhile. Undefined where the line is none.
 */
export function readSleep(text: ByteText): number | undefined {
  const seconds = /^# the machine slept for (\d{1,9}\.\d) s until here$/.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
