/** Rows of the first segment, so that a short recording costs little, and of every later one. */
const FIRST_SEGMENT_ROWS = 1024;
const SEGMENT_ROWS = 65_536;

export type Column = Float64Array | Uint8Array | Uint16Array | Int32Array | Uint32Array;

/** One stretch of rows of every column. The names are those of `EventTable`. */
export interface ColumnSegment {
  rows: number;
  readonly capacity: number;
  readonly time: Float64Array;
  readonly kind: Uint8Array;
  readonly flags: Uint8Array;
  readonly cpu: Uint16Array;
  readonly task: Int32Array;
  readonly module: Int32Array;
  readonly callSite: Int32Array;
  readonly refcount: Int32Array;
  readonly detail: Int32Array;
  readonly stack: Int32Array;
  readonly line: Uint32Array;
  readonly buffer: Uint8Array;
}

export type ColumnName = Exclude<keyof ColumnSegment, 'rows' | 'capacity'>;

/** What each column is made of. */
export const columnArrays: { readonly [Name in ColumnName]: new (length: number) => Column } = {
  time: Float64Array,
  kind: Uint8Array,
  flags: Uint8Array,
  cpu: Uint16Array,
  task: Int32Array,
  module: Int32Array,
  callSite: Int32Array,
  refcount: Int32Array,
  detail: Int32Array,
  stack: Int32Array,
  line: Uint32Array,
  buffer: Uint8Array,
};

export const columnNames = Object.keys(columnArrays) as ColumnName[];

/**
 * Columns that grow by whole segments, so that growing copies nothing and the peak of memory stays near the final
 * size: `join` copies one column at a time and lets its segments go. Where `reserve` made the first segment large enough
 * for all, nothing is copied at all.
 */
export class EventColumns {
  last: ColumnSegment = createSegment(FIRST_SEGMENT_ROWS);
  /** Rows in the segments before the last. */
  before = 0;
  private segments: ColumnSegment[] = [this.last];

  get length(): number {
    return this.before + this.last.rows;
  }

  /** Adds an empty segment after a full one. */
  grow(): void {
    this.before += this.last.rows;
    this.last = createSegment(SEGMENT_ROWS);
    this.segments.push(this.last);
  }

  /**
   * Makes room for about so many rows in all, in one segment. Memory that no row comes to is never touched, and so never
   * taken from the system; allocating all at once spares the collector its rounds, which a growing heap sets off. Where so
   * much is not to be had the columns grow as they do without: so many rows need not come.
   */
  reserve(rows: number): void {
    const { length } = this;
    if (rows <= length + SEGMENT_ROWS) return;
    let segment: ColumnSegment;
    try {
      segment = createSegment(rows);
    } catch (error) {
      if (error instanceof RangeError) return;
      throw error;
    }
    for (const name of columnNames) this.copy(name, 0, segment[name]);
    segment.rows = length;
    this.segments = [segment];
    this.last = segment;
    this.before = 0;
  }

  /** The segment of a row, and the row's place in it. */
  locate(row: number): { readonly segment: ColumnSegment; readonly at: number } {
    const first = this.segments[0]!.capacity;
    if (row < first) return { segment: this.segments[0]!, at: row };
    const index = 1 + Math.floor((row - first) / SEGMENT_ROWS);
    return { segment: this.segments[index]!, at: (row - first) % SEGMENT_ROWS };
  }

  /** Copies one column's rows from `from` on into an array that holds those before it. */
  copy(name: ColumnName, from: number, into: Column): void {
    let start = 0;
    for (const segment of this.segments) {
      const skipped = Math.max(0, from - start);
      if (skipped < segment.rows) into.set(segment[name].subarray(skipped, segment.rows), start + skipped);
      start += segment.rows;
    }
  }

  /** One column in one array; in the order of `order` where it is given. The column's segments are released. */
  join<Name extends ColumnName>(name: Name, order: Uint32Array | undefined): ColumnSegment[Name] {
    const make = columnArrays[name] as new (length: number) => ColumnSegment[Name];
    const joined: Column = this.joinSegments(name, make);
    if (order === undefined) return joined as ColumnSegment[Name];
    const sorted: Column = new make(joined.length);
    for (let row = 0; row < sorted.length; row++) sorted[row] = joined[order[row]!]!;
    return sorted as ColumnSegment[Name];
  }

  private joinSegments(name: ColumnName, make: new (length: number) => Column): Column {
    const { segments } = this;
    const joined = segments.length === 1 ? this.last[name].subarray(0, this.last.rows) : new make(this.length);
    let at = 0;
    for (const segment of segments) {
      if (segments.length > 1) joined.set(segment[name].subarray(0, segment.rows), at);
      at += segment.rows;
      (segment as Partial<Record<ColumnName, Column>>)[name] = new make(0);
    }
    return joined;
  }
}

function createSegment(capacity: number): ColumnSegment {
  return {
    rows: 0,
    capacity,
    time: new Float64Array(capacity),
    kind: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
    cpu: new Uint16Array(capacity),
    task: new Int32Array(capacity),
    module: new Int32Array(capacity),
    callSite: new Int32Array(capacity),
    refcount: new Int32Array(capacity),
    detail: new Int32Array(capacity),
    stack: new Int32Array(capacity),
    line: new Uint32Array(capacity),
    buffer: new Uint8Array(capacity),
  };
}
