import type { Sleep } from '../event-table/recording.ts';
import type { TimelineNote } from './draw-marks.ts';
import { writeClock } from './write-clock.ts';

/** What a recording itself says of a time: that the machine slept. */
export function noteSleeps(sleeps: readonly Sleep[]): readonly TimelineNote[] {
  return sleeps.map(({ time, seconds }) => ({ time, text: `slept for ${writeClock(seconds * 1000)}` }));
}
