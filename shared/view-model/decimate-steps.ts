import { firstAbove, firstNotBelow, nextNotBelow } from '../bisect.ts';
import { ABSENT, type TrackPicture } from './recording-view.ts';
import { extentOfEvents, type ReferenceSeries } from './reference-series.ts';
import { type TimeScale, timeToX, xToTime } from './time-scale.ts';

/**
 * The step line of a series in one window: every event where they are few, else the lowest, highest and last value of
 * each column of pixels in which something happened.
 */
export function decimateSteps(series: ReferenceSeries, time: Float64Array, scale: TimeScale): TrackPicture['steps'] {
  const { rows, values } = series;
  const columns = Math.max(1, Math.floor(scale.width));
  const from = firstNotBelow(time, rows, scale.from, 0, rows.length);
  const to = firstAbove(time, rows, scale.to, from, rows.length);
  const before = from > 0 ? values[from - 1]! : ABSENT;
  const entry = before === ABSENT ? Number.NaN : before;
  if (to - from <= columns) {
    const shown = rows.subarray(from, to);
    const exact = values.slice(from, to);
    return {
      x: Float32Array.from(shown, (row) => timeToX(scale, time[row]!)),
      min: exact,
      max: exact,
      last: exact,
      row: shown.slice(),
      entry,
    };
  }

  const x = new Float32Array(columns);
  const min = new Int32Array(columns);
  const max = new Int32Array(columns);
  const last = new Int32Array(columns);
  const row = new Int32Array(columns);
  let filled = 0;
  let place = from;
  for (let column = 0; column < columns && place < to; column++) {
    const isLast = column === columns - 1;
    const end = isLast
      ? to
      : nextNotBelow(time, rows, xToTime(scale, ((column + 1) * scale.width) / columns), place, to);
    if (end === place) continue;
    const extent = extentOfEvents(series, place, end);
    x[filled] = ((column + 0.5) * scale.width) / columns;
    min[filled] = extent.min;
    max[filled] = extent.max;
    last[filled] = values[end - 1]!;
    row[filled] = rows[end - 1]!;
    filled++;
    place = end;
  }
  return {
    x: x.slice(0, filled),
    min: min.slice(0, filled),
    max: max.slice(0, filled),
    last: last.slice(0, filled),
    row: row.slice(0, filled),
    entry,
  };
}
