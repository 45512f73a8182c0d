import { BLANK, CLOSE_BRACKET, CLOSE_PAREN, COLON, DASH, DOT, NINE, OPEN_BRACKET, OPEN_PAREN, ZERO } from './ascii.ts';

const BILLION = 1_000_000_000;

/** Characters of the flags column: 1 may stand in it, 2 may open it. The classes of `match-context.ts`. */
const flagClass = new Uint8Array(256);
for (const char of '.#*_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
  flagClass[char.charCodeAt(0)] = 1;
for (const char of '.dDbBX') flagClass[char.charCodeAt(0)] = 2;

/**
 * Reads what stands between the comm and the event on a padded line, as numbers.
 *
 * Shape: `at` walks through the line, and stops at its end at the latest. What is found lies in the fields and is good
 * until the next `scan`.
 */
export class ContextScanner {
  pid = 0;
  tgid = -1;
  cpu = 0;
  /** The stamp: seconds and nanoseconds, or a tick count cut before its last nine digits. */
  high = 0;
  low = 0;
  /** Digits behind the dot; 0 for ticks. */
  digits = 0;
  flagWidth = 0;

  /** Reads from the dash behind the comm; gives where the event's own text starts, −1 where it is another layout. */
  scan(bytes: Uint8Array, dash: number): number {
    let at = dash + 1;
    let byte = bytes[at]!;
    let number = 0;
    let from = at;
    while (byte >= ZERO && byte <= NINE) {
      number = number * 10 + (byte - ZERO);
      byte = bytes[++at]!;
    }
    if (at === from || at - from > 7 || byte !== BLANK) return -1;
    this.pid = number;
    while (byte === BLANK) byte = bytes[++at]!;
    this.tgid = -1;
    if (byte === OPEN_PAREN) {
      at = this.scanTgid(bytes, at + 1);
      if (at < 0) return -1;
      byte = bytes[at]!;
    }

    if (byte !== OPEN_BRACKET) return -1;
    byte = bytes[++at]!;
    from = at;
    number = 0;
    while (byte >= ZERO && byte <= NINE) {
      number = number * 10 + (byte - ZERO);
      byte = bytes[++at]!;
    }
    if (at === from || at - from > 5 || number > 0xfffe || byte !== CLOSE_BRACKET) return -1;
    this.cpu = number;
    byte = bytes[++at]!;
    while (byte === BLANK) byte = bytes[++at]!;

    from = at;
    if (flagClass[byte] === 2) {
      do byte = bytes[++at]!;
      while (flagClass[byte] !== 0);
      if (byte !== BLANK || at - from < 4 || at - from > 9) return -1;
      this.flagWidth = at - from;
      while (byte === BLANK) byte = bytes[++at]!;
    } else this.flagWidth = 0;
    return this.scanStamp(bytes, at);
  }

  private scanTgid(bytes: Uint8Array, start: number): number {
    let at = start;
    let byte = bytes[at]!;
    while (byte === BLANK) byte = bytes[++at]!;
    const from = at;
    if (byte === DASH) {
      if (from !== start) return -1;
      while (byte === DASH) byte = bytes[++at]!;
    } else {
      let number = 0;
      while (byte >= ZERO && byte <= NINE) {
        number = number * 10 + (byte - ZERO);
        byte = bytes[++at]!;
      }
      if (at === from || at - from > 7) return -1;
      this.tgid = number;
    }
    if (byte !== CLOSE_PAREN || bytes[at + 1] !== BLANK) return -1;
    at += 2;
    while (bytes[at] === BLANK) at++;
    return at;
  }

  private scanStamp(bytes: Uint8Array, start: number): number {
    let at = start;
    let byte = bytes[at]!;
    let whole = 0;
    while (byte >= ZERO && byte <= NINE) {
      whole = whole * 10 + (byte - ZERO);
      byte = bytes[++at]!;
    }
    if (at === start || at - start > 15) return -1;
    if (byte === DOT) {
      byte = bytes[++at]!;
      const from = at;
      let fraction = 0;
      while (byte >= ZERO && byte <= NINE) {
        fraction = fraction * 10 + (byte - ZERO);
        byte = bytes[++at]!;
      }
      this.digits = at - from;
      if (this.digits === 6) this.low = fraction * 1000;
      else if (this.digits === 9) this.low = fraction;
      else return -1;
      this.high = whole;
    } else {
      this.digits = 0;
      this.high = Math.floor(whole / BILLION);
      this.low = whole - this.high * BILLION;
    }
    if (byte !== COLON || bytes[at + 1] !== BLANK) return -1;
    at += 2;
    while (bytes[at] === BLANK) at++;
    return at;
  }
}
