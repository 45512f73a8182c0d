import { type ByteDictionary, hashBytes } from '../event-table/byte-dictionary.ts';
import { EventFlag, EventKind } from '../event-table/event-table.ts';
import type { EventTableBuilder } from '../event-table/event-table-builder.ts';
import type { ProcessNote } from '../event-table/process-note.ts';
import { CountCheck } from './check-kernel-count.ts';
import { type ByteText, byteText, decodeText, ScratchBytes } from './decode-bytes.ts';
import type { DialectTally } from './describe-dialect.ts';
import { isWholeEvent } from './is-whole-event.ts';
import { joinRequest, type OpenRequest } from './join-request.ts';
import { keepNameStart, type PossibleNameStart } from './keep-name-start.ts';
import type { LineClass, LineTally } from './line-tally.ts';
import { findPrefixWidth, type LineContext, matchPadded, matchUnpadded } from './match-context.ts';
import { opensStack, readFrame, readPerfFrame } from './read-frame.ts';
import { bufferHeading, isHeader, readLossMark } from './read-mark.ts';
import { endsRequest, isColouredModuleEvent, LONGEST_MODULE_NAME, moduleEvent, readPayload } from './read-payload.ts';
import { readProcessNote } from './read-process-note.ts';
import { readSleep } from './read-sleep.ts';
import { readStamp } from './read-stamp.ts';
import { reasonOf } from './reason-of.ts';
import { COLOURED, CUT_OFF, UNENDED_NAME } from './reject-reasons.ts';
import { spotPrefix } from './spot-prefix.ts';

/** The kernel prints at most 127 frames; a text may print any number. */
const MOST_FRAMES = 256;
/** ModShark notes half as many. */
const MOST_PROCESSES = 8192;
const MOST_SLEEPS = 100;

/**
 * Reads one line after the other into the table, exactly and in every dialect.
 *
 * What a line without structure belongs to depends on the lines before it, and a task's name may hold a line end: this
 * is the state kept here. `scan-lines.ts` reads the common lines much faster and leaves all others to this reader.
 */
export class LineReader {
  /** Where frames of a stack go: a row, −1 for the stack of another event, undefined while none is open. */
  private stackRow: number | undefined;
  private frames: string[] = [];
  private frameCount = 0;
  private inPerfChain = false;
  private afterOther = false;
  private nameStarts: PossibleNameStart[] = [];
  /** Any user makes the kernel ask for a module of any name (crypto/af_alg.c alg_bind), and a name may hold a line end. */
  private request: OpenRequest | undefined;
  /** ModShark recorded it: what stands behind a request may be the rest of a name that imitates its end. */
  recordedHere = false;
  private prefixWidth = 0;
  private sawPadded = false;
  private headingBuffer = '';
  private lossBuffer: string | undefined;
  /** The line that is read has no end: what stands last in it may be cut short. */
  private unended = false;
  /** Who had the pids, as the text itself says. */
  readonly processes: ProcessNote[] = [];
  readonly sleeps: { readonly line: number; readonly seconds: number }[] = [];
  readonly counts = new CountCheck();
  private readonly scratch = new ScratchBytes();
  private readonly table: EventTableBuilder;
  private readonly tally: LineTally;
  private readonly dialect: DialectTally;

  constructor(table: EventTableBuilder, tally: LineTally, dialect: DialectTally) {
    this.table = table;
    this.tally = tally;
    this.dialect = dialect;
  }

  /** Whether the next line can be read by itself: no name that began on an earlier line, no prefix of a buffer. */
  get plain(): boolean {
    return (
      !this.unended &&
      this.request === undefined &&
      this.nameStarts.length === 0 &&
      this.prefixWidth === 0 &&
      this.headingBuffer === '' &&
      this.lossBuffer === undefined
    );
  }

  /** The stack whose frames are still coming, and the row that they will be of. */
  get pendingStack(): { readonly row: number; readonly frames: readonly string[] } | undefined {
    const { stackRow: row, frames } = this;
    return row !== undefined && row >= 0 && frames.length > 0 ? { row, frames } : undefined;
  }

  /** The scanner read a line that ends whatever was open: the row of a module event, or another event. */
  passEvent(wasOther: boolean): void {
    if (this.stackRow !== undefined) this.closeStack();
    this.inPerfChain = false;
    this.afterOther = wasOther;
    this.sawPadded = true;
  }

  /** A line was passed over without being looked at. */
  passLong(): void {
    this.leaveRequest();
    this.closeStack();
    this.afterOther = false;
    this.nameStarts = [];
  }

  /** Reads the line from `start` to `end`, without its line end. */
  read(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.readLine(byteText(bytes, start, end), line);
  }

  private readLine(raw: ByteText, line: number): void {
    if (this.request !== undefined) {
      this.readRequestedName(this.request, raw, line);
      return;
    }
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (this.readPaddedLine(text, line)) return;
    // Every layout has a colon behind the time.
    if (this.nameStarts.length > 0 && text.includes(':') && this.readSplitName(text, line)) return;
    const was = this.readUnpaddedLine(text, line);
    if (was === undefined) this.nameStarts = [];
    else keepNameStart(this.nameStarts, { text: raw, line, was }, this.prefixWidth);
  }

  /** What is read next is the last line, and the text ends without ending it. */
  expectUnended(): void {
    this.unended = true;
  }

  finish(): void {
    this.leaveRequest();
    this.closeStack();
  }

  private readRequestedName(open: OpenRequest, raw: ByteText, line: number): void {
    const { ended, goesOn } = joinRequest(open, raw, line);
    this.request = goesOn;
    if (goesOn !== undefined || (ended !== undefined && open.told)) this.tally.reject(line, raw, UNENDED_NAME);
    else if (ended !== undefined) {
      for (const before of open.lines) this.tally.retract(before, 'rejected');
      this.lossBuffer = open.lossBuffer;
      this.readEvent(ended, open.context, line, open.lines.length + 1);
    } else {
      this.readHeld(open);
      this.readLine(raw, line);
    }
  }

  private readHeld(open: OpenRequest): void {
    for (const held of open.held) {
      this.tally.retract(held.line, 'rejected');
      this.readLine(held.raw, held.line);
    }
  }

  /** That nothing follows says that the request had ended. */
  private leaveRequest(): void {
    const { request } = this;
    this.request = undefined;
    if (request?.told) this.readHeld(request);
  }

  private readPaddedLine(text: ByteText, line: number): boolean {
    const context = (this.prefixWidth > 0 ? matchPadded(text, this.prefixWidth) : undefined) ?? matchPadded(text, 0);
    if (context === undefined) return false;
    this.sawPadded = true;
    this.nameStarts = [];
    this.readEvent(text, context, line, 1);
    return true;
  }

  /**
   * Joins the line to the ones before it where only that puts the end of the comm into its column. A return before the
   * line end may be the task's own, or that of an editor which put one before every line end.
   */
  private readSplitName(text: ByteText, line: number): boolean {
    const starts = this.nameStarts;
    for (let first = starts.length - 1; first >= 0; first--) {
      const head = starts.slice(first);
      const raw = `${head.map((start) => start.text).join('\n')}\n`;
      if (this.readJoined(raw, text, line, head) || this.readJoined(raw.replaceAll('\r\n', '\n'), text, line, head)) {
        return true;
      }
    }
    return false;
  }

  private readJoined(before: ByteText, text: ByteText, line: number, head: readonly PossibleNameStart[]): boolean {
    const joined = before + text;
    const context =
      (this.prefixWidth > 0 ? matchPadded(joined, this.prefixWidth) : undefined) ?? matchPadded(joined, 0);
    if (context === undefined || context.commEnd < before.length) return false;
    for (const start of head) {
      this.tally.retract(start.line, start.was);
      if (start.was === 'stack') this.frames.pop();
    }
    this.nameStarts = [];
    this.readEvent(joined, context, line, head.length + 1);
    return true;
  }

  /** Reads a line that is not padded as the kernel pads. Gives the line's class where it had no structure of its own. */
  private readUnpaddedLine(text: ByteText, line: number): LineClass | undefined {
    if (text.trim() === '') {
      this.tally.blank++;
      if (this.inPerfChain) this.closeStack();
      return 'blank';
    }
    const frame = this.stackRow === undefined ? undefined : this.inPerfChain ? readPerfFrame(text) : readFrame(text);
    if (frame !== undefined) {
      if (this.frameCount++ < MOST_FRAMES) this.frames.push(decodeText(frame));
      this.tally.stack++;
      return 'stack';
    }
    const mark = readLossMark(text);
    if (mark !== undefined) {
      this.table.lost.push({ beforeRow: this.table.length, cpu: mark.cpu, count: mark.count, line });
      this.counts.mark(mark.count);
      if (mark.buffer !== undefined) this.lossBuffer = decodeText(mark.buffer);
      return this.endWith('headers');
    }
    if (isHeader(text)) {
      const note = this.processes.length < MOST_PROCESSES ? readProcessNote(text, line) : undefined;
      const seconds = this.sleeps.length < MOST_SLEEPS ? readSleep(text) : undefined;
      if (note !== undefined) this.processes.push(note);
      else if (seconds !== undefined) this.sleeps.push({ line, seconds });
      else if (this.recordedHere && this.counts.provesAll(text, this.table.length + this.tally.entries))
        this.table.countedRows = this.table.length;
      else this.dialect.header(text);
      if (line === 1 && text === '# modshark recording 1') this.recordedHere = true;
      return this.endWith('headers');
    }
    const heading = bufferHeading(text);
    if (heading !== undefined) {
      this.headingBuffer = decodeText(heading);
      return this.endWith('headers');
    }
    if (!text.includes(':')) return this.readLoose(text, line);
    const prefix = spotPrefix(text);
    if (prefix !== undefined) {
      this.closeStack();
      this.tally.reject(line, text, prefix);
      return undefined;
    }
    const context = this.matchLoose(text);
    if (context !== undefined) {
      if (this.nameStarts.length > 0 && this.sawPadded && context.buffer === undefined) {
        this.tally.reject(line, text, 'the line begins within a task name that cannot be put together');
        return undefined;
      }
      this.readEvent(text, context, line, 1);
      return undefined;
    }
    return this.readLoose(text, line);
  }

  private matchLoose(text: ByteText): LineContext | undefined {
    const loose = matchUnpadded(text);
    if (loose !== undefined) return loose;
    const width = findPrefixWidth(text);
    if (width === 0) return undefined;
    this.prefixWidth = width;
    return matchPadded(text, width);
  }

  /** A line that says nothing of a task and a time. */
  private readLoose(text: ByteText, line: number): LineClass | undefined {
    this.closeStack();
    if (this.afterOther && moduleEvent(text) === undefined) {
      this.tally.other++;
      return 'other';
    }
    this.tally.reject(line, text, reasonOf(text));
    return 'rejected';
  }

  private readEvent(text: ByteText, context: LineContext, line: number, lines: number): void {
    let rest = context.rest;
    const difference = /\(\+?-?\d+\) +/y;
    difference.lastIndex = rest;
    if (difference.test(text)) rest = difference.lastIndex;
    const event = text.slice(rest);
    this.dialect.context(context);
    const { lossBuffer } = this;
    const bufferName = context.buffer ?? lossBuffer ?? this.headingBuffer;
    this.lossBuffer = undefined;
    const buffer = bufferName === '' ? 0 : this.table.internBuffer(decodeText(bufferName));
    if (buffer < 0) {
      this.tally.reject(line, text, 'more trace buffers than can be told apart');
      return;
    }
    if (opensStack(event)) {
      this.openStack(context, buffer);
      this.tally.stack += lines;
      this.tally.entries++;
      return;
    }
    this.closeStack();
    const named = moduleEvent(event);
    if (named === undefined && isColouredModuleEvent(event)) {
      this.endStream(context, buffer);
      this.tally.reject(line, text, COLOURED);
      return;
    }
    if (named === undefined) {
      this.endStream(context, buffer);
      this.tally.other += lines;
      this.tally.entries++;
      this.afterOther = true;
      if (context.layout === 'perf') this.openPerfChain(-1);
      return;
    }
    this.afterOther = false;
    const reason = this.addEvent(text, context, named.kind, event.slice(named.fields), line, buffer);
    if (reason === undefined) {
      if (event[named.fields - 2] === ' ') this.dialect.paddedEvent = true;
      this.tally.events += lines;
    } else this.endStream(context, buffer);
    const own = reason === undefined ? [] : Array.from({ length: lines }, (_, i) => line - lines + 1 + i);
    for (const one of own) this.tally.reject(one, text, reason!);
    const fields = rest + named.fields;
    const mayGoOn = named.kind === EventKind.request && text.length - fields <= LONGEST_MODULE_NAME;
    const told = reason === undefined && this.recordedHere;
    if (mayGoOn && (told || !endsRequest(event))) {
      this.request = { context, text, fields, lossBuffer, lines: own, held: [], told };
    }
    if (context.layout === 'perf') this.openPerfChain(reason === undefined ? this.table.length - 1 : -1);
  }

  private addEvent(
    text: ByteText,
    context: LineContext,
    kind: EventKind,
    fields: ByteText,
    line: number,
    buffer: number,
  ): string | undefined {
    const { table } = this;
    const payload = readPayload(kind, fields);
    if (typeof payload === 'string') return payload;
    if (this.unended && !isWholeEvent(table, payload, fields)) return CUT_OFF;
    if (context.cpu > 0xfffe && context.layout !== 'perf') return 'the CPU number is out of range';
    const stamp = readStamp(context, table);
    if (typeof stamp === 'string') return stamp;
    if (payload.raw) this.dialect.rawFields = true;
    const comm = this.scratch.take(text, context.commStart, context.commEnd);
    table.append(
      stamp.high,
      stamp.low,
      kind,
      payload.waits ? EventFlag.requestWaits : 0,
      context.cpu,
      table.tasks.intern(comm, 0, context.commEnd - context.commStart, context.pid, context.tgid),
      kind === EventKind.request ? -1 : this.intern(table.modules, payload.module),
      payload.callSite === undefined ? -1 : this.intern(table.callSites, payload.callSite),
      payload.refcount,
      payload.detail === undefined ? -1 : this.intern(table.details, payload.detail),
      line,
      buffer,
    );
    return undefined;
  }

  private intern(dictionary: ByteDictionary, text: ByteText): number {
    const bytes = this.scratch.take(text, 0, text.length);
    return dictionary.intern(bytes, 0, text.length, hashBytes(bytes, 0, text.length));
  }

  /** A stack that follows on this CPU belongs to no row. */
  private endStream(context: LineContext, buffer: number): void {
    const { streams } = this.table;
    streams.row[streams.slot(buffer, context.cpu)] = -1;
  }

  /** A stack belongs to the event before it on its CPU, where that is the same task's. */
  private openStack(context: LineContext, buffer: number): void {
    this.closeStack();
    const { streams, tasks } = this.table;
    const row = streams.row[streams.slot(buffer, context.cpu)]!;
    this.stackRow = row >= 0 && tasks.pid[this.table.taskOfRow(row)] === context.pid ? row : -1;
  }

  private openPerfChain(row: number): void {
    this.stackRow = row;
    this.inPerfChain = true;
  }

  private closeStack(): void {
    if (this.stackRow !== undefined && this.stackRow >= 0 && this.frames.length > 0) {
      this.table.attachStack(this.stackRow, this.frames);
    }
    this.stackRow = undefined;
    this.inPerfChain = false;
    this.frames = [];
    this.frameCount = 0;
  }

  private endWith(counted: LineClass): LineClass {
    this.closeStack();
    this.afterOther = false;
    this.tally[counted]++;
    return counted;
  }
}
