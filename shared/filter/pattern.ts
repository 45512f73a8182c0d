/** Stands for any run of characters, none included. */
export const ANY_RUN = Symbol('*');
/** Stands for any one character. */
export const ANY_ONE = Symbol('?');

/** A literal text in lower case, or a wildcard. */
export type PatternPart = string | typeof ANY_RUN | typeof ANY_ONE;

/** A value as it was written. */
export type Pattern = readonly PatternPart[];

/** Whether a text, in lower case, is what a pattern says, from its first character to its last. */
export type TextTest = (text: string) => boolean;

/**
 * Makes the test of a pattern. The common forms, `drm`, `drm*`, `*drm` and `*drm*`, are left to the engine's own search;
 * no form takes more steps than the length of text times that of pattern, whatever names a recording holds.
 */
export function testPattern(pattern: Pattern): TextTest {
  const [first, second, third] = pattern;
  if (pattern.length === 0) return (text) => text === '';
  if (pattern.length === 1) {
    if (typeof first === 'string') return (text) => text === first;
    if (first === ANY_RUN) return () => true;
  }
  if (pattern.length === 2) {
    if (typeof first === 'string' && second === ANY_RUN) return (text) => text.startsWith(first);
    if (first === ANY_RUN && typeof second === 'string') return (text) => text.endsWith(second);
  }
  if (pattern.length === 3 && first === ANY_RUN && typeof second === 'string' && third === ANY_RUN)
    return (text) => text.includes(second);
  const signs = pattern.flatMap((part): Pattern => (typeof part === 'string' ? Array.from(part) : [part]));
  return (text) => matchSigns(signs, Array.from(text));
}

/** Goes back to the last run only: an earlier one need never take more, for the later one can. */
function matchSigns(signs: Pattern, letters: readonly string[]): boolean {
  let sign = 0;
  let letter = 0;
  let run = -1;
  let runEnd = 0;
  while (letter < letters.length) {
    if (sign < signs.length && (signs[sign] === ANY_ONE || signs[sign] === letters[letter])) {
      sign++;
      letter++;
    } else if (sign < signs.length && signs[sign] === ANY_RUN) {
      run = sign++;
      runEnd = letter;
    } else if (run >= 0) {
      sign = run + 1;
      letter = ++runEnd;
    } else return false;
  }
  while (sign < signs.length && signs[sign] === ANY_RUN) sign++;
  return sign === signs.length;
}
