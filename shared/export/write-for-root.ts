import { quoteShell } from '../analysis/present/quote-shell.ts';

/** Words in quotes mean themselves; `$'…'` is bash's. */
const QUOTED = /\$'(?:\\[\s\S]|[^'\\])*'|'[^']*'/g;
/** What a shell does something of its own with: without these a command is one program and its arguments. */
const OPERATORS = /[|&;<>()$`\\"\n*?]/;

/**
 * Writes a command of root's so that it can be typed in the shell of anybody who may use sudo. What the user's own
 * service manager is asked stays the user's.
 */
export function writeForRoot(command: string): string {
  if (/\bsystemctl --user\b/.test(command)) return command;
  if (!OPERATORS.test(command.replace(QUOTED, ''))) return `sudo ${command}`;
  return `sudo ${command.includes("$'") ? 'bash' : 'sh'} -c ${quoteShell(command)}`;
}
