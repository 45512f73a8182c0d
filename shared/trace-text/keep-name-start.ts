import type { ByteText } from './decode-bytes.ts';
import type { LineClass } from './line-tally.ts';

/** A line without structure that may be the start of a task's name with a line end in it. */
export interface PossibleNameStart {
  readonly text: ByteText;
  readonly line: number;
  readonly was: LineClass;
}

/** A comm has at most 15 bytes, so what may be its start is short: the rest is forgotten. */
export function keepNameStart(starts: PossibleNameStart[], start: PossibleNameStart, prefixWidth: number): void {
  starts.push(start);
  let bytes = starts.reduce((sum, { text }) => sum + text.length + 1, 0);
  while (bytes > prefixWidth + 16) bytes -= starts.shift()!.text.length + 1;
}
