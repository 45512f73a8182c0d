import { TREACHEROUS } from '../../treacherous-characters.ts';

/** A leading `=` is a command to zsh. */
const plain = /^(?!=)[\w./:@%+=,-]+$/;

/** Letters that a terminal shows as something else, or acts upon: written by their codes. */
const unprintable = new RegExp(TREACHEROUS.source, 'u');

/** In single quotes fish takes a backslash before a quote for its own, and would read on behind the end. */
const endsQuotes = /\\(?:'|$)/;

/**
 * A word as bash and zsh read it back: bare where that is safe, in single quotes, or in `$'…'` where it holds what a
 * terminal would not show. No shell reads more than one word there: in `$'…'` quotes and backslashes are written by
 * their codes, so that dash, which knows no such words, reads another word, and fish an error.
 */
export function quoteShell(word: string): string {
  if (plain.test(word) && !word.startsWith('-')) return word;
  if (!unprintable.test(word) && !endsQuotes.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  let quoted = '';
  for (const letter of word) {
    if (letter !== "'" && letter !== '\\' && !unprintable.test(letter)) quoted += letter;
    else quoted += encodeBytes(letter);
  }
  return `$'${quoted}'`;
}

/** A word that a program must not take for an option, whatever it begins with. */
export function quoteOperand(word: string): string {
  return `${word.startsWith('-') ? '-- ' : ''}${quoteShell(word)}`;
}

/** UTF-8, as bash and systemd write bytes, `\x2d`; half a surrogate pair stands for bytes that were no text. */
export function encodeBytes(letter: string): string {
  if (/\p{Cs}/u.test(letter)) return '\\xef\\xbf\\xbd';
  return encodeURIComponent(letter).replace(/%([0-9A-F]{2})|[\s\S]/g, (whole, hex: string | undefined) =>
    hex === undefined ? `\\x${whole.charCodeAt(0).toString(16).padStart(2, '0')}` : `\\x${hex.toLowerCase()}`,
  );
}
