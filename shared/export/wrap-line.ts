/** Blanks before what goes on a line further down. */
const HANGING = 2;

/**
 * A line in pieces that fit a terminal, broken at blanks; what goes on stands a little to the right of where it began.
 * A word that is longer than that stays whole: it may be a path, to be copied.
 */
export function wrapLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const indent = /^ */.exec(line)![0];
  const pieces: string[] = [];
  let piece = indent;
  let isEmpty = true;
  for (const word of line.slice(indent.length).split(' ')) {
    if (!isEmpty && piece.length + 1 + word.length > width) {
      pieces.push(piece);
      piece = `${indent}${' '.repeat(HANGING)}${word}`;
      continue;
    }
    piece += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...pieces, piece];
}
