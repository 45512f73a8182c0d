import { lookUpProcess, type ProcessFiles, realProcessFiles } from './look-up-process.ts';
import { printProcessNote } from './print-process-note.ts';
import { processStart } from './process-start.ts';

/** Notes who the processes are that a trace tells of, while they live. */
export interface ProcessNotes {
  /** Looks at text as it comes, cut anywhere; gives the notes of processes that were not seen before. */
  see(pieces: readonly Uint8Array[]): readonly string[];
  /** Processes that nobody looked up, because there were too many at once or in all. */
  readonly passedOver: number;
}

/** Notes in one recording; a fork storm must not fill the disk with who its children were. */
const mostNotes = 4096;
/** Milliseconds of each second that are spent on looking up, at most: the pipe of the helper waits meanwhile. */
const mostPerSecond = 100;
/** Lines of each second that are looked at: a storm is of few processes, and its text has to get to the disk. */
const mostLinesPerSecond = 50_000;
/** How often it is asked whether a pid is still that of the process which was looked up: numbers come round slowly. */
const freshForMs = 1000;
/** The kernel prints a name of at most 15 characters in 16 columns, then a dash and the pid, which has 7 digits at most. */
const pidColumn = 17;
const headLength = pidColumn + 8;

interface SeenProcess {
  /** The name that was printed, hashed: another one is another program. */
  readonly name: number;
  /** When it began, as far as it was ever there to be asked: another time is another process with the same pid. */
  start: string | undefined;
  /** When that was asked last. */
  asked: number;
}

const newline = 0x0a;
const dash = 0x2d;
const blank = 0x20;

/**
 * Finds pids where the kernel prints them, and nothing else: what the text means is read in the window. A name with a line
 * end in it can pass for another pid; then who has that pid is noted, and nothing is wrong.
 *
 * Source: trace_print_context in kernel/trace/trace_output.c: `%16s-%-7d `.
 */
export function noteProcesses(files: ProcessFiles = realProcessFiles, now = () => performance.now()): ProcessNotes {
  /** The pids that were seen. */
  const seen = new Map<number, SeenProcess>();
  const head = new Uint8Array(headLength);
  /** How much of the present line's beginning is in `head`; −1 when it has been looked at. */
  let held = 0;
  let notes = 0;
  let passedOver = 0;
  let second = Number.NEGATIVE_INFINITY;
  let spent = 0;
  let lines = 0;
  /** When the text came that is looked at. */
  let present = 0;

  function lookUp(pid: number, name: number): string | undefined {
    if (notes >= mostNotes || spent > mostPerSecond) {
      passedOver += 1;
      // Once passed over it stays so: it is counted once.
      seen.set(pid, { name, start: undefined, asked: Number.POSITIVE_INFINITY });
      return undefined;
    }
    const began = now();
    seen.set(pid, { name, start: processStart(pid, files), asked: present });
    const found = lookUpProcess(pid, files);
    spent += now() - began;
    if (found === undefined) return undefined;
    notes += 1;
    return printProcessNote(found);
  }

  /** Whether nothing is known of another process that has the pid now. */
  function isStillThere(pid: number, known: SeenProcess): boolean {
    if (present - known.asked < freshForMs || spent > mostPerSecond) return true;
    const began = now();
    const start = processStart(pid, files);
    spent += now() - began;
    known.asked = present;
    return start === undefined || start === known.start;
  }

  function look(bytes: Uint8Array, at: number, found: string[]): void {
    lines += 1;
    if (bytes[at + pidColumn - 1] !== dash) return;
    let pid = 0;
    let place = at + pidColumn;
    for (let byte = bytes[place]!; byte >= 0x30 && byte <= 0x39; byte = bytes[++place]!) pid = pid * 10 + byte - 0x30;
    if (bytes[place] !== blank || pid === 0 || pid > 4_194_304) return;
    let name = 0;
    for (let i = at; i < at + pidColumn - 1; i++) name = (Math.imul(name, 31) + bytes[i]!) | 0;
    const known = seen.get(pid);
    if (known?.name === name && isStillThere(pid, known)) return;
    const note = lookUp(pid, name);
    if (note !== undefined) found.push(note);
  }

  function seePiece(bytes: Uint8Array, found: string[]): void {
    let at = 0;
    if (held > 0) {
      const end = bytes.indexOf(newline);
      const length = Math.min(headLength - held, end < 0 ? bytes.length : end);
      head.set(bytes.subarray(0, length), held);
      held += length;
      if (held === headLength) {
        look(head, 0, found);
        held = -1;
      }
    }
    if (held !== 0) {
      const end = bytes.indexOf(newline);
      if (end < 0) return;
      at = end + 1;
      held = 0;
    }
    while (at < bytes.length) {
      if (bytes.length - at < headLength) {
        const end = bytes.indexOf(newline, at);
        if (end < 0) {
          head.set(bytes.subarray(at));
          held = bytes.length - at;
          return;
        }
        at = end + 1;
        continue;
      }
      look(bytes, at, found);
      const end = bytes.indexOf(newline, at);
      if (end < 0) {
        held = -1;
        return;
      }
      at = end + 1;
    }
  }

  return {
    see(pieces) {
      const found: string[] = [];
      present = now();
      if (present - second > 1000) {
        second = present;
        spent = 0;
        lines = 0;
      }
      for (const piece of pieces) {
        if (lines < mostLinesPerSecond) seePiece(piece, found);
        // What follows begins in the middle of a line, as far as anybody knows.
        else held = -1;
      }
      // Numbers are few in any machine's life; names of them all are not kept for ever.
      if (seen.size > 65_536) seen.clear();
      return found;
    },
    get passedOver() {
      return passedOver;
    },
  };
}
