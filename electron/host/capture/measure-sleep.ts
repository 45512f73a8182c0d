import { readFileSync } from 'node:fs';

/** What the kernel's clocks say, in seconds. */
export interface Clocks {
  /** Stands still while the machine is suspended. */
  readonly monotonic: () => number;
  /** Goes on meanwhile. */
  readonly sinceBoot: () => number;
}

/**
 * Seconds that the machine slept since now, whenever the result is called; exact to the 10 ms of /proc/uptime.
 *
 * Source: clock_gettime(2): CLOCK_MONOTONIC, which is that of `process.hrtime`, stands still in suspend. CLOCK_BOOTTIME, which
 * /proc/uptime tells (uptime_proc_show), does not; else the two go alike, however they are slewed.
 */
export function measureSleep(clocks: Clocks = clocksOfKernel): () => number {
  const apart = () => clocks.sinceBoot() - clocks.monotonic();
  const before = apart();
  return () => Math.max(0, apart() - before);
}

const clocksOfKernel: Clocks = {
  monotonic: () => Number(process.hrtime.bigint()) / 1e9,
  sinceBoot: () => Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]),
};
