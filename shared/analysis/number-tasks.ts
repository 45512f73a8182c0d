import type { EventTable } from '../event-table/event-table.ts';
import { PairNumbers } from './number-pairs.ts';

/** Per task of a table, as small numbers, who it is. */
export interface TaskNumbers {
  /** Its thread: tasks that differ only in their comm share it. −1 for pid 0, which is nobody. */
  readonly threadOf: Int32Array;
  readonly threads: number;
  /** Its process: threads of one process are one where the recording tells. −1 for pid 0. */
  readonly processOf: Int32Array;
  readonly processes: number;
  readonly commOf: Int32Array;
}

/** Numbers the threads, processes and names of a recording, so that comparing them is comparing numbers. */
export function numberTasks({ tasks }: EventTable): TaskNumbers {
  const threads = new PairNumbers();
  const threadOf = new Int32Array(tasks.length);
  const commOf = new Int32Array(tasks.length);
  const comms = new Map<string, number>();
  const tgids = new Map<number, number>();
  for (let task = 0; task < tasks.length; task++) {
    const { comm, pid, tgid } = tasks[task]!;
    threadOf[task] = pid === 0 ? -1 : threads.number(pid, 0);
    if (tgid >= 0) tgids.set(pid, tgid);
    let name = comms.get(comm);
    if (name === undefined) {
      name = comms.size;
      comms.set(comm, name);
    }
    commOf[task] = name;
  }
  if (tgids.size === 0)
    return { threadOf, threads: threads.size, processOf: threadOf, processes: threads.size, commOf };
  const processes = new PairNumbers();
  const processOf = Int32Array.from(tasks, ({ pid }) => (pid === 0 ? -1 : processes.number(tgids.get(pid) ?? pid, 0)));
  return { threadOf, threads: threads.size, processOf, processes: processes.size, commOf };
}
