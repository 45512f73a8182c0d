import { spellCharacter } from '../spell-character.ts';
import { TREACHEROUS } from '../treacherous-characters.ts';

/**
 * Writes a text so that a terminal shows it and does nothing else: control characters (ESC above all), characters that
 * reverse the direction of writing or cannot be seen become `\x1b`, `\u{202e}` …; a backslash is doubled.
 */
export function escapeTerminal(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(TREACHEROUS, spellCharacter);
}
