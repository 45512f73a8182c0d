import type { HoldTable } from '../analysis/hold-table.ts';
import { firstAbove, firstNotBelow } from '../bisect.ts';
import type { IndexIntoHolds, RecordingTime } from '../units.ts';
import type { HoldStep } from './recording-view.ts';

/** The hold after or before another, or a time, among some in order of their start. */
export function findHoldStep(
  holds: HoldTable,
  among: Int32Array,
  hold: IndexIntoHolds | undefined,
  time: RecordingTime,
  by: 1 | -1,
): HoldStep | undefined {
  const here = hold === undefined ? -1 : among.indexOf(hold);
  const place =
    here >= 0
      ? here + by
      : by > 0
        ? firstAbove(holds.start, among, time, 0, among.length)
        : firstNotBelow(holds.start, among, time, 0, among.length) - 1;
  const found = among[place];
  return found === undefined ? undefined : { hold: found, start: holds.start[found]!, end: holds.end[found]! };
}
