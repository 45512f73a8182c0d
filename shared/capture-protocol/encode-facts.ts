/** Of PROTOCOL.md: no frame is longer than 4096 bytes with its header of 4. */
const MOST_BODY = 4092;

/**
 * A fact of a snapshot as the helper tells it, in as many frames as it takes. Every byte is a character.
 *
 * Shape: PROTOCOL.md of the helper, `F`.
 */
export function encodeFacts(name: string, text: string): Uint8Array {
  const room = MOST_BODY - name.length - 3;
  const frames: string[] = [];
  let at = 0;
  do {
    const part = text.slice(at, at + room);
    at += part.length;
    const body = `${at >= text.length ? '\x01' : '\0'}\0${name}\0${part}`;
    frames.push(`F\0${String.fromCharCode(body.length >> 8, body.length & 0xff)}${body}`);
  } while (at < text.length);
  return Uint8Array.from(frames.join(''), (letter) => letter.charCodeAt(0));
}
