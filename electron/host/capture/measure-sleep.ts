import { readFileSync } from 'node:fs';

/**
 * Seconds that the machine slept since now, whenever the result is called.
 *
 * Source: clock_gettime(2): CLOCK_MONOTONIC stands still in suspend; /proc/uptime does not (uptime_proc_show).
 */
export function measureSleep(): () => number {
  const before = clocksApart();
  return () => Math.max(0, clocksApart() - before);
}

function clocksApart(): number {
  const uptime = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
  return uptime - Number(process.hrtime.bigint()) / 1e9;
}
