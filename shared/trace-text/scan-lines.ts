import { hashBytes } from '../event-table/byte-dictionary.ts';
import { EventFlag, EventKind } from '../event-table/event-table.ts';
import type { EventTableBuilder } from '../event-table/event-table-builder.ts';
import { BLANK, DASH, EQUALS, ESCAPE, NEWLINE, NINE, OPEN_BRACKET, OPEN_PAREN, RETURN, ZERO } from './ascii.ts';
import type { DialectTally } from './describe-dialect.ts';
import type { LineTally } from './line-tally.ts';
import { PhraseMemo } from './phrase-memo.ts';
import type { LineReader } from './read-lines.ts';
import { LONGEST_MODULE_NAME } from './read-payload.ts';
import { ContextScanner, USUAL_BYTES } from './scan-context.ts';
import { TaskMemo } from './task-memo.ts';

/** The width that the kernel pads a comm to. */
const COMM_WIDTH = 16;

/** No line is scanned whose fixed columns might reach behind the end of the bytes. */
const SHORTEST_SCANNED = 48;

/** Bytes of an event's name that are compared without looking for the line's end. */
const LONGEST_EVENT_NAME = 16;

/** The letters of the events' names as little-endian words, to compare four at a time. */
const WORD_MODU = word('modu');
const WORD_LE_G = word('le_g');
const WORD_LE_P = word('le_p');
const WORD_LE_L = word('le_l');
const WORD_LE_F = word('le_f');
const WORD_LE_R = word('le_r');
const WORD_ET = word('et: ');
const WORD_UT = word('ut: ');

const wordLoad = letters('oad:');
const wordFree = letters('ree:');
const wordRequest = letters('equest:');
const wordCallSite = letters('call_site=');
const wordRefcount = letters('refcnt=');
const wordWait = letters('wait=');

/**
 * Reads the lines that most recordings consist of in one pass over their bytes, and leaves every other to the exact
 * reader: padded `comm-pid (tgid) [cpu] flags stamp:` with a module event whose names hold no blank, or another event.
 * Whatever is read here, the exact reader would read the same; a test compares them over all recordings.
 *
 * Shape: `at` walks through the line, and stops at its end at the latest; a method that meets anything unexpected gives
 * −1, and nothing was changed yet.
 */
export class LineScanner {
  private readonly table: EventTableBuilder;
  private readonly tally: LineTally;
  private readonly dialect: DialectTally;
  private readonly reader: LineReader;
  private readonly exactOnly: boolean;
  private readonly context = new ContextScanner();
  private readonly taskMemo = new TaskMemo();
  /** `NAME call_site=` → module. */
  private readonly nameMemo = new PhraseMemo();
  /** `SYMBOL [MODULE] refcnt=` → call site. */
  private readonly siteMemo = new PhraseMemo();
  /** The bytes being scanned, for reading four at a time. */
  private view: DataView = new DataView(new ArrayBuffer(0));
  private lineStart = 0;
  /** The task of the line, −1 where it has to be looked up by its comm. */
  private task = -1;
  /** Flag width, digits and tgid of the last line, as one number: the dialect is told only of changes. */
  private lastShape = -1;

  constructor(
    table: EventTableBuilder,
    tally: LineTally,
    dialect: DialectTally,
    reader: LineReader,
    exactOnly: boolean,
  ) {
    this.table = table;
    this.tally = tally;
    this.dialect = dialect;
    this.reader = reader;
    this.exactOnly = exactOnly;
  }

  /** Reads the whole lines from `start` to `end`; `line` is the number of the line before. Gives the last number. */
  scan(bytes: Uint8Array, start: number, end: number, line: number): number {
    const { reader } = this;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let plain = !this.exactOnly && reader.plain;
    let number = line;
    let at = start;
    while (at < end) {
      number++;
      if (plain && end - at >= SHORTEST_SCANNED) {
        const next = this.scanLine(bytes, at, number, end - at >= USUAL_BYTES);
        if (next >= 0) {
          at = next;
          continue;
        }
      }
      const stop = bytes.indexOf(NEWLINE, at);
      reader.read(bytes, at, stop, number);
      plain = !this.exactOnly && reader.plain;
      at = stop + 1;
    }
    return number;
  }

  /** Reads one line; gives where the next starts, −1 where the exact reader has to read it. */
  private scanLine(bytes: Uint8Array, lineStart: number, line: number, mayBeUsual: boolean): number {
    const dash = lineStart + COMM_WIDTH;
    if (bytes[lineStart] !== BLANK || bytes[dash] !== DASH) return -1;
    const { context, taskMemo, view } = this;
    let event = -1;
    if (mayBeUsual) {
      // With the task known, its pid need not be read again.
      this.task = taskMemo.find(view, lineStart, -1);
      if (this.task >= 0) event = context.scanUsual(view, lineStart);
    }
    if (event < 0) {
      event = context.scan(bytes, dash);
      if (event < 0) return -1;
      this.task = taskMemo.find(view, lineStart, context.tgid);
      if (mayBeUsual) context.learnUsual(view, lineStart);
    }
    if (event + LONGEST_EVENT_NAME > bytes.length) return -1;
    this.lineStart = lineStart;
    // A comm that was met before holds no line end; any other might, and this would be the end of two lines.
    if (this.task < 0) for (let at = lineStart; at < dash; at++) if (bytes[at] === NEWLINE) return -1;

    const first = bytes[event]!;
    if (first === 109) {
      // What perf prints begins with `module:`: that, too, is for the exact reader.
      return this.view.getInt32(event, true) === WORD_MODU
        ? this.scanModuleEvent(bytes, event + 4, line)
        : this.scanOther(bytes, event);
    }
    // What opens a stack trace, and the column of --ts-diff.
    if (first === ESCAPE || first === 60 || first === OPEN_PAREN || first === NEWLINE || first === RETURN) return -1;
    if ((first === 107 && bytes[event + 1] === 101) || (first === 117 && bytes[event + 1] === 115)) return -1;
    return this.scanOther(bytes, event);
  }

  /** Another event: counted, and passed over. */
  private scanOther(bytes: Uint8Array, start: number): number {
    let at = start;
    while (bytes[at] !== NEWLINE) if (bytes[at++] === ESCAPE) return -1;
    this.noteShape();
    const { streams } = this.table;
    streams.row[streams.slot(0, this.context.cpu)] = -1;
    this.tally.other++;
    this.tally.entries++;
    this.reader.passEvent(true);
    return at + 1;
  }

  private scanModuleEvent(bytes: Uint8Array, start: number, line: number): number {
    const { view } = this;
    const name = start + 4;
    switch (view.getInt32(start, true)) {
      case WORD_LE_G:
        return view.getInt32(name, true) === WORD_ET ? this.scanRefcount(bytes, name + 3, line, EventKind.get) : -1;
      case WORD_LE_P:
        return view.getInt32(name, true) === WORD_UT ? this.scanRefcount(bytes, name + 3, line, EventKind.put) : -1;
      case WORD_LE_L:
        return this.scanLoad(bytes, skipWord(bytes, name, wordLoad), line);
      case WORD_LE_F:
        return this.scanFree(bytes, skipWord(bytes, name, wordFree), line);
      case WORD_LE_R:
        return this.scanRequest(bytes, skipWord(bytes, name, wordRequest), line);
      default:
        return -1;
    }
  }

  /** `NAME call_site=SYMBOL [MODULE] refcnt=N` */
  private scanRefcount(bytes: Uint8Array, start: number, line: number, kind: EventKind): number {
    const { view, nameMemo, siteMemo, table } = this;
    const nameStart = this.skipPadding(bytes, start);
    if (nameStart < 0) return -1;
    let module = nameMemo.find(view, nameStart, bytes.length);
    const siteStart = module >= 0 ? nameStart + nameMemo.length : skipName(bytes, nameStart);
    if (siteStart < 0) return -1;
    let callSite = siteMemo.find(view, siteStart, bytes.length);
    const digitsStart = callSite >= 0 ? siteStart + siteMemo.length : skipSite(bytes, siteStart);
    if (digitsStart < 0) return -1;

    let at = digitsStart;
    let byte = bytes[at]!;
    let refcount = 0;
    while (byte >= ZERO && byte <= NINE) {
      refcount = refcount * 10 + (byte - ZERO);
      byte = bytes[++at]!;
    }
    if (at === digitsStart || at - digitsStart > 9) return -1;
    const next = byte === NEWLINE ? at + 1 : lineEnd(bytes, at);
    if (next < 0 || !this.keepsClock()) return -1;

    if ((module < 0 || callSite < 0) && hasEscape(bytes, nameStart, digitsStart)) return -1;
    if (module < 0) {
      const nameEnd = siteStart - wordCallSite.length - 1;
      module = table.modules.intern(bytes, nameStart, nameEnd, hashBytes(bytes, nameStart, nameEnd));
      nameMemo.learn(view, nameStart, siteStart - nameStart, module);
    }
    if (callSite < 0) {
      const siteEnd = digitsStart - wordRefcount.length - 1;
      callSite = table.callSites.intern(bytes, siteStart, siteEnd, hashBytes(bytes, siteStart, siteEnd));
      siteMemo.learn(view, siteStart, digitsStart - siteStart, callSite);
    }
    const { high, low, cpu } = this.context;
    table.append(high, low, kind, 0, cpu, this.taskOfLine(bytes), module, callSite, refcount, -1, line, 0);
    this.countEvent();
    return next;
  }

  /** `NAME FLAGS`, with a blank even where there are no flags, but for the oldest kernels. */
  private scanLoad(bytes: Uint8Array, start: number, line: number): number {
    const nameStart = this.skipPadding(bytes, start);
    if (nameStart < 0) return -1;
    const nameEnd = tokenEnd(bytes, nameStart);
    const taintStart = bytes[nameEnd] === BLANK ? nameEnd + 1 : nameEnd;
    let taintEnd = taintStart;
    while (bytes[taintEnd]! >= 65 && bytes[taintEnd]! <= 90) taintEnd++;
    if (taintEnd - taintStart > 8) return -1;
    return this.addNamed(bytes, EventKind.load, nameStart, nameEnd, taintStart, taintEnd, line);
  }

  /** `NAME`; `name=NAME` of `trace-cmd report -R` is left to the exact reader. */
  private scanFree(bytes: Uint8Array, start: number, line: number): number {
    const nameStart = this.skipPadding(bytes, start);
    if (nameStart < 0) return -1;
    const nameEnd = tokenEnd(bytes, nameStart);
    for (let at = nameStart; at < nameEnd; at++) if (bytes[at] === EQUALS) return -1;
    return this.addNamed(bytes, EventKind.free, nameStart, nameEnd, nameEnd, nameEnd, line);
  }

  private addNamed(
    bytes: Uint8Array,
    kind: EventKind,
    nameStart: number,
    nameEnd: number,
    detailStart: number,
    detailEnd: number,
    line: number,
  ): number {
    const next = hasEscape(bytes, nameStart, nameEnd) ? -1 : lineEnd(bytes, detailEnd);
    if (next < 0 || !this.keepsClock() || nameEnd === nameStart || nameEnd - nameStart > LONGEST_MODULE_NAME) return -1;
    const { table } = this;
    const module = table.modules.intern(bytes, nameStart, nameEnd, hashBytes(bytes, nameStart, nameEnd));
    const detail =
      detailEnd === detailStart
        ? -1
        : table.details.intern(bytes, detailStart, detailEnd, hashBytes(bytes, detailStart, detailEnd));
    const { high, low, cpu } = this.context;
    table.append(high, low, kind, 0, cpu, this.taskOfLine(bytes), module, -1, 0, detail, line, 0);
    this.countEvent();
    return next;
  }

  /** `ALIAS wait=0|1 call_site=SYMBOL [MODULE]` */
  private scanRequest(bytes: Uint8Array, start: number, line: number): number {
    const aliasStart = this.skipPadding(bytes, start);
    // What stands behind a request that we recorded may be the rest of its name: that is for the exact reader.
    if (aliasStart < 0 || this.reader.recordedHere) return -1;
    const aliasEnd = tokenEnd(bytes, aliasStart);
    if (aliasEnd === aliasStart || aliasEnd - aliasStart > LONGEST_MODULE_NAME || bytes[aliasEnd] !== BLANK) return -1;
    let at = skipWord(bytes, aliasEnd + 1, wordWait);
    if (at < 0) return -1;
    const waits = bytes[at]! - ZERO;
    if ((waits !== 0 && waits !== 1) || bytes[at + 1] !== BLANK) return -1;
    const siteStart = skipWord(bytes, at + 2, wordCallSite);
    if (siteStart < 0) return -1;
    let siteEnd = tokenEnd(bytes, siteStart);
    if (siteEnd === siteStart) return -1;
    if (bytes[siteEnd] === BLANK && bytes[siteEnd + 1] === OPEN_BRACKET) siteEnd = tokenEnd(bytes, siteEnd + 1);
    for (at = siteStart; at < siteEnd; at++) if (bytes[at] === EQUALS) return -1;
    const next = hasEscape(bytes, aliasStart, siteEnd) ? -1 : lineEnd(bytes, siteEnd);
    if (next < 0 || !this.keepsClock()) return -1;

    const { table } = this;
    const callSite = table.callSites.intern(bytes, siteStart, siteEnd, hashBytes(bytes, siteStart, siteEnd));
    const detail = table.details.intern(bytes, aliasStart, aliasEnd, hashBytes(bytes, aliasStart, aliasEnd));
    const flags = waits === 1 ? EventFlag.requestWaits : 0;
    const task = this.taskOfLine(bytes);
    const { high, low, cpu } = this.context;
    table.append(high, low, EventKind.request, flags, cpu, task, -1, callSite, 0, detail, line, 0);
    this.countEvent();
    return next;
  }

  /** Blanks before the fields. The first event whose name trace-cmd padded goes to the exact reader, who notes it. */
  private skipPadding(bytes: Uint8Array, start: number): number {
    if (start < 0 || bytes[start] !== BLANK) return -1;
    let at = start + 1;
    while (bytes[at] === BLANK) at++;
    return at - start > 1 && !this.dialect.paddedEvent ? -1 : at;
  }

  /** Whether the stamp is printed as the first event's was, and near it. */
  private keepsClock(): boolean {
    const { table, context } = this;
    return context.digits === table.digits && table.unit !== undefined && table.isNear(context.high);
  }

  private taskOfLine(bytes: Uint8Array): number {
    if (this.task >= 0) return this.task;
    const { lineStart, view } = this;
    const { pid, tgid } = this.context;
    const commEnd = lineStart + COMM_WIDTH;
    let commStart = lineStart;
    while (commStart < commEnd && bytes[commStart] === BLANK) commStart++;
    const task = this.table.tasks.intern(bytes, commStart, commEnd, pid, tgid);
    this.taskMemo.learn(view, lineStart, tgid, task);
    return task;
  }

  private countEvent(): void {
    this.noteShape();
    this.tally.events++;
    this.reader.passEvent(false);
  }

  private noteShape(): void {
    const { flagWidth, digits, tgid } = this.context;
    const shape = (flagWidth * 16 + digits) * 2 + (tgid >= 0 ? 1 : 0);
    if (shape === this.lastShape) return;
    this.lastShape = shape;
    this.dialect.columns(flagWidth, digits, tgid >= 0);
  }
}

/** Terminal codes, which the exact reader refuses. */
function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === ESCAPE) return true;
  return false;
}

/** Passes over `NAME call_site=`. */
function skipName(bytes: Uint8Array, start: number): number {
  const end = tokenEnd(bytes, start);
  return end === start || end - start > LONGEST_MODULE_NAME ? -1 : skipWord(bytes, end + 1, wordCallSite, end);
}

/** Passes over `SYMBOL refcnt=` or `SYMBOL [MODULE] refcnt=`. */
function skipSite(bytes: Uint8Array, start: number): number {
  let end = tokenEnd(bytes, start);
  if (end === start) return -1;
  if (bytes[end] === BLANK && bytes[end + 1] === OPEN_BRACKET) end = tokenEnd(bytes, end + 1);
  return skipWord(bytes, end + 1, wordRefcount, end);
}

/**
 * Where a word ends that has to stand here; −1 where another does. Reads no byte behind the first that differs.
 * `blank` is a place before it that has to hold a blank.
 */
function skipWord(bytes: Uint8Array, start: number, word: Uint8Array, blank = -1): number {
  if (start < 0 || (blank >= 0 && bytes[blank] !== BLANK)) return -1;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return -1;
  return start + word.length;
}

/** Where a run without blanks ends: at a blank or at the line's end. */
function tokenEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== BLANK && bytes[at] !== NEWLINE) at++;
  return bytes[at] === NEWLINE && at > start && bytes[at - 1] === RETURN ? at - 1 : at;
}

/** Where the next line starts where this one ends here; −1 where something follows. */
function lineEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === NEWLINE) return at + 1;
  return bytes[at] === RETURN && bytes[at + 1] === NEWLINE ? at + 2 : -1;
}

function word(four: string): number {
  return new DataView(letters(four).buffer).getInt32(0, true);
}

function letters(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
