/** A longer line is no line of a trace. It is counted and passed over without being kept. */
export const LONGEST_LINE = 65_536;

const NEWLINE = 10;

export interface LineSink {
  /** Whole lines, each with its line end, `start` to `end`. */
  lines(bytes: Uint8Array, start: number, end: number): void;
  /** A line that is too long; only its start is given. */
  longLine(head: Uint8Array): void;
}

/** Cuts chunks into runs of whole lines. Only a line that crosses the border of chunks is copied. */
export class LineSplitter {
  private carry = new Uint8Array(1024);
  private carried = 0;
  /** A line is being passed over that was too long. */
  private skipping = false;
  private readonly sink: LineSink;

  constructor(sink: LineSink) {
    this.sink = sink;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    if (this.carried > 0 || this.skipping) {
      const end = chunk.indexOf(NEWLINE);
      this.keep(chunk, 0, end < 0 ? chunk.length : end + 1);
      if (end < 0) return;
      this.endCarried();
      start = end + 1;
    }
    const last = chunk.lastIndexOf(NEWLINE);
    if (last >= start) {
      this.wholeLines(chunk, start, last + 1);
      start = last + 1;
    }
    if (start < chunk.length) this.keep(chunk, start, chunk.length);
  }

  /** The last line where it has no line end; it is given with one. */
  finish(): boolean {
    if (this.carried === 0 && !this.skipping) return false;
    this.keep(Uint8Array.of(NEWLINE), 0, 1);
    this.endCarried();
    return true;
  }

  private keep(chunk: Uint8Array, start: number, end: number): void {
    if (this.skipping) return;
    const needed = this.carried + end - start;
    if (needed > LONGEST_LINE + 1) {
      this.skipping = true;
      const room = Math.min(256 - Math.min(this.carried, 256), end - start);
      if (room > 0) {
        this.reserve(this.carried + room);
        this.carry.set(chunk.subarray(start, start + room), this.carried);
        this.carried += room;
      }
      return;
    }
    this.reserve(needed);
    this.carry.set(chunk.subarray(start, end), this.carried);
    this.carried = needed;
  }

  private reserve(bytes: number): void {
    if (bytes <= this.carry.length) return;
    const larger = new Uint8Array(Math.max(bytes, this.carry.length * 2));
    larger.set(this.carry.subarray(0, this.carried));
    this.carry = larger;
  }

  private endCarried(): void {
    const { carried, skipping } = this;
    this.carried = 0;
    this.skipping = false;
    if (skipping) this.sink.longLine(this.carry.subarray(0, Math.min(carried, 256)));
    else this.sink.lines(this.carry, 0, carried);
  }

  /** Long lines within one chunk are found here, so that the result never depends on where chunks were cut. */
  private wholeLines(chunk: Uint8Array, start: number, end: number): void {
    let run = start;
    for (let at = start; end - at > LONGEST_LINE + 1; ) {
      const stop = chunk.lastIndexOf(NEWLINE, at + LONGEST_LINE);
      if (stop >= at) {
        at = stop + 1;
        continue;
      }
      if (at > run) this.sink.lines(chunk, run, at);
      this.sink.longLine(chunk.subarray(at, at + 256));
      at = chunk.indexOf(NEWLINE, at) + 1;
      run = at;
    }
    if (end > run) this.sink.lines(chunk, run, end);
  }
}
