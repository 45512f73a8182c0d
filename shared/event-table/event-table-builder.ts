import { ByteDictionary } from './byte-dictionary.ts';
import type { Clock } from './clock.ts';
import { CpuStreams } from './cpu-streams.ts';
import { EventColumns } from './event-columns.ts';
import type { CallSite, EventTable, LostEvents, Task } from './event-table.ts';
import { sortRows } from './sort-rows.ts';
import { TaskDictionary } from './task-dictionary.ts';

const BILLION = 1_000_000_000;

/**
 * How far a CPU's own stream may step back before it cannot be one recording any more. A ring buffer never steps
 * back by itself; a few microseconds may come from rounding and from people's own tools.
 */
const LARGEST_STEP_BACK_NS = 10_000_000;

/** Farther from the first event, in billions, a time is no whole number of nanoseconds in a column any more (104 days). */
const FARTHEST_HIGH = 9_007_198;

/** What the names of a finished table are made with; the builder itself knows only bytes. */
export interface NameDecoders {
  readonly text: (bytes: Uint8Array) => string;
  readonly callSite: (bytes: Uint8Array) => CallSite;
}

/** Fills the columns of an event table row by row, in any order of time. */
export class EventTableBuilder {
  readonly modules = new ByteDictionary();
  readonly callSites = new ByteDictionary();
  readonly details = new ByteDictionary();
  readonly tasks = new TaskDictionary();
  readonly streams = new CpuStreams();
  readonly buffers: string[] = [''];
  readonly lost: LostEvents[] = [];
  /** How many rows there were when the kernel's own count was last found to be what is here; 0 for never. */
  countedRows = 0;
  /** Line of the first event that steps far back in its CPU's own stream; 0 while there is none. */
  stepBackLine = 0;
  /** The unit of the first event's stamp; undefined before it. */
  unit: Clock['unit'] | undefined;
  /** The first event's stamp: seconds and nanoseconds, or a tick count cut before its last nine digits. */
  private baseHigh = 0;
  private baseLow = 0;
  /** Most digits behind the dot so far; 0 for ticks. */
  digits = 0;
  readonly columns = new EventColumns();
  readonly stacks: string[][] = [];
  /** Rows that were given a stack since `GrowingTable` looked last; undefined while none looks. */
  stackedRows: number[] | undefined;
  private readonly stackIds = new Map<string, number>();

  get length(): number {
    return this.columns.length;
  }

  /** The number of a trace buffer's name; −1 when there are too many for the column. */
  internBuffer(name: string): number {
    const known = this.buffers.indexOf(name);
    if (known >= 0) return known;
    return this.buffers.length < 256 ? this.buffers.push(name) - 1 : -1;
  }

  /** Sets unit and zero of time at the first event. `digits` is 0 for ticks. */
  startClock(high: number, low: number, digits: number): void {
    this.unit = digits === 0 ? 'ticks' : 'nanoseconds';
    this.baseHigh = high;
    this.baseLow = low;
    this.digits = digits;
  }

  /** A later event printed more digits than the first. */
  widenDigits(digits: number): void {
    if (digits > this.digits) this.digits = digits;
  }

  /** Whether a stamp is near enough to the first event's for its time to be exact. */
  isNear(high: number): boolean {
    const distance = high - this.baseHigh;
    return distance < FARTHEST_HIGH && distance > -FARTHEST_HIGH;
  }

  /** Adds a row. The stamp comes in two parts, `high` billions and `low`, and has to be near. */
  append(
    high: number,
    low: number,
    kind: number,
    flags: number,
    cpu: number,
    task: number,
    module: number,
    callSite: number,
    refcount: number,
    detail: number,
    line: number,
    buffer: number,
  ): void {
    const columns = this.columns;
    let segment = columns.last;
    if (segment.rows === segment.capacity) {
      columns.grow();
      segment = columns.last;
    }
    const row = segment.rows++;
    const time = (high - this.baseHigh) * BILLION + (low - this.baseLow);
    segment.time[row] = time;
    segment.kind[row] = kind;
    // Most rows have none: what is zero already is not touched.
    if (flags !== 0) segment.flags[row] = flags;
    segment.cpu[row] = cpu;
    segment.task[row] = task;
    segment.module[row] = module;
    segment.callSite[row] = callSite;
    segment.refcount[row] = refcount;
    segment.detail[row] = detail;
    segment.stack[row] = -1;
    segment.line[row] = line;
    if (buffer !== 0) segment.buffer[row] = buffer;
    const streams = this.streams;
    const slot = buffer === 0 && cpu < 1024 ? cpu : streams.slot(buffer, cpu);
    const earlier = streams.time[slot]!;
    if (time < earlier) this.checkStepBack(earlier - time, line);
    else streams.time[slot] = time;
    streams.row[slot] = columns.before + row;
  }

  /** What the last event of a module printed as its refcount; undefined where it has no event yet. */
  lastRefcountOf(module: number): number | undefined {
    for (let row = this.length - 1; row >= 0; row--) {
      const { segment, at } = this.columns.locate(row);
      if (segment.module[at] === module) return segment.refcount[at]!;
    }
    return undefined;
  }

  taskOfRow(row: number): number {
    const { segment, at } = this.columns.locate(row);
    return segment.task[at]!;
  }

  /** Attaches frames to a row; behind the frames that it has already (a user's stack follows the kernel's). */
  attachStack(row: number, frames: readonly string[]): void {
    const { segment, at } = this.columns.locate(row);
    const { id, all, key } = this.stackWith(row, frames);
    if (id === this.stacks.length) {
      this.stacks.push(all);
      this.stackIds.set(key, id);
    }
    segment.stack[at] = id;
    this.stackedRows?.push(row);
  }

  /** The stack that a row has with some more frames, and its number: the next one that is free where none is like it. */
  stackWith(
    row: number,
    frames: readonly string[],
  ): { readonly id: number; readonly all: string[]; readonly key: string } {
    const { segment, at } = this.columns.locate(row);
    const before = segment.stack[at]!;
    const all = before < 0 ? [...frames] : [...this.stacks[before]!, ...frames];
    const key = all.join('\n');
    return { id: this.stackIds.get(key) ?? this.stacks.length, all, key };
  }

  /** The line of the last row that the kernel's count covers; −1 for none. */
  get lastCountedLine(): number {
    if (this.countedRows === 0) return -1;
    const { segment, at } = this.columns.locate(this.countedRows - 1);
    return segment.line[at]!;
  }

  /** The finished table. The builder is used up by it. */
  finish(decode: NameDecoders): EventTable {
    const { columns, lastCountedLine } = this;
    const unsorted = columns.join('time', undefined);
    const order = sortRows(unsorted);
    const time = order === undefined ? unsorted : Float64Array.from(order, (row) => unsorted[row]!);
    const first = time.length > 0 ? time[0]! : 0;
    if (first !== 0) for (let row = 0; row < time.length; row++) time[row] = time[row]! - first;
    const line = columns.join('line', order);
    return {
      length: time.length,
      clock: this.clockFrom(first),
      time,
      kind: columns.join('kind', order),
      flags: columns.join('flags', order),
      cpu: columns.join('cpu', order),
      task: columns.join('task', order),
      module: columns.join('module', order),
      callSite: columns.join('callSite', order),
      refcount: columns.join('refcount', order),
      detail: columns.join('detail', order),
      stack: columns.join('stack', order),
      line,
      buffer: columns.join('buffer', order),
      modules: entries(this.modules).map(decode.text),
      tasks: this.decodeTasks(decode.text),
      callSites: entries(this.callSites).map(decode.callSite),
      details: entries(this.details).map(decode.text),
      stacks: this.stacks,
      buffers: this.buffers,
      lost: placeLost(this.lost, order),
      countedRows: countRowsTo(lastCountedLine, line),
    };
  }

  /** The clock of a table whose first event is `first` nanoseconds or ticks away from the first that was appended. */
  clockFrom(first: number): Clock {
    return {
      unit: this.unit ?? 'nanoseconds',
      digits: this.digits,
      start: BigInt(this.baseHigh) * BigInt(BILLION) + BigInt(this.baseLow) + BigInt(first),
    };
  }

  private decodeTasks(text: NameDecoders['text']): Task[] {
    const { tasks } = this;
    const comms = entries(tasks.comms).map(text);
    return tasks.pid.map((pid, task) => ({ comm: comms[tasks.comm[task]!]!, pid, tgid: tasks.tgid[task]! }));
  }

  private checkStepBack(step: number, line: number): void {
    const largest = this.unit === 'ticks' ? 0 : LARGEST_STEP_BACK_NS;
    if (step > largest && this.stepBackLine === 0) this.stepBackLine = line;
  }
}

function entries(dictionary: ByteDictionary): Uint8Array[] {
  return Array.from({ length: dictionary.size }, (_, id) => dictionary.entry(id));
}

/** How many rows stand before the first that is of a later line: where one came late, what is proven ends before it. */
export function countRowsTo(lastLine: number, line: Uint32Array): number {
  let rows = 0;
  while (rows < line.length && line[rows]! <= lastLine) rows++;
  return rows;
}

/** Marks of loss stand before the row that followed them in the text; sorting moves them along with it. */
function placeLost(lost: readonly LostEvents[], order: Uint32Array | undefined): LostEvents[] {
  if (order === undefined || lost.length === 0) return [...lost];
  const placeOf = new Uint32Array(order.length);
  order.forEach((row, place) => {
    placeOf[row] = place;
  });
  return lost
    .map((mark) => (mark.beforeRow < order.length ? { ...mark, beforeRow: placeOf[mark.beforeRow]! } : mark))
    .sort((a, b) => a.beforeRow - b.beforeRow);
}
