import type { LineCounts, RejectedLine } from '../event-table/recording.ts';
import { type ByteText, printable } from './decode-bytes.ts';
import { NOT_A_LINE } from './reject-reasons.ts';

export type LineClass = Exclude<keyof LineCounts, 'total'>;

/** How many rejected lines are kept to be shown. */
const REJECTED_KEPT = 1000;

/** Counts every line once, and keeps the first of the rejected. */
export class LineTally {
  events = 0;
  stack = 0;
  other = 0;
  headers = 0;
  blank = 0;
  rejected = 0;
  /** Entries of the kernel's buffer that are no module events: other events and stacks, whatever their lines. */
  entries = 0;
  readonly kept: RejectedLine[] = [];
  /** How often each reason was given. */
  readonly reasons = new Map<string, number>();

  reject(line: number, text: ByteText, reason: string): void {
    this.rejected++;
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    if (this.kept.length < REJECTED_KEPT) this.kept.push({ line, reason, text: printable(text) });
  }

  /** Takes back what was said of a line, because a later line showed what it is. */
  retract(line: number, was: LineClass): void {
    this[was]--;
    if (was !== 'rejected') return;
    const last = this.kept.at(-1);
    const index = last?.line === line ? this.kept.length - 1 : this.kept.findIndex((kept) => kept.line === line);
    const reason = index < 0 ? NOT_A_LINE : this.kept[index]!.reason;
    if (index >= 0) this.kept.splice(index, 1);
    this.reasons.set(reason, this.reasons.get(reason)! - 1);
  }

  counts(): LineCounts {
    const { events, stack, other, headers, blank, rejected } = this;
    return {
      total: events + stack + other + headers + blank + rejected,
      events,
      stack,
      other,
      headers,
      blank,
      rejected,
    };
  }
}
