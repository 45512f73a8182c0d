/** A text as a person could have typed it into one line: nothing in it runs it, moves the cursor or hides. */
export function harmlessLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .trim();
}
