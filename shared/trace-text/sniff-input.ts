import type { Problem } from '../problem.ts';

/** How many bytes are looked at before anything is read. */
const SNIFF_BYTES = 4096;

export type InputKind = 'text' | 'gzip' | Problem;

const REMEDY_TEXT = 'Give a text that trace_pipe, trace, trace-cmd report or perf script printed.';

interface Magic {
  readonly bytes: readonly number[];
  readonly problem: Problem;
}

/** Sources: trace-cmd.dat(5); linux/tools/perf/util/header.h; file(1)'s magic. */
const magics: readonly Magic[] = [
  {
    bytes: [0x17, 0x08, 0x44, ...ascii('tracing')],
    problem: {
      what: 'This is a trace.dat file, not text.',
      why: 'trace-cmd record writes the kernel’s binary pages; ModShark reads the text that trace-cmd makes of them.',
      remedy: 'Run `trace-cmd report FILE > FILE.txt` and open FILE.txt.',
    },
  },
  {
    bytes: ascii('PERFILE2'),
    problem: {
      what: 'This is a perf.data file, not text.',
      why: 'perf record writes binary records; ModShark reads the text that perf makes of them.',
      remedy: 'Run `perf script -i FILE > FILE.txt` and open FILE.txt.',
    },
  },
  { bytes: [0x50, 0x4b, 0x03, 0x04], problem: packed('a ZIP archive', 'unzip FILE') },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], problem: packed('compressed with xz', 'xz -dk FILE') },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], problem: packed('compressed with zstd', 'zstd -dk FILE') },
  { bytes: ascii('BZh'), problem: packed('compressed with bzip2', 'bzip2 -dk FILE') },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], problem: packed('a 7z archive', '7z x FILE') },
  {
    bytes: [0x7f, ...ascii('ELF')],
    problem: {
      what: 'This is a program or a kernel module, not a recording.',
      why: 'The file starts as ELF binaries do.',
      remedy: REMEDY_TEXT,
    },
  },
];

const utf16: Problem = {
  what: 'This text is encoded as UTF-16.',
  why: 'The kernel and trace-cmd print bytes; some editor or terminal saved them with two bytes per character.',
  remedy: 'Run `iconv -f UTF-16 -t UTF-8 FILE > FILE.txt` and open FILE.txt.',
};

const binary: Problem = {
  what: 'This is not text.',
  why: 'A large part of the first bytes are control characters.',
  remedy: REMEDY_TEXT,
};

/** Holds the first bytes back until they tell what they are; a text's byte order mark is dropped. */
export class SniffedInput {
  private head: Uint8Array | undefined = new Uint8Array(0);
  private readonly start: (kind: InputKind) => void;
  private readonly take: (bytes: Uint8Array) => void;

  constructor(start: (kind: InputKind) => void, take: (bytes: Uint8Array) => void) {
    this.start = start;
    this.take = take;
  }

  /** What is held back; undefined as soon as it is decided what it is. */
  get held(): Uint8Array | undefined {
    return this.head;
  }

  push(chunk: Uint8Array): void {
    if (this.head === undefined) {
      this.take(chunk);
      return;
    }
    const head = new Uint8Array(this.head.length + chunk.length);
    head.set(this.head);
    head.set(chunk, this.head.length);
    this.head = head;
    if (head.length >= SNIFF_BYTES) this.finish();
  }

  /** Decides on what there is. */
  finish(): void {
    const { head } = this;
    if (head === undefined) return;
    this.head = undefined;
    const kind = sniffInput(head.subarray(0, SNIFF_BYTES));
    this.start(kind);
    // Source: RFC 3629, section 6.
    const marked = kind === 'text' && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
    if (typeof kind === 'string') this.take(marked ? head.subarray(3) : head);
  }
}

/** Tells from a file's first bytes whether it can be read at all. */
function sniffInput(head: Uint8Array): InputKind {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  const magic = magics.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  if (magic !== undefined) return magic.problem;
  if (head.length >= 2 && ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)))
    return utf16;
  if (head.length >= 16 && nulsAt(head, 1) > 0.9 !== nulsAt(head, 0) > 0.9) return utf16;
  return looksBinary(head) ? binary : 'text';
}

/** Option bin prints raw numbers and then `type: 360`: that is binary, but a text with a better explanation. */
function looksBinary(head: Uint8Array): boolean {
  let controls = 0;
  for (const byte of head) if (byte < 32 && (byte < 9 || byte > 13) && byte !== 27) controls++;
  if (head.length < 32 || controls * 12 < head.length) return false;
  return !String.fromCharCode(...head).includes('type: ');
}

/** The share of NUL bytes among the even or the odd places. */
function nulsAt(head: Uint8Array, parity: 0 | 1): number {
  let nuls = 0;
  for (let i = parity; i < head.length; i += 2) if (head[i] === 0) nuls++;
  return nuls / Math.ceil((head.length - parity) / 2);
}

function packed(what: string, command: string): Problem {
  return {
    what: `This file is ${what}.`,
    why: 'Of compressed files, ModShark reads gzip only.',
    remedy: `Run \`${command}\` and open the text that comes out.`,
  };
}

function ascii(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0));
}
