import type { textAgentCommand } from '../capture/start-text-agent.ts';
import type { TerminalProgram } from './prepare-shell.ts';

/**
 * polkit's text agent as the program of a terminal. It closes a descriptor once it is registered; a terminal's program
 * is given none, so a shell between them listens and writes a mark instead.
 */
export function agentProgram(
  agent: ReturnType<typeof textAgentCommand>,
  base: Omit<TerminalProgram, 'file' | 'argv'>,
  key: string,
): TerminalProgram {
  return {
    ...base,
    env: { ...base.env, MODSHARK_MARKS: key },
    file: '/bin/sh',
    argv: ['-c', script, agent.file, ...agent.argv],
  };
}

/** 4 is the terminal, 3 the pipe that the agent closes; nothing of the key is in what the agent gets. */
const script = `key=$MODSHARK_MARKS
unset MODSHARK_MARKS
exec 4>&1
{ "$0" "$@" --notify-fd 3 3>&1 >&4 4>&-; } | { cat >/dev/null; printf '\\033]133;A;modshark=%s;\\007' "$key" >&4; }`;
