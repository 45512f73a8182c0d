import { firstPlace } from '../bisect.ts';
import type { ByteDictionary } from './byte-dictionary.ts';
import { type ColumnName, columnArrays, columnNames } from './event-columns.ts';
import type { CallSite, EventTable, LostEvents, Task } from './event-table.ts';
import { countRowsTo, type EventTableBuilder, type NameDecoders } from './event-table-builder.ts';
import { sortRows } from './sort-rows.ts';

/** Frames that are being read, and the row that they will be of. */
export interface OpenStack {
  readonly row: number;
  readonly frames: readonly string[];
}

const FIRST_ROWS = 4096;

type Columns = Pick<EventTable, ColumnName>;

/**
 * The table that a builder would finish now, over and over while the builder is being filled. It only looks: what the
 * builder finishes in the end does not depend on whether and when it was looked at.
 *
 * Shape: every row is copied once, behind those before it; what came late is sorted in among the last of them. A table
 * is a view of the columns, and stays as it is: what changes of rows that were shown before is changed in a copy.
 */
export class GrowingTable {
  private readonly builder: EventTableBuilder;
  private readonly decode: NameDecoders;
  private rows = 0;
  /** Rows that the table before shows. */
  private shown = 0;
  private capacity = 0;
  private columns = {} as Columns;
  /** Time of the earliest row, from the first that was appended. */
  private first = 0;
  /** Whether some row came after one of a later time, so that a row's number in the builder is not its place here. */
  private disordered = false;
  /** The row that shows frames which the builder does not have yet. */
  private openStackRow: number | undefined;
  private readonly modules: string[] = [];
  private readonly comms: string[] = [];
  private readonly tasks: Task[] = [];
  private readonly callSites: CallSite[] = [];
  private readonly details: string[] = [];

  constructor(builder: EventTableBuilder, decode: NameDecoders) {
    this.builder = builder;
    this.decode = decode;
    builder.stackedRows = [];
    this.reserve(FIRST_ROWS);
  }

  /** What there is now. */
  look(openStack: OpenStack | undefined): EventTable {
    this.shown = this.rows;
    this.takeRows();
    const stacks = this.takeStacks(openStack);
    const { builder, decode } = this;
    addNames(this.modules, builder.modules, decode.text);
    addNames(this.callSites, builder.callSites, decode.callSite);
    addNames(this.details, builder.details, decode.text);
    this.addTasks();
    return {
      length: this.rows,
      clock: builder.clockFrom(this.first),
      ...this.viewColumns(),
      modules: [...this.modules],
      tasks: [...this.tasks],
      callSites: [...this.callSites],
      details: [...this.details],
      stacks,
      buffers: [...builder.buffers],
      lost: this.placeLost(),
      countedRows: this.disordered
        ? countRowsTo(builder.lastCountedLine, this.columns.line.subarray(0, this.rows))
        : builder.countedRows,
    };
  }

  private takeRows(): void {
    const { builder, rows: before } = this;
    const length = builder.length;
    if (length === before) return;
    this.reserve(length);
    for (const name of columnNames) builder.columns.copy(name, before, this.columns[name]);
    this.rows = length;
    const { time } = this.columns;
    let earliest = Number.POSITIVE_INFINITY;
    let latest = before > 0 ? time[before - 1]! : Number.NEGATIVE_INFINITY;
    let inOrder = true;
    for (let row = before; row < length; row++) {
      const at = time[row]! - this.first;
      time[row] = at;
      if (at < latest) inOrder = false;
      else latest = at;
      if (at < earliest) earliest = at;
    }
    if (!inOrder) this.sortFrom(firstPlace(before, (place) => time[place]! > earliest));
    this.startAtZero();
  }

  /** Sorts the rows from a place on; those of one time stay as they stand. */
  private sortFrom(place: number): void {
    const order = sortRows(this.columns.time.subarray(place, this.rows));
    if (order === undefined) return;
    this.disordered = true;
    for (const name of columnNames) {
      if (place < this.shown) this.leave(name);
      const part = this.columns[name].subarray(place, this.rows);
      const old = part.slice();
      for (let i = 0; i < part.length; i++) part[i] = old[order[i]!]!;
    }
  }

  /** The earliest event is time zero, also one that came late. */
  private startAtZero(): void {
    const shift = this.columns.time[0]!;
    if (shift === 0) return;
    if (this.shown > 0) this.leave('time');
    const { time } = this.columns;
    this.first += shift;
    for (let row = 0; row < this.rows; row++) time[row] = time[row]! - shift;
  }

  private takeStacks(openStack: OpenStack | undefined): readonly (readonly string[])[] {
    const { builder } = this;
    const changed = builder.stackedRows ?? [];
    if (this.openStackRow !== undefined) changed.push(this.openStackRow);
    for (const row of changed) {
      const { segment, at } = builder.columns.locate(row);
      this.setStack(row, segment.stack[at]!);
    }
    builder.stackedRows = [];
    this.openStackRow = openStack?.row;
    if (openStack === undefined) return [...builder.stacks];
    const { id, all } = builder.stackWith(openStack.row, openStack.frames);
    this.setStack(openStack.row, id);
    return id < builder.stacks.length ? [...builder.stacks] : [...builder.stacks, all];
  }

  private setStack(row: number, id: number): void {
    const place = this.placeOf(row);
    if (this.columns.stack[place] === id) return;
    if (place < this.shown) this.leave('stack');
    this.columns.stack[place] = id;
  }

  /** Leaves a column to the tables that show it, and goes on with a copy. */
  private leave(name: ColumnName): void {
    this.columns = { ...this.columns, [name]: this.columns[name].slice() };
  }

  /** Where a row of the builder stands here. Rows of one time stand in the order of their lines. */
  private placeOf(row: number): number {
    if (!this.disordered) return row;
    const { segment, at } = this.builder.columns.locate(row);
    const { time, line } = this.columns;
    const itsTime = segment.time[at]! - this.first;
    const itsLine = segment.line[at]!;
    return firstPlace(
      this.rows,
      (place) => time[place]! > itsTime || (time[place] === itsTime && line[place]! >= itsLine),
    );
  }

  private placeLost(): LostEvents[] {
    const { lost } = this.builder;
    if (!this.disordered) return [...lost];
    return lost
      .map((mark) => (mark.beforeRow < this.rows ? { ...mark, beforeRow: this.placeOf(mark.beforeRow) } : mark))
      .sort((a, b) => a.beforeRow - b.beforeRow);
  }

  private addTasks(): void {
    const { tasks } = this.builder;
    addNames(this.comms, tasks.comms, this.decode.text);
    for (let task = this.tasks.length; task < tasks.size; task++)
      this.tasks.push({ comm: this.comms[tasks.comm[task]!]!, pid: tasks.pid[task]!, tgid: tasks.tgid[task]! });
  }

  private viewColumns(): Columns {
    const views = columnNames.map((name) => [name, this.columns[name].subarray(0, this.rows)]);
    return Object.fromEntries(views) as unknown as Columns;
  }

  private reserve(rows: number): void {
    if (rows <= this.capacity) return;
    this.capacity = Math.max(rows, Math.ceil(this.capacity * 1.5), FIRST_ROWS);
    const grown = columnNames.map((name) => {
      const column = new columnArrays[name](this.capacity);
      if (this.rows > 0) column.set(this.columns[name].subarray(0, this.rows));
      return [name, column];
    });
    this.columns = Object.fromEntries(grown) as unknown as Columns;
  }
}

function addNames<Name>(known: Name[], dictionary: ByteDictionary, decode: (bytes: Uint8Array) => Name): void {
  for (let id = known.length; id < dictionary.size; id++) known.push(decode(dictionary.entry(id)));
}
