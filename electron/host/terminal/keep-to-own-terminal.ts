import { existsSync } from 'node:fs';
import type { TerminalProgram } from './prepare-shell.ts';

const bash = '/bin/bash';

/**
 * Closes all that is inherited but the terminal itself, and becomes the program. Of a variable of that name the program is to
 * have nothing anyway (clean-environment.ts); and it is not to be privileged because this one is, where SHELLOPTS is exported.
 */
const script = `for MODSHARK_FD in /proc/self/fd/*; do MODSHARK_FD=\${MODSHARK_FD##*/}; ((MODSHARK_FD > 2)) && exec {MODSHARK_FD}>&-; done
set +p
exec "$0" "$@"`;

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
