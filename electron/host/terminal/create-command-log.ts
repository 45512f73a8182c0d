import type { TerminalCommand } from '../../../shared/ipc/terminal-contract.ts';
import type { Mark } from './read-mark.ts';

/** A command that was run, as far as its shell has told. */
export type ShellCommand = Omit<TerminalCommand, 'terminal'>;

/** The commands of one terminal. */
export interface CommandLog {
  /** Units: `now` is CLOCK_MONOTONIC in nanoseconds. */
  take(mark: Mark, now: bigint): void;
  /** The shell is gone, and what it ran with it. */
  end(now: bigint, exitCode: number | null): void;
  /** The newest, oldest first. */
  list(): readonly ShellCommand[];
}

/** What is kept for a page that is loaded again. */
const mostCommands = 512;

export function createCommandLog(tell: (command: ShellCommand) => void): CommandLog {
  const commands: ShellCommand[] = [];
  let running = false;

  const change = (command: ShellCommand) => {
    commands[commands.length - 1] = command;
    tell(command);
  };
  const end = (now: bigint, exitCode: number | null) => {
    if (running) change({ ...commands.at(-1)!, until: String(now), exitCode });
    running = false;
  };
  return {
    take(mark, now) {
      if (mark.kind === 'begins') {
        // Another begins only where the shell did not say that the last one ended: nobody knows how it did.
        end(now, null);
        const command = (commands.at(-1)?.command ?? 0) + 1;
        const begun = { command, from: String(now), until: null, line: mark.text, exitCode: null };
        commands.push(begun);
        if (commands.length > mostCommands) commands.shift();
        running = true;
        change(begun);
      } else if (mark.kind === 'named' && running) change({ ...commands.at(-1)!, line: mark.text });
      else if (mark.kind === 'ended') end(now, mark.status ?? null);
    },
    end,
    list: () => commands,
  };
}
