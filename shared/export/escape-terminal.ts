/**
 * Writes a text so that a terminal shows it and does nothing else: control characters (ESC above all), characters that
 * reverse the direction of writing or cannot be seen become `\x1b`, `\u202e` …; a backslash is doubled.
 */
export function escapeTerminal(text: string): string {
  let escaped = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (character === '\\') escaped += '\\\\';
    else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) escaped += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (isUnseen(code)) escaped += `\\u${code.toString(16).padStart(4, '0')}`;
    else escaped += character;
  }
  return escaped;
}

/** Marks of direction, joiners, line separators, unpaired surrogates, byte order marks. */
function isUnseen(code: number): boolean {
  return (
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0x061c ||
    code === 0xfeff
  );
}
