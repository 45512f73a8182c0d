import { EventFlag, type EventTable, type Task } from '../event-table/event-table.ts';
import type { ProcessNote } from '../event-table/process-note.ts';

/** What the kernel prints for a task whose name it has not saved. */
const UNKNOWN_COMM = '<...>';

/**
 * How far, in time, a name is carried to a nameless event of the same pid. Short-lived tools are named within
 * milliseconds; a pid is not given out again before all others were, which takes much longer than this.
 */
const FARTHEST_NAME_NS = 10_000_000_000;

/** Whether the kernel did not know its name any more and printed `<...>`. */
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
  const pids = numberNamelessPids(table.tasks);
  if (pids.count === 0) return;
  const ticks = table.clock.unit === 'ticks';
  const bound = ticks ? Number.POSITIVE_INFINITY : FARTHEST_NAME_NS;
  const changing = ticks ? pidsWithSeveralNames(table.tasks) : new Set<number>();
  const rows = rowsOfPids(table, pids);
  const before = namesBefore(table, pids, rows, bound);
  takeNames(table, pids, rows, before, bound, changing);
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
  /** For every task twice the number of its pid, and 1 more where it is a nameless one; −1 for pids without any. */
  readonly ofTask: Int32Array;
}

function numberNamelessPids(tasks: readonly Task[]): NamelessPids {
  const numbers = new Map<number, number>();
  for (const { comm, pid } of tasks) if (comm === UNKNOWN_COMM && !numbers.has(pid)) numbers.set(pid, numbers.size);
  const ofTask = new Int32Array(tasks.length).fill(-1);
  if (numbers.size === 0) return { count: 0, ofTask };
  for (let task = 0; task < tasks.length; task++) {
    const { comm, pid } = tasks[task]!;
    const number = numbers.get(pid);
    if (number !== undefined) ofTask[task] = number * 2 + (comm === UNKNOWN_COMM ? 1 : 0);
  }
  return { count: numbers.size, ofTask };
}

/** The rows that name a nameless event, or may give it a name. */
function rowsOfPids({ length, task }: EventTable, { ofTask }: NamelessPids): Uint32Array {
  const rows = new Uint32Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) {
    rows[count] = row;
    if (ofTask[task[row]!]! >= 0) count++;
  }
  return rows.subarray(0, count);
}

/** For each of some rows, where it is nameless, the named task of its pid that comes nearest before; −1 where none is near. */
function namesBefore(table: EventTable, pids: NamelessPids, rows: Uint32Array, bound: number): Int32Array {
  const before = new Int32Array(rows.length).fill(-1);
  const named = new NearestNames(pids.count, bound);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const task = table.task[row]!;
    const pid = pids.ofTask[task]!;
    if ((pid & 1) === 0) named.meet(pid >> 1, task, table.time[row]!);
    else before[i] = named.near(pid >> 1, table.time[row]!);
  }
  return before;
}

/** Goes back from the end, so that the name that comes nearest behind is the one that was met last. */
function takeNames(
  table: EventTable,
  pids: NamelessPids,
  rows: Uint32Array,
  before: Int32Array,
  bound: number,
  changing: ReadonlySet<number>,
): void {
  const { tasks, time, flags } = table;
  const named = new NearestNames(pids.count, bound);
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i]!;
    const task = table.task[row]!;
    const pid = pids.ofTask[task]!;
    if ((pid & 1) === 0) {
      named.meet(pid >> 1, task, time[row]!);
      continue;
    }
    const left = before[i]!;
    const right = named.near(pid >> 1, time[row]!);
    const name = left >= 0 ? left : right;
    if (name < 0 || changing.has(tasks[name]!.pid)) continue;
    if (left >= 0 && right >= 0 && left !== right && tasks[left]!.comm !== tasks[right]!.comm) continue;
    table.task[row] = name;
    flags[row] = flags[row]! | EventFlag.taskInferred;
  }
}

/** The named task of every pid that was met last on the way through the rows. */
class NearestNames {
  private readonly task: Int32Array;
  private readonly time: Float64Array;
  private readonly bound: number;

  constructor(pids: number, bound: number) {
    this.task = new Int32Array(pids).fill(-1);
    this.time = new Float64Array(pids);
    this.bound = bound;
  }

  meet(pid: number, task: number, time: number): void {
    this.task[pid] = task;
    this.time[pid] = time;
  }

  near(pid: number, time: number): number {
    return Math.abs(time - this.time[pid]!) <= this.bound ? this.task[pid]! : -1;
  }
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
