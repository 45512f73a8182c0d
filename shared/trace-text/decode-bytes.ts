/** A text whose characters are the bytes of a line: positions in it are positions in the line. */
export type ByteText = string;

const SLICE = 4096;

/** The bytes as a text of one character each. */
export function byteText(bytes: Uint8Array, start: number, end: number): ByteText {
  if (end - start <= SLICE) return String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
  let text = '';
  for (let at = start; at < end; at += SLICE) text += byteText(bytes, at, Math.min(at + SLICE, end));
  return text;
}

/** The bytes that a byte text stands for. */
function bytesOf(text: ByteText): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Bytes of texts, one after the other in one array: what `take` gave is good until the next. */
export class ScratchBytes {
  private bytes = new Uint8Array(256);

  take(text: ByteText, start: number, end: number): Uint8Array {
    if (end - start > this.bytes.length) this.bytes = new Uint8Array((end - start) * 2);
    for (let i = start; i < end; i++) this.bytes[i - start] = text.charCodeAt(i);
    return this.bytes;
  }
}

/**
 * Names as people read them: UTF-8, and every byte that is no part of it as `\xNN`. Control characters stay what they
 * are; whoever shows a name escapes it.
 */
export function decodeName(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length === 0) {
      text += escapeByte(bytes[i]!);
      i += 1;
    } else {
      text += String.fromCodePoint(codePoint(bytes, i, length));
      i += length;
    }
  }
  return text;
}

/** `decodeName` of a byte text; most hold nothing but ASCII. */
export function decodeText(text: ByteText): string {
  return isAscii(text) ? text : decodeName(bytesOf(text));
}

function isAscii(text: ByteText): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** The start of a line that could not be read, with every control character made visible. */
export function printable(text: ByteText): string {
  return Array.from(decodeText(text.slice(0, 200)), (char) => {
    const code = char.codePointAt(0)!;
    return code < 32 || (code >= 127 && code < 160) ? escapeByte(code) : char;
  }).join('');
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Length of the well-formed UTF-8 sequence at a place; 0 where there is none. Source: RFC 3629, section 4. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  for (let i = at + 1; i < at + length; i++) if ((bytes[i]! & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1]!;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  return length;
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  if (length === 1) return bytes[at]!;
  let code = bytes[at]! & (0xff >> (length + 1));
  for (let i = at + 1; i < at + length; i++) code = (code << 6) | (bytes[i]! & 0x3f);
  return code;
}
