import { TREACHEROUS } from '../treacherous-characters.ts';

/**
 * Writes a text so that a terminal shows it and does nothing else: control characters (ESC above all), characters that
 * reverse the direction of writing or cannot be seen become `\x1b`, `\u202e` …; a backslash is doubled.
 */
export function escapeTerminal(text: string): string {
  return text.replaceAll('\\', '\\\\').replace(TREACHEROUS, (character) => {
    const code = character.codePointAt(0)!;
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${code > 0xffff ? `{${hex}}` : hex.padStart(4, '0')}`;
  });
}
