import { readFileSync } from 'node:fs';

/**
 * When a process began, in clock ticks since boot: with its pid it names one process, not the next one of that number.
 *
 * Source: proc_pid_stat(5), field 22; the name before it is in parentheses and may hold any of them.
 */
export function processStart(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
