import { type ProcessFiles, realProcessFiles } from './look-up-process.ts';

/**
 * When a process began, in clock ticks since boot: with its pid it names one process, not the next one of that number.
 *
 * Source: proc_pid_stat(5), field 22; the name before it is in parentheses and may hold any of them.
 */
export function processStart(pid: number, files: ProcessFiles = realProcessFiles): string | undefined {
  const stat = files.read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
