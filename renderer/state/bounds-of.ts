import type { RecordingSummary } from '../../shared/view-model/recording-view.ts';
import { type TimeBounds, timeBounds } from '../../shared/view-model/time-scale.ts';

/** What the timeline may show of a recording. */
export function boundsOf({ clock, end }: Pick<RecordingSummary, 'clock' | 'end'>): TimeBounds {
  return timeBounds(end, clock.unit === 'ticks' ? 1 : 10 ** (9 - clock.digits));
}
