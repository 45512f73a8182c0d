const plain = /^[\w./:@%+=,-]+$/;

/** Letters that a terminal shows as something else, or acts upon: written by their codes. */
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * A word as bash and zsh read it back: bare where that is safe, in single quotes, or in `$'…'` where it holds what a
 * terminal would not show.
 */
export function quoteShell(word: string): string {
  if (plain.test(word) && !word.startsWith('-')) return word;
  if (!unprintable.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  let quoted = '';
  for (const letter of word) {
    if (letter === "'" || letter === '\\') quoted += `\\${letter}`;
    else if (!unprintable.test(letter)) quoted += letter;
    else quoted += encodeBytes(letter);
  }
  return `$'${quoted}'`;
}

/** UTF-8, as bash writes bytes; half a surrogate pair stands for bytes that were no text. */
function encodeBytes(letter: string): string {
  if (/\p{Cs}/u.test(letter)) return '\\xef\\xbf\\xbd';
  return encodeURIComponent(letter).replace(/%([0-9A-F]{2})|[\s\S]/g, (whole, hex: string | undefined) =>
    hex === undefined ? `\\x${whole.charCodeAt(0).toString(16).padStart(2, '0')}` : `\\x${hex.toLowerCase()}`,
  );
}
