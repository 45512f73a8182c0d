import type { Clock } from '../event-table/clock.ts';
import type { CssPixels } from '../units.ts';
import { type TimeScale, timeToX } from './time-scale.ts';

export interface RulerTick {
  readonly x: CssPixels;
  /** The recording's own stamp, with as many digits as the step needs: `102.15`, or a bare integer for ticks. */
  readonly label: string;
}

/**
 * Marks for the ruler at round stamps: 1, 2 or 5 times a power of ten of the clock's own numbers. None is below zero,
 * though the window may reach there.
 *
 * Units: `spacing` is the least distance of two marks. Calculated in bigint, since a stamp may outgrow 2^53.
 */
export function rulerTicks(scale: TimeScale, clock: Clock, spacing: CssPixels): readonly RulerTick[] {
  const step = niceStep(((scale.to - scale.from) * spacing) / scale.width);
  const big = BigInt(step);
  const first = clock.start + BigInt(Math.floor(scale.from));
  const last = clock.start + BigInt(Math.ceil(scale.to));
  const ticks: RulerTick[] = [];
  for (let stamp = ceilTo(first, big); stamp <= last; stamp += big) {
    const x = timeToX(scale, Number(stamp - clock.start));
    if (stamp >= 0n && x >= 0 && x <= scale.width) ticks.push({ x, label: labelOf(stamp, step, clock) });
  }
  return ticks;
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `least`, and not below one nanosecond or tick. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
  for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power;
  return 10 * power;
}

function ceilTo(stamp: bigint, step: bigint): bigint {
  const rest = stamp % step;
  if (rest === 0n) return stamp;
  return rest > 0n ? stamp - rest + step : stamp - rest;
}

function labelOf(stamp: bigint, step: number, clock: Clock): string {
  if (clock.unit === 'ticks') return stamp.toString();
  let digits = 9;
  for (let unit = step; digits > 0 && unit % 10 === 0; unit /= 10) digits--;
  const text = stamp.toString().padStart(10, '0');
  const fraction = text.slice(-9).slice(0, digits);
  return `${text.slice(0, -9)}${fraction === '' ? '' : `.${fraction}`}`;
}
