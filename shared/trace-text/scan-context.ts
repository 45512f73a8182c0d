import { BLANK, CLOSE_BRACKET, CLOSE_PAREN, COLON, DASH, DOT, NINE, OPEN_BRACKET, OPEN_PAREN, ZERO } from './ascii.ts';

const BILLION = 1_000_000_000;

/** How many bytes from the start of a line `scanUsual` may look at. */
export const USUAL_BYTES = 64;
/** Where the usual stamp's own blank stands, and the farthest place of its dot. */
const USUAL_STAMP = 36;
const FARTHEST_DOT = USUAL_STAMP + 7;
const FLAG_SLOTS = 64;
/** Two and three letters as they stand in a little-endian word. */
const BLANK_OPEN = BLANK | (OPEN_BRACKET << 8);
const CLOSE_BLANK = (CLOSE_BRACKET << 8) | (BLANK << 16);
const COLON_BLANK = COLON | (BLANK << 8);

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

  /** Flags that were met in the usual place: the first, and the four behind it. */
  private readonly firstFlag = new Uint8Array(FLAG_SLOTS);
  private readonly otherFlags = new Int32Array(FLAG_SLOTS);
  /** The last seconds in the usual place: their bytes from the blank before them to their dot, where that is, their value. */
  private secondsStart = 0;
  private secondsEnd = 0;
  private dot = FARTHEST_DOT;
  private seconds = 0;

  /**
   * Reads a line that is laid out as the kernel lays out nearly all, but for its task, some bytes at a time: three digits
   * of CPU, five flags that were met before, the seconds of the line before, and six digits behind their dot. Else −1.
   *
   * Shape: `line` is its start; `USUAL_BYTES` from there have to be there.
   *
   * ```
   * |            comm|-pid     [001] ...1.   102.168297: module_get: …
   * 0                16        25    31   37   dot
   * ```
   */
  scanUsual(view: DataView, line: number): number {
    const open = view.getInt32(line + 24, true);
    const close = view.getInt32(line + 28, true);
    const hundreds = ((open >>> 16) & 255) - ZERO;
    const tens = (open >>> 24) - ZERO;
    const ones = (close & 255) - ZERO;
    if ((open & 0xffff) !== BLANK_OPEN || (close & 0xffff00) !== CLOSE_BLANK) return -1;
    if (hundreds >>> 0 > 9 || tens >>> 0 > 9 || ones >>> 0 > 9) return -1;
    const flags = view.getInt32(line + 32, true);
    const slot = flagSlot(close >>> 24, flags);
    if (this.firstFlag[slot] !== close >>> 24 || this.otherFlags[slot] !== flags) return -1;

    const { dot } = this;
    if (view.getInt32(line + 36, true) !== this.secondsStart) return -1;
    if (view.getInt32(line + dot - 3, true) !== this.secondsEnd) return -1;
    const four = view.getInt32(line + dot + 1, true);
    const two = view.getInt32(line + dot + 5, true);
    if (!areDigits(four, 0xf0f0f0f0 | 0, 0x30303030, 0x06060606)) return -1;
    if (!areDigits(two, 0xf0f0, 0x3030, 0x0606) || two >>> 16 !== COLON_BLANK) return -1;
    const pairs = (four & 0x000f000f) * 10 + ((four >>> 8) & 0x000f000f);
    const fraction = ((pairs & 255) * 100 + (pairs >>> 16)) * 100 + (two & 15) * 10 + ((two >>> 8) & 15);

    this.tgid = -1;
    this.cpu = hundreds * 100 + tens * 10 + ones;
    this.flagWidth = 5;
    this.digits = 6;
    this.high = this.seconds;
    this.low = fraction * 1000;
    let at = line + dot + 9;
    while (view.getUint8(at) === BLANK) at++;
    return at;
  }

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

  /** Remembers flags and seconds of a line that `scan` has just read, where they stand in the usual place. */
  learnUsual(view: DataView, line: number): void {
    if (this.tgid >= 0 || this.flagWidth !== 5 || this.digits !== 6) return;
    if (view.getUint16(line + 24, true) !== BLANK_OPEN) return;
    if ((view.getInt32(line + 28, true) & 0xffff00) !== CLOSE_BLANK) return;
    const first = view.getUint8(line + 31);
    if (first === BLANK || view.getUint8(line + USUAL_STAMP) !== BLANK) return;
    let dot = USUAL_STAMP + 3;
    while (dot <= FARTHEST_DOT && view.getUint8(line + dot) !== DOT) dot++;
    if (dot > FARTHEST_DOT) return;
    const flags = view.getInt32(line + 32, true);
    const slot = flagSlot(first, flags);
    this.firstFlag[slot] = first;
    this.otherFlags[slot] = flags;
    this.secondsStart = view.getInt32(line + USUAL_STAMP, true);
    this.secondsEnd = view.getInt32(line + dot - 3, true);
    this.dot = dot;
    this.seconds = this.high;
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

function flagSlot(first: number, others: number): number {
  return (Math.imul(others ^ first, 0x9e3779b1) >>> 26) & (FLAG_SLOTS - 1);
}

/** Whether those bytes of a word that the mask leaves hold digits. */
function areDigits(word: number, mask: number, zeros: number, six: number): boolean {
  return (word & mask) === zeros && ((word + six) & mask) === zeros;
}
