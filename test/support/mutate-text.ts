/** A generator of chance whose seed says all that it will give (mulberry32). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0 to `below` − 1. */
  below(below: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
}

/** What texts of traces break over, to be put where it does not belong. */
const splinters = [
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\xff',
  '\x1b[31m',
  ' ',
  '\t',
  ':',
  '-',
  '[',
  ']',
  '(',
  ')',
  '=',
  '#',
  '=>',
  ' => f',
  '<...>',
  '<stack trace>',
  'module_get: ',
  'module_load: ',
  'module:module_put: ',
  ' call_site=',
  ' refcnt=',
  ' refcnt=99999999999',
  ' wait=1',
  'ip=',
  'name=',
  'CPU:1 [LOST 5 EVENTS]\n',
  'CPU:0 [EVENTS DROPPED]\n',
  '##### CPU 1 buffer started ####\n',
  '# entries-in-buffer/entries-written: 1/9\n',
  'cpus=2\n',
  'Buffer: x\n',
  'kslite: ',
  '18446744073709551616',
  '-1',
  '[000]',
  ' [99999] ',
  '....1. ',
  '1.000000: ',
  '999999999.999999: ',
  '            nl\n',
  'x-124     [001] ...1.    12.187801: module_free: a\n',
  'kernel_stack: <stack trace >\n',
  '=> f (ffffffff81148337)\n',
];

const lineEnd = 10;

/** Changes a text in a few places, as editors, terminals, full disks and ill will do. */
export function mutateText(text: Uint8Array, other: Uint8Array, chance: Chance): Uint8Array {
  let bytes = Buffer.from(text);
  for (let count = 1 + chance.below(12); count > 0; count--) bytes = mutateOnce(bytes, other, chance);
  return new Uint8Array(bytes);
}

function mutateOnce(bytes: Buffer, other: Uint8Array, chance: Chance): Buffer<ArrayBuffer> {
  const at = chance.below(bytes.length + 1);
  const length = chance.below(chance.pick([2, 20, 200]));
  switch (chance.below(9)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      for (let i = at; i < Math.min(bytes.length, at + length); i += 1 + chance.below(9))
        flipped[i] = chance.below(256);
      return flipped;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 2:
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(chance.pick(splinters), 'latin1'), bytes.subarray(at)]);
    case 4: {
      const from = chance.below(bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at)]);
    }
    case 5: {
      const from = chance.below(other.length + 1);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + length * 10), bytes.subarray(at)]);
    }
    case 6:
      return swapLines(bytes, at);
    case 7:
      return chance.below(20) === 0 ? Buffer.from(bytes.subarray(0, at)) : Buffer.from(bytes);
    default:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from('9'.repeat(length)), bytes.subarray(at)]);
  }
}

function swapLines(bytes: Buffer, at: number): Buffer<ArrayBuffer> {
  const first = bytes.lastIndexOf(lineEnd, at) + 1;
  const second = bytes.indexOf(lineEnd, at) + 1;
  const third = bytes.indexOf(lineEnd, second) + 1;
  if (second === 0 || third === 0) return Buffer.from(bytes);
  return Buffer.concat([
    bytes.subarray(0, first),
    bytes.subarray(second, third),
    bytes.subarray(first, second),
    bytes.subarray(third),
  ]);
}
