import type { EventTable } from '../event-table/event-table.ts';
import type { RecordingTime } from '../units.ts';
import type { LostPicture } from './recording-view.ts';
import { type TimeScale, timeToX } from './time-scale.ts';

/** As many as the column can tell. */
const CPUS = 0x10000;

/** When events of one CPU were lost. */
export interface Loss {
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  /** 0 where the mark gives no number. */
  readonly count: number;
}

/**
 * Every loss of a recording as a stretch of time, by start: from the last event of that CPU before the mark to its
 * first one after it; the recording's ends where there is none, and any CPU's events where the mark names none.
 */
export function findLosses(table: EventTable): readonly Loss[] {
  if (table.lost.length === 0) return [];
  const end = table.length === 0 ? 0 : table.time[table.length - 1]!;
  const before = rowsBefore(table);
  const after = rowsAfter(table);
  return table.lost
    .map((mark, i) => ({
      from: before[i]! < 0 ? 0 : table.time[before[i]!]!,
      to: after[i]! >= table.length ? end : table.time[after[i]!]!,
      count: Math.max(0, mark.count),
    }))
    .sort((a, b) => a.from - b.from);
}

function rowsBefore({ lost, cpu, length }: EventTable): number[] {
  const lastOfCpu = new Int32Array(CPUS).fill(-1);
  let row = 0;
  return lost.map((mark) => {
    for (; row < Math.min(mark.beforeRow, length); row++) lastOfCpu[cpu[row]!] = row;
    return mark.cpu < 0 ? mark.beforeRow - 1 : (lastOfCpu[mark.cpu] ?? -1);
  });
}

function rowsAfter({ lost, cpu, length }: EventTable): number[] {
  const firstOfCpu = new Int32Array(CPUS).fill(length);
  const after: number[] = new Array(lost.length);
  let row = length - 1;
  for (let i = lost.length - 1; i >= 0; i--) {
    const mark = lost[i]!;
    for (; row >= mark.beforeRow; row--) firstOfCpu[cpu[row]!] = row;
    after[i] = mark.cpu < 0 ? mark.beforeRow : (firstOfCpu[mark.cpu] ?? length);
  }
  return after;
}

/** The losses that a window shows; those that touch are drawn as one. Seen at every zoom: never thinner than a pixel. */
export function pictureLosses(losses: readonly Loss[], scale: TimeScale): readonly LostPicture[] {
  const pictures: { x0: number; x1: number; count: number }[] = [];
  for (const { from, to, count } of losses) {
    if (to < scale.from || from > scale.to) continue;
    const x0 = Math.max(0, timeToX(scale, from));
    const x1 = Math.max(x0 + 1, Math.min(scale.width, timeToX(scale, to)));
    const last = pictures[pictures.length - 1];
    if (last !== undefined && x0 <= last.x1) {
      last.x1 = Math.max(last.x1, x1);
      last.count += count;
    } else pictures.push({ x0, x1, count });
  }
  return pictures;
}
