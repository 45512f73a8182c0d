import { whyFileFails } from './read-recording.ts';

/** What a command writes to, and how it ends; the process itself, or a test's. */
export interface GuardedProcess {
  readonly stdout: { on(event: 'error', heard: (error: NodeJS.ErrnoException) => void): unknown };
  readonly stderr: {
    on(event: 'error', heard: (error: NodeJS.ErrnoException) => void): unknown;
    write(text: string): unknown;
  };
  exit(code?: number): void;
}

/**
 * Keeps the exit code true where what was said could not be written: left to Node, it would be 1, which says of `why`
 * that every reference is explained.
 *
 * @param failed the exit code of an answer that was lost
 */
export function guardStreams({ stdout, stderr, exit }: GuardedProcess, failed: number): void {
  // Nobody hears what is said beside the answer, and the answer is as it was.
  stderr.on('error', () => undefined);
  stdout.on('error', (error) => {
    // Whoever reads has seen enough (`modshark explain … | head`): with the answer's own code, where there is one
    // already, for 0 may say more than that all went well.
    if (error.code === 'EPIPE') return exit();
    stderr.write(`modshark: what it has to say cannot be written: ${whyFileFails(error)}\n`);
    exit(failed);
  });
}
