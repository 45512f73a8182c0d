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

/**
 * Columns that grow by whole segments, so that growing copies nothing and the peak of memory stays near the final
 * size: `join` copies one column at a time and lets its segments go.
 */
export class EventColumns {
  last: ColumnSegment = createSegment(FIRST_SEGMENT_ROWS);
  /** Rows in the segments before the last. */
  private before = 0;
  private readonly segments: ColumnSegment[] = [this.last];

  get length(): number {
    return this.before + this.last.rows;
  }

  /** Adds an empty segment after a full one. */
  grow(): void {
    this.before += this.last.rows;
    this.last = createSegment(SEGMENT_ROWS);
    this.segments.push(this.last);
  }

  /** The segment of a row, and the row's place in it. */
  locate(row: number): { readonly segment: ColumnSegment; readonly at: number } {
    const index = row < FIRST_SEGMENT_ROWS ? 0 : 1 + Math.floor((row - FIRST_SEGMENT_ROWS) / SEGMENT_ROWS);
    const at = index === 0 ? row : (row - FIRST_SEGMENT_ROWS) % SEGMENT_ROWS;
    return { segment: this.segments[index]!, at };
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
    const make = this.segments[0]![name].constructor as new (length: number) => ColumnSegment[Name];
    const joined: Column = new make(this.length);
    let at = 0;
    for (const segment of this.segments) {
      joined.set(segment[name].subarray(0, segment.rows), at);
      at += segment.rows;
      (segment as Partial<Record<ColumnName, Column>>)[name] = new make(0);
    }
    if (order === undefined) return joined as ColumnSegment[Name];
    const sorted: Column = new make(joined.length);
    for (let row = 0; row < sorted.length; row++) sorted[row] = joined[order[row]!]!;
    return sorted as ColumnSegment[Name];
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
