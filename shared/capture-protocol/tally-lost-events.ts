import type { CpuCounts, LostCounts } from './helper-frame.ts';

/** What a recording has lost so far, by the kernel's own count. */
export interface LostTally {
  /** Events that were overwritten or refused. */
  readonly lost: number;
  /** Events that were read from the buffer. */
  readonly read: number;
  /** Events that lie in the buffer now. */
  readonly waiting: number;
  /** How often the buffer was erased under the recording: by CLEAR, or by the kernel when it unloads a module with trace events. */
  readonly erasures: number;
}

/** Sums the counters of all CPUs up, across erasures, which set them to zero. */
export function createLostTally(): { add(counts: LostCounts): LostTally } {
  const latest = new Map<number, CpuCounts>();
  let lostBefore = 0;
  let readBefore = 0;
  let erasures = 0;

  return {
    add(counts) {
      let erased = false;
      for (const now of counts.cpus) {
        const before = latest.get(now.cpu);
        if (before !== undefined && (now.read < before.read || lostOf(now) < lostOf(before))) {
          lostBefore += lostOf(before);
          readBefore += before.read;
          erased = true;
        }
        latest.set(now.cpu, now);
      }
      if (erased) erasures += 1;
      const all = [...latest.values()];
      return {
        lost: all.reduce((sum, cpu) => sum + lostOf(cpu), lostBefore),
        read: all.reduce((sum, cpu) => sum + cpu.read, readBefore),
        waiting: all.reduce((sum, cpu) => sum + cpu.entries, 0),
        erasures,
      };
    },
  };
}

function lostOf(cpu: CpuCounts): number {
  return cpu.overrun + cpu.commitOverrun + cpu.dropped;
}
