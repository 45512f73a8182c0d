import type { SnapshotIndex } from '../index-snapshot.ts';

/** What the kernel swaps to. */
export interface Swap {
  readonly path: string;
  readonly type: string;
}

/**
 * Lines of /proc/swaps, where blanks and backslashes of a path are written as `\040`.
 *
 * Source: swap_show in mm/swapfile.c.
 */
export function listSwaps(index: SnapshotIndex): Swap[] {
  return index
    .lines('/proc/swaps')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .map(([path = '', type = '']) => ({
      path: path.replace(/\\([0-3][0-7][0-7])/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
      type,
    }));
}
