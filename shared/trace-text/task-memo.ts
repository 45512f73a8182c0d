const SLOTS = 8192;
/** Four words of the padded comm, then pid, tgid, and the task. */
const SLOT_WORDS = 8;

/** Remembers the last task of every pid by the 16 bytes that its comm was printed in, padding included. */
export class TaskMemo {
  private readonly words = new Int32Array(SLOTS * SLOT_WORDS).fill(-1);

  /** The task of a padded comm; −1 where it is not known. The 16 bytes have to be there. */
  find(view: DataView, comm: number, pid: number, tgid: number): number {
    const { words } = this;
    const slot = (pid & (SLOTS - 1)) * SLOT_WORDS;
    return words[slot + 4] === pid &&
      words[slot + 5] === tgid &&
      words[slot] === view.getInt32(comm, true) &&
      words[slot + 1] === view.getInt32(comm + 4, true) &&
      words[slot + 2] === view.getInt32(comm + 8, true) &&
      words[slot + 3] === view.getInt32(comm + 12, true)
      ? words[slot + 6]!
      : -1;
  }

  learn(view: DataView, comm: number, pid: number, tgid: number, task: number): void {
    const { words } = this;
    const slot = (pid & (SLOTS - 1)) * SLOT_WORDS;
    for (let i = 0; i < 4; i++) words[slot + i] = view.getInt32(comm + i * 4, true);
    words[slot + 4] = pid;
    words[slot + 5] = tgid;
    words[slot + 6] = task;
  }
}
