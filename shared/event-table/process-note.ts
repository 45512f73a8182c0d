import type { LineNumber } from '../units.ts';

/** Who had a pid when it was seen first: looked up in /proc by who recorded, while it lived. */
export interface ProcessNote {
  /** As the events print it: a thread's id. */
  readonly pid: number;
  /** The process that the thread belongs to; the same number for its first thread. */
  readonly process: number;
  readonly comm: string;
  /** Target of /proc/PID/exe; empty for kernel threads and where it is forbidden. */
  readonly executable: string;
  /** Who started it, and who that one, nearest first. */
  readonly parents: readonly { readonly pid: number; readonly comm: string }[];
  /** Lines of /proc/PID/cgroup from which systemd's unit is told. */
  readonly cgroups: readonly string[];
  readonly user: number;
  /** Where it stands in the text: behind the event that it was looked up for. */
  readonly line: LineNumber;
}
