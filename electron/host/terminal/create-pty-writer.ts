import { writeSync } from 'node:fs';

/** What is typed, on its way into a pty. */
export interface PtyWriter {
  /** Resolves when the kernel has all of it, or the terminal is gone; false where too much waits already. */
  write(bytes: Uint8Array): Promise<boolean>;
  close(): void;
}

const mostWaiting = 1024 * 1024;
/** A program that does not read is asked again, ever less often. */
const [shortestWaitMs, longestWaitMs] = [2, 100];

/**
 * Writes into the master of a pty without ever waiting for the program behind it: Node's own stream writes to a
 * terminal in one go and would stand still, and everything with it, until the program reads.
 */
export function createPtyWriter(fd: number): PtyWriter {
  let waiting = 0;
  let open = true;
  let line = Promise.resolve();

  /** At once or not at all: a write that is under way could meet a descriptor that has become another's. */
  function writeOnce(bytes: Uint8Array): number {
    try {
      return writeSync(fd, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }

  async function writeAll(bytes: Uint8Array): Promise<void> {
    let wait = shortestWaitMs;
    for (let at = 0; at < bytes.length && open; ) {
      const written = writeOnce(bytes.subarray(at));
      at += written;
      if (written > 0) wait = shortestWaitMs;
      else {
        await new Promise((resolve) => setTimeout(resolve, wait));
        wait = Math.min(2 * wait, longestWaitMs);
      }
    }
  }

  return {
    write(bytes) {
      if (waiting + bytes.length > mostWaiting) return Promise.resolve(false);
      waiting += bytes.length;
      line = line
        .then(() => writeAll(bytes))
        // The other end is closed: whoever listens to the terminal is told that it ended.
        .catch(() => undefined)
        .finally(() => {
          waiting -= bytes.length;
        });
      return line.then(() => true);
    },
    close() {
      open = false;
    },
  };
}
