import type { RecordingTime } from '../units.ts';

/** Edges of the bins for durations: 0, 1, 2, 5, 10, 20, 50 … up to more than any recording lasts. Units: as RecordingTime. */
export const DURATION_EDGES: readonly RecordingTime[] = [
  0,
  ...Array.from({ length: 19 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat(),
];

/** The bin of a duration: the last edge that is not above it. */
export function durationBin(duration: RecordingTime): number {
  let low = 0;
  let high = DURATION_EDGES.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (DURATION_EDGES[middle]! <= duration) low = middle;
    else high = middle;
  }
  return low;
}
