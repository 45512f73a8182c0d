import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { SilentEnd } from './explain-ended-helper.ts';
import type { HelperCommand } from './helper-command.ts';

/** A helper, or whoever is to make it root, on the other end of three pipes. */
export interface HelperProcess {
  /** Stdout as it comes: nothing is read ahead of who iterates but one chunk. Ends without an error, however it ends. */
  chunks(): AsyncGenerator<Uint8Array, void, void>;
  send(frame: Uint8Array): void;
  /** Tells the helper, which as root cannot be signalled, to end. */
  closeInput(): void;
  /** Ends pkexec or sudo while they still ask for a password. */
  kill(): void;
  /** Stops listening to one that does not end. */
  abandon(): void;
  /** Lets this program end though a look that hangs for good keeps the helper's output open. */
  waitNoLonger(): void;
  readonly ended: Promise<SilentEnd>;
}

const maxStderr = 8192;

/** Starts the helper and gives it what to record. */
export function startHelperProcess({ way, file, argv }: HelperCommand, start: Uint8Array): HelperProcess {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(file, argv, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // A Ctrl-C in the terminal is for us; we tell the helper. sudo remembers passwords by the terminal and must keep it.
    detached: way !== 'sudo',
    env: helperEnvironment(process.env),
    cwd: '/',
  });
  let stderr = '';
  let startError: NodeJS.ErrnoException | undefined;
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('latin1')).slice(-maxStderr);
  });
  // A helper that refuses does not read to the end; how it ended is told by its frames and its exit.
  child.stdin.on('error', () => undefined);
  let giveUp = () => {};
  const ended = new Promise<SilentEnd>((resolve) => {
    giveUp = () => resolve({ way, status: null, signal: null, startError, stderr });
    child.on('error', (error) => {
      // Later errors are those of a signal that may not be sent.
      if (child.pid !== undefined) return;
      startError = error;
      resolve({ way, status: null, signal: null, startError, stderr });
    });
    child.on('close', (status, signal) => resolve({ way, status, signal, startError, stderr }));
  });
  child.stdin.write(start);

  return {
    async *chunks() {
      try {
        yield* child.stdout as AsyncIterable<Uint8Array>;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (!['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes(code ?? '')) throw error;
      }
    },
    send(frame) {
      if (child.stdin.writable) child.stdin.write(frame);
    },
    closeInput() {
      if (child.stdin.writable) child.stdin.end();
    },
    kill: () => void child.kill('SIGTERM'),
    abandon() {
      child.stdout.destroy();
      child.stderr.destroy();
      giveUp();
    },
    waitNoLonger() {
      for (const output of [child.stdout, child.stderr]) if (output instanceof Socket) output.unref();
    },
    ended,
  };
}

/**
 * What pkexec and sudo are started with: their words in English, for we read them, and a shell that is surely listed in
 * /etc/shells, without which pkexec refuses.
 */
function helperEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { LANGUAGE: _, ...rest } = env;
  return { ...rest, LC_ALL: 'C', SHELL: '/bin/sh' };
}
