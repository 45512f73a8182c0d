import { type FileHandle, open } from 'node:fs/promises';

/** A recording being written. Each call waits for the disk; one at a time. */
export interface Spool {
  readonly path: string;
  /** Whole lines that are on disk. */
  readonly bytes: number;
  /** Adds text, which may be cut anywhere; a line is written when it is whole. */
  append(pieces: readonly Uint8Array[]): Promise<void>;
  /** Adds lines of ours, each behind `# `, once the line that is coming is whole. */
  note(lines: readonly string[]): Promise<void>;
  /** Writes what is outstanding and closes it, also where that fails. */
  close(): Promise<void>;
  /** Resolves at the next write, or at once where the file has more than `bytes` or is closed. */
  grown(bytes: number): Promise<'more' | 'closed'>;
}

const newline = 0x0a;
/** The kernel makes no line of more than a page; what has no end after so much is no line. */
const longestLine = 64 * 1024;

/** Writes into an open file. Errors: each call throws what the file system throws; the file keeps whole lines. */
export function createSpool(path: string, file: FileHandle): Spool {
  let bytes = 0;
  /** The beginning of a line: read as if it were whole, it would say something that never happened. */
  let begun: Uint8Array = new Uint8Array();
  let notes: string[] = [];
  let closed = false;
  let tell = () => {};
  let change = nextChange();

  function nextChange(): Promise<void> {
    return new Promise((resolve) => {
      tell = resolve;
    });
  }

  function announce(): void {
    tell();
    change = nextChange();
  }

  async function write(block: Uint8Array): Promise<void> {
    if (block.length === 0) return;
    try {
      await file.appendFile(block);
    } catch (error) {
      await keepWholeLines(block);
      throw error;
    }
    bytes += block.length;
    announce();
  }

  /** A disk that fills up takes a part of what is written, and who follows is to see that part. */
  async function keepWholeLines(block: Uint8Array): Promise<void> {
    const taken = await file.stat().then(
      ({ size }) => size - bytes,
      () => 0,
    );
    const whole = taken > 0 ? block.lastIndexOf(newline, taken - 1) + 1 : 0;
    // Where even that fails, the file has the beginning of a line at its end; why it ended is told all the same.
    if (taken > whole) await file.truncate(bytes + whole).catch(() => undefined);
    bytes += whole;
    announce();
  }

  async function writeNotes(): Promise<void> {
    const text = notes.map((line) => `# ${printable(line)}\n`).join('');
    notes = [];
    await write(Buffer.from(text, 'latin1'));
  }

  return {
    path,
    get bytes() {
      return bytes;
    },
    async append(pieces) {
      const block = begun.length === 0 && pieces.length === 1 ? pieces[0]! : Buffer.concat([begun, ...pieces]);
      const end = block.lastIndexOf(newline) + 1 || (block.length > longestLine ? block.length : 0);
      // A copy: the chunk that it came in is not to stay for its sake.
      begun = new Uint8Array(block.subarray(end));
      const firstEnd = notes.length === 0 || end === 0 ? 0 : block.indexOf(newline) + 1;
      await write(block.subarray(0, firstEnd));
      if (firstEnd > 0) await writeNotes();
      await write(block.subarray(firstEnd, end));
    },
    async note(lines) {
      notes.push(...lines);
      if (begun.length === 0) await writeNotes();
    },
    async close() {
      if (closed) return;
      try {
        if (begun.length > 0) notes.unshift(`a line that broke off: ${Buffer.from(begun).toString('latin1', 0, 4096)}`);
        await writeNotes();
        await file.datasync();
      } finally {
        closed = true;
        await file.close();
        announce();
      }
    },
    async grown(seen) {
      if (bytes > seen) return 'more';
      if (!closed) await change;
      return bytes > seen || !closed ? 'more' : 'closed';
    },
  };
}

/** Reads a spool behind its writer, from its start to its end. */
export async function* followSpool(spool: Spool, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
  const file = await open(spool.path, 'r');
  const aborted = new Promise<'closed'>((resolve) => {
    signal?.addEventListener('abort', () => resolve('closed'), { once: true });
  });
  try {
    let at = 0;
    while (!signal?.aborted) {
      // What a full disk took of a line is taken back: nobody is to have seen it.
      const length = Math.min(chunkBytes, spool.bytes - at);
      const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, at);
      at += bytesRead;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (length > 0) throw Object.assign(new Error('somebody made the file shorter'), { code: 'EIO' });
      else if ((await Promise.race([spool.grown(at), aborted])) === 'closed') return;
    }
  } finally {
    await file.close();
  }
}

const chunkBytes = 256 * 1024;

/** What people and grep can read: anything else could break out of its line. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
