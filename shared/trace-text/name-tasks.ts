import { EventFlag, type EventTable, type Task } from '../event-table/event-table.ts';
import type { ProcessNote } from '../event-table/process-note.ts';

/** What the kernel prints for a task whose name it has not saved. */
const UNKNOWN_COMM = '<...>';

/**
 * How far, in time, a name is carried to a nameless event of the same pid. Short-lived tools are named within
 * milliseconds; a pid is not given out again before all others were, which takes much longer than this.
 */
const FARTHEST_NAME_NS = 10_000_000_000;

export function isUnknownTask({ comm }: Task): boolean {
  return comm === UNKNOWN_COMM;
}

/**
 * Names `<...>` tasks from what was looked up while it was recorded, else from events of the same pid, and flags what was
 * so inferred.
 *
 * The nearest named event before and the nearest after are asked. One of them is enough where it lies within ten
 * seconds; where both do, they have to agree: else the task changed its name, or is another one with its pid, and
 * nobody knows on which side of that the event lies. Where the clock counts no seconds, all names of the pid in the
 * whole recording have to be the same.
 */
export function nameTasks(table: EventTable, notes: readonly ProcessNote[] = []): void {
  nameByNotes(table, notes);
  const { tasks } = table;
  const pids = numberNamelessPids(tasks);
  if (pids.count === 0) return;
  const rows = rowsOfPids(table, pids);
  const ticks = table.clock.unit === 'ticks';
  const bound = ticks ? Number.POSITIVE_INFINITY : FARTHEST_NAME_NS;
  const before = nearestNames(table, pids, rows, bound);
  const after = nearestNames(table, pids, rows.slice().reverse(), bound).reverse();
  const changing = ticks ? pidsWithSeveralNames(tasks) : new Set<number>();
  rows.forEach((row, i) => {
    const left = before[i]!;
    const right = after[i]!;
    const named = left >= 0 ? left : right;
    if (named < 0 || changing.has(tasks[named]!.pid)) return;
    if (left >= 0 && right >= 0 && tasks[left]!.comm !== tasks[right]!.comm) return;
    table.task[row] = named;
    table.flags[row] = table.flags[row]! | EventFlag.taskInferred;
  });
}

/**
 * Names those that were looked up while they were recorded. A note stands behind the first event of its process, and
 * another one where the name changes: so the next note is the one, else the last before.
 */
function nameByNotes(table: EventTable, notes: readonly ProcessNote[]): void {
  if (notes.length === 0 || !table.tasks.some(isUnknownTask)) return;
  const notesOf = new Map<number, ProcessNote[]>();
  for (const note of notes) notesOf.set(note.pid, [...(notesOf.get(note.pid) ?? []), note]);
  const tasks = table.tasks as Task[];
  const nameOf = ({ comm, pid, tgid }: Task) => `${pid} ${tgid} ${comm}`;
  const known = new Map(tasks.map((task, index) => [nameOf(task), index]));
  for (let row = 0; row < table.length; row++) {
    const task = tasks[table.task[row]!]!;
    if (!isUnknownTask(task)) continue;
    const line = table.line[row]!;
    const own = notesOf.get(task.pid);
    const note = own?.find((one) => one.line >= line) ?? own?.at(-1);
    if (note === undefined) continue;
    const named = { ...task, comm: note.comm };
    const name = nameOf(named);
    if (!known.has(name)) known.set(name, tasks.push(named) - 1);
    table.task[row] = known.get(name)!;
    table.flags[row] = table.flags[row]! | EventFlag.taskInferred;
  }
}

/** The pids that have nameless events, numbered, so that the rest is work on arrays. */
interface NamelessPids {
  readonly count: number;
  /** For every task the number of its pid; −1 where that pid has no nameless event. */
  readonly ofTask: Int32Array;
  /** For every task whether it is a nameless one. */
  readonly nameless: Uint8Array;
}

function numberNamelessPids(tasks: readonly Task[]): NamelessPids {
  const numbers = new Map<number, number>();
  const nameless = new Uint8Array(tasks.length);
  for (let task = 0; task < tasks.length; task++) {
    const { comm, pid } = tasks[task]!;
    if (comm !== UNKNOWN_COMM) continue;
    nameless[task] = 1;
    if (!numbers.has(pid)) numbers.set(pid, numbers.size);
  }
  const ofTask = new Int32Array(tasks.length);
  for (let task = 0; task < tasks.length; task++) ofTask[task] = numbers.get(tasks[task]!.pid) ?? -1;
  return { count: numbers.size, ofTask, nameless };
}

/** The rows that name a nameless event, or may give it a name. */
function rowsOfPids(table: EventTable, pids: NamelessPids): Uint32Array {
  const rows = new Uint32Array(table.length);
  const { ofTask } = pids;
  const { task } = table;
  let count = 0;
  for (let row = 0; row < table.length; row++) {
    rows[count] = row;
    if (ofTask[task[row]!]! >= 0) count++;
  }
  return rows.subarray(0, count);
}

/**
 * For each of some rows, where it is nameless, the named task of its pid that comes nearest before it in the order of
 * `rows`; −1 where none is near.
 */
function nearestNames(table: EventTable, pids: NamelessPids, rows: Uint32Array, bound: number): Int32Array {
  const nearest = new Int32Array(rows.length).fill(-1);
  const lastTask = new Int32Array(pids.count).fill(-1);
  const lastTime = new Float64Array(pids.count);
  for (let i = 0; i < rows.length; i++) {
    const task = table.task[rows[i]!]!;
    const time = table.time[rows[i]!]!;
    const pid = pids.ofTask[task]!;
    if (pids.nameless[task] === 0) {
      lastTask[pid] = task;
      lastTime[pid] = time;
    } else if (Math.abs(time - lastTime[pid]!) <= bound) nearest[i] = lastTask[pid]!;
  }
  return nearest;
}

function pidsWithSeveralNames(tasks: readonly Task[]): Set<number> {
  const names = new Map<number, string>();
  const several = new Set<number>();
  for (const { comm, pid } of tasks) {
    if (comm === UNKNOWN_COMM) continue;
    const name = names.get(pid);
    if (name === undefined) names.set(pid, comm);
    else if (name !== comm) several.add(pid);
  }
  return several;
}
