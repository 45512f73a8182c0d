import type { RecordingSummary } from '../../shared/view-model/recording-view.ts';

/** How many events are shown whose holds and holders are still being worked out. */
export function countUnaccounted({ events, accounted }: Pick<RecordingSummary, 'events' | 'accounted'>): number {
  return events - accounted.events;
}
