import type { CallSite, EventTable } from '../event-table/event-table.ts';
import { EventTableBuilder, type NameDecoders } from '../event-table/event-table-builder.ts';
import { GrowingTable } from '../event-table/growing-table.ts';
import type { ReadOutcome, Recording } from '../event-table/recording.ts';
import type { Problem } from '../problem.ts';
import { NEWLINE } from './ascii.ts';
import { byteText, decodeName } from './decode-bytes.ts';
import { describeCount } from './describe-count.ts';
import { DialectTally } from './describe-dialect.ts';
import { explainNothing } from './explain-nothing.ts';
import { GunzipStream } from './gunzip-stream.ts';
import { LineTally } from './line-tally.ts';
import { isUnknownTask, nameTasks } from './name-tasks.ts';
import { LineReader } from './read-lines.ts';
import { LineScanner } from './scan-lines.ts';
import { type InputKind, SniffedInput } from './sniff-input.ts';
import { LineSplitter, LONGEST_LINE } from './split-lines.ts';

/** How far a reader came; cheap to look at between chunks. */
export interface ReadProgress {
  /** Bytes given to `push`, as they lie in the file. */
  readonly bytes: number;
  readonly lines: number;
  readonly events: number;
}

export interface TraceReaderOptions {
  /** Reads every line by the exact grammar, also those that the scanner would read faster to the same effect. */
  readonly exactOnly?: boolean;
}

/** Reads a text of module events as its bytes come. To cancel is to let it go. */
export interface TraceReader {
  /** Takes the next bytes of the file, cut anywhere. They are not kept. After a failure it does nothing. */
  push(chunk: Uint8Array): void;
  /** So many bytes will come in all, as far as anybody knows. It changes how memory is taken, and nothing else. */
  expect(bytes: number): void;
  /** Ends the text and gives what was read, or the reason why nothing is given. */
  finish(): ReadOutcome;
  /**
   * What the whole lines up to now say, as if the text ended behind the last of them; no events where none came yet.
   * It stays as it is, and changes nothing in what is read.
   */
  soFar(): Recording;
  readonly progress: ReadProgress;
  /** The reason why reading on is useless, as soon as there is one. */
  readonly failed: Problem | undefined;
}

/** Makes a reader for one file: text or gzip of text, in any of the dialects that `README.md` lists. */
export function createTraceReader(options: TraceReaderOptions = {}): TraceReader {
  return new StreamReader(options);
}

const decoders: NameDecoders = { text: decodeName, callSite: decodeCallSite };

/** Lines that are no line of a trace, with no event among them, after which nothing is hoped for: a device has no end. */
const MOST_USELESS = 1_000_000;

/** So much of a text tells how many events the rest will have. */
const SAMPLE_BYTES = 1 << 20;
/** More room than the sample asks for: where it does not last, the columns are copied once in the end. */
const ROOM = 1.05;

/** Only ModShark writes down what the kernel counted. */
const noCount = { proven: undefined, doubt: undefined };

class StreamReader implements TraceReader {
  failed: Problem | undefined;
  private bytes = 0;
  /** Bytes that are expected in all, until room was made for their events. */
  private expected: number | undefined;
  private line = 0;
  private gunzip: GunzipStream | undefined;
  private readonly file = new SniffedInput(
    (kind) => this.startFile(kind),
    (bytes) => this.takeFile(bytes),
  );
  private readonly text = new SniffedInput(
    (kind) => this.startText(kind),
    (bytes) => this.splitter.push(bytes),
  );
  private readonly table = new EventTableBuilder();
  private readonly tally = new LineTally();
  private readonly dialect = new DialectTally();
  private readonly reader = new LineReader(this.table, this.tally, this.dialect);
  private readonly scanner: LineScanner;
  private readonly splitter = new LineSplitter({
    lines: (bytes, start, end) => this.readLines(bytes, start, end),
    longLine: (head) => this.rejectLong(head),
  });

  private growing: GrowingTable | undefined;
  private readonly options: TraceReaderOptions;

  constructor(options: TraceReaderOptions) {
    this.options = options;
    this.scanner = new LineScanner(this.table, this.tally, this.dialect, this.reader, options.exactOnly === true);
  }

  get progress(): ReadProgress {
    const held = this.readHeld();
    return {
      bytes: this.bytes,
      lines: held?.lines.total ?? this.line,
      events: held?.table.length ?? this.table.length,
    };
  }

  push(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    if (this.failed === undefined) this.file.push(chunk);
    if (this.expected !== undefined && this.bytes >= SAMPLE_BYTES) this.reserve(this.expected);
  }

  expect(bytes: number): void {
    this.expected = bytes;
  }

  /** Of what is packed, the start tells little about the rest. */
  private reserve(expected: number): void {
    this.expected = undefined;
    if (this.gunzip === undefined)
      this.table.columns.reserve(Math.ceil((this.table.length / this.bytes) * expected * ROOM));
  }

  finish(): ReadOutcome {
    if (this.failed === undefined) this.file.finish();
    if (this.failed === undefined) this.failed = this.gunzip?.finish();
    if (this.failed === undefined) this.text.finish();
    const eventsBefore = this.table.length;
    this.reader.expectUnended();
    const cut = this.splitter.finish();
    if (this.failed !== undefined) return { ok: false, problem: this.failed };
    this.reader.finish();
    if (this.table.length === 0) return { ok: false, problem: explainNothing(this.tally, this.dialect) };
    this.growing = undefined;
    const table = this.table.finish(decoders);
    nameTasks(table, this.reader.processes);
    return { ok: true, recording: this.describe(table, cut, table.length > eventsBefore) };
  }

  soFar(): Recording {
    return this.readHeld() ?? this.look();
  }

  private look(): Recording {
    this.growing ??= new GrowingTable(this.table, decoders);
    const table = this.growing.look(this.reader.pendingStack);
    // Who a nameless task is, later lines may tell otherwise: what is inferred is never kept.
    const isNameless = table.tasks.some(isUnknownTask);
    const named = isNameless
      ? { ...table, tasks: [...table.tasks], task: table.task.slice(), flags: table.flags.slice() }
      : table;
    nameTasks(named, this.reader.processes);
    return this.describe(named, false, false);
  }

  /** The first bytes are held back until they tell what they are. Meanwhile a reader of its own reads what there is. */
  private readHeld(): Recording | undefined {
    const held = this.file.held ?? (this.gunzip === undefined ? undefined : this.text.held);
    if (held === undefined || this.failed !== undefined) return undefined;
    const reader = createTraceReader(this.options);
    reader.push(held.subarray(0, held.lastIndexOf(NEWLINE) + 1));
    const outcome = reader.finish();
    return outcome.ok ? outcome.recording : undefined;
  }

  private describe(table: EventTable, cut: boolean, lastRead: boolean): Recording {
    const { origin } = this.dialect;
    const { last } = this.reader.counts;
    const { proven, doubt } = last === undefined ? noCount : describeCount(last, table.countedRows, table.length);
    return {
      table,
      lines: this.tally.counts(),
      rejected: [...this.tally.kept],
      dialect: this.dialect.describe(),
      notices: [...this.notices(cut, lastRead), ...(doubt === undefined ? [] : [doubt])],
      ...(proven === undefined ? {} : { completeness: proven }),
      processes: [...this.reader.processes],
      sleeps: this.reader.sleeps.map(({ line, seconds }) => ({ time: timeBefore(table, line), seconds })),
      ...(origin === undefined ? {} : { origin }),
    };
  }

  private startFile(kind: InputKind): void {
    if (kind !== 'gzip') {
      this.startText(kind);
      return;
    }
    this.gunzip = new GunzipStream((bytes) => {
      if (this.failed === undefined) this.text.push(bytes);
    });
  }

  private startText(kind: InputKind): void {
    if (typeof kind === 'object') this.failed = kind;
    else if (kind === 'gzip') this.failed = packedTwice;
  }

  private takeFile(bytes: Uint8Array): void {
    if (this.failed !== undefined) return;
    if (this.gunzip === undefined) this.splitter.push(bytes);
    else this.failed = this.gunzip.push(bytes) ?? this.failed;
  }

  private readLines(bytes: Uint8Array, start: number, end: number): void {
    if (this.failed !== undefined) return;
    this.line = this.scanner.scan(bytes, start, end, this.line);
    if (this.table.length === 0 && this.tally.rejected > MOST_USELESS)
      this.failed = explainNothing(this.tally, this.dialect);
    if (this.table.stepBackLine > 0) this.failed = stepsBack(this.table.stepBackLine);
  }

  private rejectLong(head: Uint8Array): void {
    this.line++;
    this.reader.passLong();
    this.tally.reject(this.line, byteText(head, 0, head.length), `longer than ${LONGEST_LINE} bytes`);
  }

  private notices(cut: boolean, lastRead: boolean): string[] {
    const notices: string[] = [];
    if (cut && !lastRead) notices.push('The last line is cut off and was not read.');
    else if (cut) notices.push('The last line has no line end: it may have been cut.');
    if (this.dialect.cutsNames) notices.push('This format cuts task names to 8 characters.');
    if (this.table.unit === 'ticks')
      notices.push('The time stamps are bare numbers whose unit the text does not tell.');
    const slept = this.reader.sleeps.reduce((sum, { seconds }) => sum + seconds, 0);
    if (slept > 0) notices.push(`The machine slept for ${slept.toFixed(0)} s while this was recorded.`);
    if (this.tally.rejected > 0) notices.push(`${this.tally.rejected} of ${this.line} lines could not be read.`);
    return notices;
  }
}

/** The time of the last event that stands before a line of the text; that of the first where none does. */
function timeBefore(table: EventTable, line: number): number {
  let before = 0;
  for (let row = 0; row < table.length; row++) if (table.line[row]! < line) before = Math.max(before, table.time[row]!);
  return before;
}

/** `symbol` or `symbol [module]`. A module's name may hold brackets itself, a symbol's never a blank. */
function decodeCallSite(bytes: Uint8Array): CallSite {
  const text = decodeName(bytes);
  const match = /^(\S+) \[(.+)\]$/.exec(text);
  return match === null ? { symbol: text, module: undefined } : { symbol: match[1]!, module: match[2]! };
}

const packedTwice: Problem = {
  what: 'This file is compressed twice.',
  why: 'What came out of gzip is gzip again.',
  remedy: 'Run `zcat FILE > FILE.gz` once and open what comes out.',
};

function stepsBack(line: number): Problem {
  return {
    what: `At line ${line} time steps back.`,
    why: 'Within one CPU a recording never does. This is what two recordings in one file look like, or lines in another order than they were printed in.',
    remedy: `Open the parts before and after line ${line} as files of their own.`,
  };
}
