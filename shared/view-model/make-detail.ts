import type { RecordingTime } from '../units.ts';
import { decimateSteps } from './decimate-steps.ts';
import { ABSENT, type DetailPoint } from './recording-view.ts';
import type { ReferenceSeries } from './reference-series.ts';
import { xToTime } from './time-scale.ts';

/** One module's references in a window as a chart library wants them, with a point at either end of the window. */
export function makeDetail(
  series: ReferenceSeries,
  time: Float64Array,
  from: RecordingTime,
  to: RecordingTime,
  maxPoints: number,
): readonly DetailPoint[] {
  const scale = { from, to, width: Math.max(1, maxPoints - 2) };
  const { x, min, max, last, entry } = decimateSteps(series, time, scale);
  const points: DetailPoint[] = [{ time: from, min: entry, max: entry, last: entry }];
  for (let i = 0; i < x.length; i++)
    points.push({ time: xToTime(scale, x[i]!), min: known(min[i]!), max: known(max[i]!), last: known(last[i]!) });
  const exit = points[points.length - 1]!.last;
  points.push({ time: to, min: exit, max: exit, last: exit });
  return points;
}

function known(references: number): number {
  return references === ABSENT ? Number.NaN : references;
}
