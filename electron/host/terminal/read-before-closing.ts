import { readSync } from 'node:fs';

/** The stream that the module reads a terminal's output from. */
export interface PtySocket {
  /** Gives what was read ahead, also to whoever listens; null where there is no more. */
  read(): unknown;
  /** From then on its descriptor is closed, and its number may be another file's. */
  readonly destroyed: boolean;
  destroy(error?: Error): unknown;
}

/** More than the kernel keeps of a terminal's output: tty_buffer_set_limit in drivers/tty/pty.c says 8 KiB. */
const mostBytes = 256 * 1024;

/**
 * Has the last words of a program read: 200 ms after it has ended the module closes its terminal, with all in it that
 * nobody had the time, or was allowed, to read.
 *
 * Source: UnixTerminal's onexit in unixTerminal.js of @lydell/node-pty, DESTROY_SOCKET_TIMEOUT_MS.
 */
export function readBeforeClosing(socket: PtySocket, fd: number, take: (bytes: Uint8Array) => void): void {
  const destroy = socket.destroy;
  let closing = false;
  socket.destroy = (error) => {
    if (!closing) {
      closing = true;
      while (socket.read() !== null);
      for (let rest = mostBytes; rest > 0; ) {
        const bytes = readNow(fd);
        if (bytes.length === 0) break;
        rest -= bytes.length;
        take(bytes);
      }
    }
    return destroy.call(socket, error);
  };
}

/** What is there; empty where nothing is, or where the other end is closed and all was read. */
function readNow(fd: number): Uint8Array {
  const bytes = Buffer.alloc(8192);
  try {
    return bytes.subarray(0, readSync(fd, bytes));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EIO') return bytes.subarray(0, 0);
    throw error;
  }
}
