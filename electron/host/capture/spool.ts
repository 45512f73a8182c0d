import { type FileHandle, open } from 'node:fs/promises';

/** A recording being written. Each call waits for the disk; one at a time. */
export interface Spool {
  readonly path: string;
  readonly bytes: number;
  append(pieces: readonly Uint8Array[]): Promise<void>;
  /** Adds lines of ours, each behind `# `, once the line that is being written is whole. */
  note(lines: readonly string[]): Promise<void>;
  /** Writes what is outstanding and closes it, also where that fails. */
  close(): Promise<void>;
  /** Resolves at the next write, or at once where the file has more than `bytes` or is closed. */
  grown(bytes: number): Promise<'more' | 'closed'>;
}

const newline = 0x0a;

/** Writes into an open file. Errors: each call throws what the file system throws; the file keeps what it has. */
export function createSpool(path: string, file: FileHandle): Spool {
  let bytes = 0;
  let atLineStart = true;
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
      // A disk that fills up takes a part of it, and who follows is to see that part.
      bytes = await file.stat().then(
        ({ size }) => size,
        () => bytes,
      );
      atLineStart = false;
      announce();
      throw error;
    }
    bytes += block.length;
    atLineStart = block.at(-1) === newline;
    announce();
  }

  async function flushNotes(): Promise<void> {
    if (!atLineStart || notes.length === 0) return;
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
      const block = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
      const lineEnd = notes.length === 0 ? 0 : block.indexOf(newline) + 1;
      await write(block.subarray(0, lineEnd));
      await flushNotes();
      await write(block.subarray(lineEnd));
    },
    async note(lines) {
      notes.push(...lines);
      await flushNotes();
    },
    async close() {
      if (closed) return;
      try {
        if (!atLineStart) await write(Uint8Array.of(newline));
        await flushNotes();
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
      const { bytesRead, buffer } = await file.read(new Uint8Array(chunkBytes), 0, chunkBytes, at);
      at += bytesRead;
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
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
