import { TREACHEROUS } from '../treacherous-characters.ts';

/**
 * Writes JSON so that a terminal shows it and does nothing else: whatever is treacherous stands as `\u009b`, which is the
 * same to a program. Between its strings there is none of it but the ends of lines.
 */
export function escapeJson(json: string): string {
  return json.replace(TREACHEROUS, (character) => (character === '\n' ? character : escapeUnits(character)));
}

/** A character beyond the first 65,536 is two units. */
function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
