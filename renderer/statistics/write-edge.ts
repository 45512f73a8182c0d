import type { Clock } from '../../shared/event-table/clock.ts';
import type { RecordingTime } from '../../shared/units.ts';

const UNITS = [
  { size: 1, name: 'ns' },
  { size: 1e3, name: 'µs' },
  { size: 1e6, name: 'ms' },
  { size: 1e9, name: 's' },
] as const;

/** A round duration in few letters: `500 µs`, `2 s`. */
export function writeEdge(clock: Clock, duration: RecordingTime): string {
  if (duration === 0) return '0';
  if (clock.unit === 'ticks') return duration.toExponential(0).replace('e+', 'e');
  const unit = UNITS.findLast(({ size }) => size <= duration) ?? UNITS[0];
  return `${duration / unit.size} ${unit.name}`;
}
