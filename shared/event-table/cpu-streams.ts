const DIRECT_SLOTS = 1024;

/**
 * What was last seen of every CPU of every buffer. A ring buffer keeps one stream per CPU, and within a stream time
 * never runs backwards: what follows what can only be told within one.
 */
export class CpuStreams {
  /** The last time, −Infinity before the first event. */
  time = new Float64Array(DIRECT_SLOTS).fill(Number.NEGATIVE_INFINITY);
  /** The row of the last event, −1 where it was none of the module events. */
  row = new Int32Array(DIRECT_SLOTS).fill(-1);
  private used = DIRECT_SLOTS;
  private readonly further = new Map<number, number>();

  /** The slot of a CPU: the CPU's own number in the first buffer, so that the common case costs nothing. */
  slot(buffer: number, cpu: number): number {
    if (buffer === 0 && cpu < DIRECT_SLOTS) return cpu;
    const key = buffer * 65_536 + cpu;
    const known = this.further.get(key);
    if (known !== undefined) return known;
    const slot = this.used++;
    this.further.set(key, slot);
    if (slot === this.time.length) this.grow();
    return slot;
  }

  private grow(): void {
    const time = new Float64Array(this.time.length * 2).fill(Number.NEGATIVE_INFINITY);
    time.set(this.time);
    const row = new Int32Array(this.row.length * 2).fill(-1);
    row.set(this.row);
    this.time = time;
    this.row = row;
  }
}
