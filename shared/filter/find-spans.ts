import { firstPlace } from '../bisect.ts';
import type { NumberRange, TermOf } from './filter.ts';

/** Whether a value is in one of the ranges, their ends included. */
export function inRanges(ranges: readonly NumberRange[], value: number): boolean {
  for (const { from, to } of ranges) if (value >= from && value <= to) return true;
  return false;
}

/**
 * The rows whose time passes a term, as spans: `from` is in the span, `to` is not. In order and apart.
 *
 * Shape: `time` never decreases.
 */
export function timeSpans(term: TermOf<'time'>, time: Float64Array): readonly NumberRange[] {
  const ranges = [...term.ranges].sort((a, b) => a.from - b.from);
  const spans: NumberRange[] = [];
  for (const range of ranges) {
    const from = firstRow(time, (at) => at >= range.from);
    const to = firstRow(time, (at) => at > range.to);
    const last = spans[spans.length - 1];
    if (last !== undefined && from <= last.to) spans[spans.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else if (from < to) spans.push({ from, to });
  }
  return term.negated ? between(spans, time.length) : spans;
}

/** What is in a span of each of both. */
export function intersectSpans(a: readonly NumberRange[], b: readonly NumberRange[]): readonly NumberRange[] {
  return a.flatMap((one) =>
    b
      .map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }))
      .filter(({ from, to }) => from < to),
  );
}

function between(spans: readonly NumberRange[], length: number): readonly NumberRange[] {
  const starts = [0, ...spans.map(({ to }) => to)];
  const ends = [...spans.map(({ from }) => from), length];
  return starts.map((from, i) => ({ from, to: ends[i]! })).filter(({ from, to }) => from < to);
}

/** The first row whose time is so, where all later ones are so too; the number of rows when none is. */
function firstRow(time: Float64Array, isSo: (at: number) => boolean): number {
  return firstPlace(time.length, (row) => isSo(time[row]!));
}
