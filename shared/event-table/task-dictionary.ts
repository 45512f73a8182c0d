import { ByteDictionary, hashBytes } from './byte-dictionary.ts';

const RECENT_SLOTS = 8192;

/**
 * Gives every distinct task, that is comm, pid and tgid together, a small number.
 *
 * Most lines name the task that was the last one with its pid: those are found by comparing bytes, without a hash.
 */
export class TaskDictionary {
  readonly comms = new ByteDictionary();
  readonly comm: number[] = [];
  readonly pid: number[] = [];
  readonly tgid: number[] = [];
  private readonly recent = new Int32Array(RECENT_SLOTS).fill(-1);
  private table = new Int32Array(256).fill(-1);

  get size(): number {
    return this.pid.length;
  }

  /** `tgid` is −1 where the line has none. */
  intern(source: Uint8Array, start: number, end: number, pid: number, tgid: number): number {
    const slot = pid & (RECENT_SLOTS - 1);
    const recent = this.recent[slot]!;
    if (
      recent >= 0 &&
      this.pid[recent] === pid &&
      this.tgid[recent] === tgid &&
      this.comms.holds(this.comm[recent]!, source, start, end)
    ) {
      return recent;
    }
    const comm = this.comms.intern(source, start, end, hashBytes(source, start, end));
    const task = this.find(comm, pid, tgid);
    this.recent[slot] = task;
    return task;
  }

  /** The task of a comm that is in `comms` already. */
  find(comm: number, pid: number, tgid: number): number {
    const mask = this.table.length - 1;
    let slot = hashTask(comm, pid, tgid) & mask;
    for (let task = this.table[slot]!; task >= 0; task = this.table[slot]!) {
      if (this.comm[task] === comm && this.pid[task] === pid && this.tgid[task] === tgid) return task;
      slot = (slot + 1) & mask;
    }
    const task = this.pid.length;
    this.comm.push(comm);
    this.pid.push(pid);
    this.tgid.push(tgid);
    this.table[slot] = task;
    if (this.size * 2 > this.table.length) this.rehash();
    return task;
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 4).fill(-1);
    const mask = table.length - 1;
    for (let task = 0; task < this.size; task++) {
      let slot = hashTask(this.comm[task]!, this.pid[task]!, this.tgid[task]!) & mask;
      while (table[slot]! >= 0) slot = (slot + 1) & mask;
      table[slot] = task;
    }
    this.table = table;
  }
}

function hashTask(comm: number, pid: number, tgid: number): number {
  const hash = Math.imul(comm + 1, 0x9e3779b1) ^ Math.imul(pid + 1, 0x85ebca6b) ^ Math.imul(tgid + 2, 0xc2b2ae35);
  return hash ^ (hash >>> 15);
}
