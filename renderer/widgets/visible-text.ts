import { spellCharacter } from '../../shared/spell-character.ts';
import { TREACHEROUS } from '../../shared/treacherous-characters.ts';

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
  return SHORT[character] ?? spellCharacter(character);
}

/** A task as everything in the kernel's world names it: `comm-pid`. */
export function visibleTask(comm: string, pid: number | undefined): string {
  return pid === undefined || pid < 0 ? visibleText(comm) : `${visibleText(comm)}-${pid}`;
}

/** The same for a sentence that names occur in: blanks stay, for they separate words. */
export function visibleSentence(text: string): string {
  return text.replace(TREACHEROUS, escapeCharacter);
}
