import type { RecordingTime } from '../units.ts';
import type { TimeBounds, TimeScale } from './time-scale.ts';

type Window = Pick<TimeScale, 'from' | 'to'>;

/** Air between the latest event and the right edge, as a part of what is in view. */
const AIR = 0.06;

/** The window that shows a span of time up to the latest event; everything where that is no longer than the span. */
export function windowUpTo(end: RecordingTime, span: RecordingTime, bounds: TimeBounds): Window {
  const to = Math.min(end + span * AIR, bounds.end);
  const from = to - span;
  return from <= bounds.start ? { from: bounds.start, to: bounds.end } : { from, to };
}

/**
 * The span that a window goes on showing while it follows the latest event, Infinity for everything; undefined where
 * it leaves the latest event out.
 */
export function followedSpan(window: Window, end: RecordingTime, bounds: TimeBounds): RecordingTime | undefined {
  if (window.to < end) return undefined;
  return window.from <= bounds.start ? Number.POSITIVE_INFINITY : window.to - window.from;
}
