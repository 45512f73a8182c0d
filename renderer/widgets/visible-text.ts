/**
 * What must not reach the screen as it is: control characters, line and paragraph separators, marks that turn the
 * direction of text or take no room, blanks that are no space, lone surrogates and private characters.
 */
const TREACHEROUS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
  /[\u0000-\u001f\u007f-\u009f]|[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|[\u00a0\u2000-\u200a\u202f\u205f\u3000]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\u001b': '\\e' };

/**
 * Writes text that a stranger chose (task and module names) so that every character is seen: `evil\u{202e}txt`,
 * `two\nlines`; an empty one becomes `(empty)`, and blanks at its ends become `␣`.
 */
export function visibleText(text: string): string {
  if (text === '') return '(empty)';
  return text
    .replace(TREACHEROUS, escapeCharacter)
    .replace(/^ +| +$/g, (blanks) => '␣'.repeat(blanks.length))
    .replaceAll('  ', ' ␣');
}

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** A task as everything in the kernel's world names it: `comm-pid`. */
export function visibleTask(comm: string, pid: number | undefined): string {
  return pid === undefined || pid < 0 ? visibleText(comm) : `${visibleText(comm)}-${pid}`;
}

/** The same for a sentence that names occur in: blanks stay, for they separate words. */
export function visibleSentence(text: string): string {
  return text.replace(TREACHEROUS, escapeCharacter);
}
