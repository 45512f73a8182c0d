import type { Problem } from '../../../shared/problem.ts';
import { type CommandLog, createCommandLog, type ShellCommand } from './create-command-log.ts';
import { createMarkScanner } from './create-mark-scanner.ts';
import { createPtyWriter } from './create-pty-writer.ts';
import { createScrollback } from './create-scrollback.ts';
import { keepToOwnTerminal } from './keep-to-own-terminal.ts';
import type { PtyModule } from './load-pty.ts';
import type { TerminalProgram } from './prepare-shell.ts';
import { type PtySocket, readBeforeClosing } from './read-before-closing.ts';

/** Where a terminal's output goes while a page shows it. */
export interface TerminalSink {
  output(bytes: Uint8Array, replay: boolean): void;
  command(command: ShellCommand): void;
}

export interface TerminalOptions {
  readonly pty: PtyModule;
  readonly program: TerminalProgram;
  /** What the marks of this terminal bear. */
  readonly key: string;
  readonly columns: number;
  readonly rows: number;
  /** It says that it is ready: only what we start ourselves does. */
  readonly onReady?: () => void;
  /** Called once; the exit code is null where a signal ended it. */
  readonly onEnded: (exitCode: number | null) => void;
}

/** A pseudo-terminal and what runs in it. */
export interface Terminal {
  /** Shows it on a page: its scrollback first, then all that follows. */
  attach(sink: TerminalSink): void;
  /** Nobody shows it for now; its output is kept as far as the scrollback goes. */
  detach(): void;
  write(text: string): Promise<boolean>;
  resize(columns: number, rows: number): void;
  acknowledge(bytes: number): void;
  hangUp(): void;
}

/** What the module's terminals have, and its types do not tell of. */
interface UntoldPty {
  /** The master's. */
  readonly fd: number;
  on(event: 'error' | 'close', listener: () => void): void;
  destroy(): void;
  readonly _socket: PtySocket;
}

const scrollbackBytes = 256 * 1024;
/** Above the first the host stops reading, and the program behind waits; below the second it goes on. */
const [mostUnacknowledged, fewUnacknowledged] = [1024 * 1024, 768 * 1024];
const outputBytes = 200 * 1024;

/** Starts a program in a terminal of its own. */
export function createTerminal(
  options: TerminalOptions,
): { readonly terminal: Terminal } | { readonly problem: Problem } {
  const { pty, program, key, columns, rows } = options;
  const { file, argv, env, cwd } = keepToOwnTerminal(program);
  let child: ReturnType<PtyModule['spawn']>;
  try {
    child = pty.spawn(file, [...argv], { cols: columns, rows, cwd, env, name: env['TERM'] ?? '', encoding: null });
  } catch (error) {
    return { problem: notStarted(program.file, error) };
  }
  const untold = child as unknown as UntoldPty;
  const writer = createPtyWriter(untold.fd);
  const scrollback = createScrollback(scrollbackBytes);
  let sink: TerminalSink | undefined;
  let sent = 0;
  let acknowledged = 0;
  let paused = false;
  let ended = false;
  const log: CommandLog = createCommandLog((command) => {
    flush();
    sink?.command(command);
  });

  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  /** What one turn of the event loop read leaves as one frame. */
  function flush(): void {
    if (waiting.length === 0) return;
    const bytes = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    if (sink === undefined) return;
    sent += bytes.length;
    sink.output(bytes, false);
    steer();
  }

  function steer(): void {
    if (ended) return;
    const unacknowledged = sink === undefined ? 0 : sent - acknowledged;
    if (!paused && unacknowledged > mostUnacknowledged) {
      paused = true;
      child.pause();
    } else if (paused && unacknowledged < fewUnacknowledged) {
      paused = false;
      child.resume();
    }
  }

  const scanner = createMarkScanner(key, {
    output(bytes) {
      scrollback.add(bytes);
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(Buffer.from(bytes));
      waitingBytes += bytes.length;
      if (waitingBytes >= outputBytes) flush();
    },
    mark(mark) {
      if (mark.kind === 'ready') options.onReady?.();
      else log.take(mark, process.hrtime.bigint());
    },
  });
  // The descriptor is closed by then.
  untold.on('error', () => writer.close());
  untold.on('close', () => writer.close());
  readBeforeClosing(untold._socket, untold.fd, (bytes) => scanner.push(bytes));
  child.onData((data) => scanner.push(data as unknown as Uint8Array));
  child.onExit(({ exitCode, signal }) => {
    ended = true;
    writer.close();
    scanner.end();
    const code = signal === undefined || signal === 0 ? exitCode : null;
    log.end(process.hrtime.bigint(), code);
    flush();
    options.onEnded(code);
  });

  const terminal: Terminal = {
    attach(given) {
      flush();
      sink = given;
      const kept = scrollback.read();
      sent = kept.length;
      acknowledged = 0;
      if (kept.length > 0) given.output(kept, true);
      for (const command of log.list()) given.command(command);
      steer();
    },
    detach() {
      flush();
      sink = undefined;
      steer();
    },
    write: (text) => writer.write(Buffer.from(text, 'utf8')),
    resize(toColumns, toRows) {
      // A program may close its terminal and go on, or its end not be known yet.
      if (!ended && !untold._socket.destroyed) child.resize(toColumns, toRows);
    },
    acknowledge(bytes) {
      acknowledged = Math.max(acknowledged, Math.min(bytes, sent));
      steer();
    },
    hangUp() {
      if (ended) return;
      writer.close();
      child.kill('SIGHUP');
      // Closing the master hangs up on everything else that runs in it.
      untold.destroy();
    },
  };
  return { terminal };
}

function notStarted(file: string, error: unknown): Problem {
  return {
    what: 'No terminal could be opened.',
    why: `${file} could not be started: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'Close other terminals, or set SHELL to a shell that can be run, and start ModShark again.',
  };
}
