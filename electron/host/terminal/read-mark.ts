/**
 * What a shell tells of itself between its output: it is ready; a command begins, has this text, has ended.
 *
 * Source: OSC 133 (FinalTerm's semantic prompts), with a key of our own:
 *
 *     ESC ] 133 ; C ; modshark=<key> ; <text> BEL
 *
 * The key is new for each terminal and never part of what the page is sent, so that a file which is printed cannot
 * hold a mark. `\\` and `\n` are the only escapes of the text.
 */
export type Mark =
  | { readonly kind: 'ready' }
  | { readonly kind: 'begins' | 'named'; readonly text: string }
  | { readonly kind: 'ended'; readonly status: number | undefined };

/** No text of a command is kept in more characters. */
const longestLine = 1024;

/** The mark in the payload of an OSC 133, `C;modshark=…;…`; undefined for one of somebody else. */
export function readMark(payload: Uint8Array, key: string): Mark | undefined {
  const head = `;modshark=${key};`;
  const written = new TextDecoder().decode(payload);
  if (!written.startsWith(head, 1)) return undefined;
  const text = written.slice(1 + head.length);
  switch (written[0]) {
    case 'A':
      return { kind: 'ready' };
    case 'C':
      return { kind: 'begins', text: readText(text) };
    case 'E':
      return { kind: 'named', text: readText(text) };
    case 'D':
      return { kind: 'ended', status: /^\d{1,3}$/.test(text) ? Number(text) : undefined };
    default:
      return undefined;
  }
}

/** A line that begins with a blank is one that its author wants to be kept nowhere. */
function readText(escaped: string): string {
  const text = escaped.replace(/\\([\\n])/g, (_, letter) => (letter === 'n' ? '\n' : '\\'));
  return /^\s/.test(text) ? '' : text.slice(0, longestLine);
}
