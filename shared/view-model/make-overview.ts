import type { HoldTable } from '../analysis/hold-table.ts';
import { firstNotBelow } from '../bisect.ts';
import type { EventTable } from '../event-table/event-table.ts';
import type { RecordingTime } from '../units.ts';
import type { Loss } from './find-losses.ts';
import type { NarrowedRecording } from './narrow-recording.ts';
import type { Overview } from './recording-view.ts';

/** The whole recording in columns of equal time: events, holds open at the end of each, and losses that begin in it. */
export function makeOverview(
  table: EventTable,
  holds: HoldTable,
  losses: readonly Loss[],
  end: RecordingTime,
  columns: number,
  passing?: Pick<NarrowedRecording, 'rows' | 'passes'>,
): Overview {
  const width = Math.max(end, 1) / columns;
  const columnOf = (time: RecordingTime) => Math.min(columns - 1, Math.max(0, Math.floor(time / width)));

  // Open at the end T of a column: start ≤ T < end, so a hold counts from the column of its start on, up to that of its end.
  const change = new Int32Array(columns + 1);
  for (let hold = 0; hold < holds.length; hold++) {
    if (holds.transient[hold] !== 0 || passing?.passes(hold) === false) continue;
    change[columnOf(holds.start[hold]!)]!++;
    if (holds.end[hold] !== Number.POSITIVE_INFINITY) change[columnOf(holds.end[hold]!)]!--;
  }
  const lost = new Int32Array(columns);
  for (const loss of losses) lost[columnOf(loss.from)]! += Math.max(1, loss.count);

  const rows = passing?.rows;
  const all = rows?.length ?? table.length;
  let open = 0;
  let place = 0;
  return {
    columns: Array.from({ length: columns }, (_, column) => {
      const next = column === columns - 1 ? all : firstNotBelow(table.time, rows, (column + 1) * width, place, all);
      const events = next - place;
      place = next;
      open += change[column]!;
      return { time: column * width, events, open, lost: lost[column]! };
    }),
  };
}
