const SLOTS = 8192;
/** Four words of the padded comm, two of what stands behind its dash, then tgid, and the task. */
const SLOT_WORDS = 8;

/**
 * Remembers tasks by the bytes that they were printed in: the 16 of the comm, padding included, and the 8 behind the
 * dash. A pid has seven digits at most and a blank behind it, so these hold all of it.
 */
export class TaskMemo {
  private readonly words = new Int32Array(SLOTS * SLOT_WORDS).fill(-1);

  /** The task of a line that starts with a padded comm; −1 where it is not known. Its first 25 bytes have to be there. */
  find(view: DataView, line: number, tgid: number): number {
    const { words } = this;
    const pid = view.getInt32(line + 17, true);
    const more = view.getInt32(line + 21, true);
    const slot = slotOf(pid, more);
    return words[slot + 4] === pid &&
      words[slot + 5] === more &&
      words[slot + 6] === tgid &&
      words[slot] === view.getInt32(line, true) &&
      words[slot + 1] === view.getInt32(line + 4, true) &&
      words[slot + 2] === view.getInt32(line + 8, true) &&
      words[slot + 3] === view.getInt32(line + 12, true)
      ? words[slot + 7]!
      : -1;
  }

  learn(view: DataView, line: number, tgid: number, task: number): void {
    const { words } = this;
    const pid = view.getInt32(line + 17, true);
    const more = view.getInt32(line + 21, true);
    const slot = slotOf(pid, more);
    for (let i = 0; i < 4; i++) words[slot + i] = view.getInt32(line + i * 4, true);
    words[slot + 4] = pid;
    words[slot + 5] = more;
    words[slot + 6] = tgid;
    words[slot + 7] = task;
  }
}

function slotOf(pid: number, more: number): number {
  const hash = Math.imul(pid, 0x9e3779b1) + Math.imul(more, 0x85ebca6b);
  return ((hash >>> 19) & (SLOTS - 1)) * SLOT_WORDS;
}
