import type { Columns } from './display-list.ts';

/** Columns as the outline of an SVG path to be filled: one rectangle for neighbours of the same height. */
export function printColumns({ x, y, tops, bottoms }: Columns, printNumber: (value: number) => string): string {
  const parts: string[] = [];
  let end: number;
  for (let start = 0; start < tops.length; start = end) {
    const top = tops[start]!;
    const bottom = bottoms[start]!;
    end = start + 1;
    while (end < tops.length && tops[end] === top && bottoms[end] === bottom) end++;
    if (Number.isNaN(top) || bottom <= top) continue;
    const width = end - start;
    parts.push(`M${printNumber(x + start)} ${printNumber(y + top)}h${width}V${printNumber(y + bottom)}h-${width}z`);
  }
  return parts.join('');
}
