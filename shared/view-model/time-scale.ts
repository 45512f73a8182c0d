import type { CssPixels, RecordingTime } from '../units.ts';

/**
 * The only place where time and pixels meet.
 *
 * ```
 * time   from                      to
 *         |-------------------------|
 * pixels  0                       width
 * ```
 */
export interface TimeScale {
  readonly from: RecordingTime;
  readonly to: RecordingTime;
  readonly width: CssPixels;
}

/** What a window may show: never beyond `start … end`, never less than `minSpan`. */
export interface TimeBounds {
  readonly start: RecordingTime;
  readonly end: RecordingTime;
  readonly minSpan: RecordingTime;
}

/** Where a time is on the screen; beyond both edges too. */
export function timeToX(scale: TimeScale, time: RecordingTime): CssPixels {
  return ((time - scale.from) / (scale.to - scale.from)) * scale.width;
}

/** The time at a place on the screen; beyond both edges too. */
export function xToTime(scale: TimeScale, x: CssPixels): RecordingTime {
  return scale.from + (x / scale.width) * (scale.to - scale.from);
}

/**
 * The bounds of a recording that ends at `end`, with a little air at both ends so that the first and the last event
 * are not drawn on the border; more at the end, where what is still held goes on. A recording of one instant gets a
 * window all the same.
 *
 * Units: `resolution` is the smallest step of the printed time, in nanoseconds or ticks.
 */
export function timeBounds(end: RecordingTime, resolution: RecordingTime): TimeBounds {
  const minSpan = 20 * resolution;
  const air = Math.max(end * 0.02, minSpan);
  return { start: -air, end: end + 5 * air, minSpan };
}

/** The nearest scale that keeps to the bounds; the span is kept where it can be. */
export function clampScale(scale: TimeScale, bounds: TimeBounds): TimeScale {
  const whole = bounds.end - bounds.start;
  const span = Math.min(Math.max(scale.to - scale.from, Math.min(bounds.minSpan, whole)), whole);
  const middle = scale.from + (scale.to - scale.from) / 2;
  const kept = span === scale.to - scale.from;
  const from = Math.min(Math.max(kept ? scale.from : middle - span / 2, bounds.start), bounds.end - span);
  return { from, to: from + span, width: scale.width };
}

/** Zooms so that the time under `x` stays there; a factor above 1 shows less time. */
export function zoomAt(scale: TimeScale, x: CssPixels, factor: number, bounds: TimeBounds): TimeScale {
  const span = scale.to - scale.from;
  const wanted = Math.min(Math.max(span / factor, bounds.minSpan), bounds.end - bounds.start);
  const from = xToTime(scale, x) - (x / scale.width) * wanted;
  return clampScale({ from, to: from + wanted, width: scale.width }, bounds);
}

/** Moves the window by pixels; a positive distance shows later times. */
export function panBy(scale: TimeScale, distance: CssPixels, bounds: TimeBounds): TimeScale {
  const shift = (distance / scale.width) * (scale.to - scale.from);
  return clampScale({ from: scale.from + shift, to: scale.to + shift, width: scale.width }, bounds);
}

/** Moves the window just so far that a time is visible, a tenth of the window from the border. */
export function reveal(scale: TimeScale, time: RecordingTime, bounds: TimeBounds): TimeScale {
  if (time >= scale.from && time <= scale.to) return scale;
  const span = scale.to - scale.from;
  const from = time < scale.from ? time - span / 10 : time - (span * 9) / 10;
  return clampScale({ from, to: from + span, width: scale.width }, bounds);
}
