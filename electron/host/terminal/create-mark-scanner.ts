import { type Mark, readMark } from './read-mark.ts';

/** Takes the marks of one terminal out of its output. */
export interface MarkScanner {
  /** The next bytes of the pty, cut anywhere. */
  push(chunk: Uint8Array): void;
  /** The pty has ended: what may have been the start of a mark is none. */
  end(): void;
}

export interface MarkSink {
  /** The bytes are good until the call returns. */
  output(bytes: Uint8Array): void;
  mark(mark: Mark): void;
}

const prefix = Buffer.from('\u001b]133;', 'latin1');
/** No mark is longer; what is, passes as it is. */
const longestMark = 16 * 1024;
const [bell, escapeByte, backslash, cancel, substitute] = [0x07, 0x1b, 0x5c, 0x18, 0x1a];

/**
 * Passes on every byte in its order, but for the marks that bear the key. Whatever else a program prints, of OSC 133
 * too, is for the page's terminal to judge. It looks at each byte once: a program may print them one by one.
 */
export function createMarkScanner(key: string, { output, mark }: MarkSink): MarkScanner {
  /** Bytes of the prefix that were met; all of them while a payload is read. */
  let matched = 0;
  const payload = Buffer.alloc(longestMark);
  let length = 0;
  /** The last byte of the payload was an ESC, which ends it one way or the other. */
  let escaped = false;

  const pass = (bytes: Uint8Array) => {
    if (bytes.length > 0) output(bytes);
  };

  /** It is no mark: what was held back of it passes. */
  function release(): void {
    pass(prefix.subarray(0, matched));
    pass(payload.subarray(0, length));
    matched = 0;
    length = 0;
    escaped = false;
  }

  function complete(terminator: string): void {
    const found = readMark(payload.subarray(0, length), key);
    if (found === undefined) {
      escaped = false;
      release();
      pass(Buffer.from(terminator, 'latin1'));
      return;
    }
    matched = 0;
    length = 0;
    escaped = false;
    mark(found);
  }

  /** Takes one byte of a payload. */
  function takeByte(byte: number): void {
    if (escaped) {
      if (byte === backslash) complete('\u001b\\');
      else {
        // The ESC broke it off, and may be the first of another one.
        release();
        matched = 1;
        matchByte(byte);
      }
    } else if (byte === bell) complete('\u0007');
    else if (byte === escapeByte) escaped = true;
    else {
      payload[length++] = byte;
      if (byte === cancel || byte === substitute || length === longestMark) release();
    }
  }

  /** Takes one byte that goes on with a prefix, or does not. */
  function matchByte(byte: number): void {
    if (byte === prefix[matched]) matched += 1;
    else {
      release();
      if (byte === escapeByte) matched = 1;
      else pass(Uint8Array.of(byte));
    }
  }

  return {
    push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      let at = 0;
      while (at < bytes.length) {
        if (matched === prefix.length) takeByte(bytes[at++]!);
        else if (matched > 0) matchByte(bytes[at++]!);
        else {
          const next = findPrefix(bytes, at);
          pass(bytes.subarray(at, next));
          if (next < bytes.length) matched = 1;
          at = next + 1;
        }
      }
    },
    end() {
      const open = escaped;
      release();
      if (open) pass(Uint8Array.of(escapeByte));
    },
  };
}

/** Where a prefix begins, or may begin at the end of the bytes; their length where none does. */
function findPrefix(bytes: Buffer, from: number): number {
  const whole = bytes.indexOf(prefix, from);
  if (whole >= 0) return whole;
  for (let cut = Math.max(from, bytes.length - prefix.length + 1); cut < bytes.length; cut++)
    if (prefix.subarray(0, bytes.length - cut).equals(bytes.subarray(cut))) return cut;
  return bytes.length;
}
