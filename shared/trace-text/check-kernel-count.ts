import type { ByteText } from './decode-bytes.ts';

/** What the kernel counted up to a line of the recording, and what stands before that line. */
export interface CheckedCount {
  /** Events that were read from its buffer, stack traces and other events included. */
  readonly read: number;
  readonly lost: number;
  /** How often the buffer was erased, and the counts with it. */
  readonly erasures: number;
  /** Entries of the kernel's buffer: events and stack traces. */
  readonly here: number;
  /** Events that the tracer marked as lost; NaN where a mark gives no number. */
  readonly marked: number;
}

/** Compares what the kernel has counted, which ModShark writes into its recordings, with what has come. */
export class CountCheck {
  /** The last count. */
  last: CheckedCount | undefined;
  private marked = 0;

  /** The tracer marks events as lost; −1 where it gives no number. */
  mark(count: number): void {
    this.marked += count < 0 ? Number.NaN : count;
  }

  /**
   * Whether a line is such a count, and every event that it counts is here or marked as lost.
   *
   * @param here entries of the kernel's buffer that stand before it
   */
  provesAll(text: ByteText, here: number): boolean {
    const found = /^# counted by the kernel: read (\d{1,15}), lost (\d{1,15}), buffer erased (\d{1,9}) times$/.exec(
      text,
    );
    if (found === null) return false;
    const [read, lost, erasures] = [Number(found[1]), Number(found[2]), Number(found[3])];
    this.last = { read, lost, erasures, here, marked: this.marked };
    return erasures === 0 && read === here && lost === this.marked;
  }
}
