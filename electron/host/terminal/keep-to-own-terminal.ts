import { existsSync } from 'node:fs';
import type { TerminalProgram } from './prepare-shell.ts';

const bash = '/bin/bash';

/** Closes all that is inherited but the terminal itself, and becomes the program. */
const script = `for fd in /proc/self/fd/*; do fd=\${fd##*/}; ((fd > 2)) && exec {fd}>&-; done; exec "$0" "$@"`;

/**
 * Has a program start with its own terminal and no other. The module that makes terminals leaves their masters open to
 * every program that is started later: whatever runs there, be it another user's, could read the earlier terminals and type
 * into them, and closing those would not hang up. Where there is no bash it is started as it is; no other shell can close
 * what has more than one digit.
 *
 * *Source*: PtyFork in node-pty's src/unix/pty.cc, forkpty without FD_CLOEXEC; bash(1), -p: nothing of the environment is
 * read, and all of it is passed on.
 */
export function keepToOwnTerminal<Program extends Pick<TerminalProgram, 'file' | 'argv'>>(program: Program): Program {
  if (!existsSync(bash)) return program;
  return { ...program, file: bash, argv: ['-p', '-c', script, program.file, ...program.argv] };
}
