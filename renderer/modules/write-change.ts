import { writeCount } from '../widgets/write-numbers.ts';

/** `+1`, `−2,001`: with a true minus, as wide as the plus. */
export function writeChange(change: number): string {
  return change > 0 ? `+${writeCount(change)}` : `−${writeCount(-change)}`;
}
