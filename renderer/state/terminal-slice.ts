import type { OpenedTerminal, TerminalCommand } from '../../shared/ipc/terminal-contract.ts';
import type { Problem } from '../../shared/problem.ts';

/** A terminal of this window; `ended` once its program is gone. */
export interface WindowTerminal extends OpenedTerminal {
  readonly ended?: { readonly exitCode: number | null };
}

/** The terminals of the window, and what was run in them. */
export interface TerminalSlice {
  /** In the order in which they were opened. */
  readonly terminals: readonly WindowTerminal[];
  /** The one that is shown. */
  readonly terminal: number | undefined;
  readonly terminalOpening: boolean;
  /** Something is looked for in the one that is shown. */
  readonly terminalSearch: boolean;
  /** Why the last one could not be opened. */
  readonly terminalProblem: Problem | undefined;
  /** In the order of their start; those that still run too. */
  readonly commands: readonly TerminalCommand[];
  /** The kernel's id of this start of the host's machine; empty where nobody knows. */
  readonly boot: string;
  addTerminal(terminal: OpenedTerminal): void;
  endTerminal(terminal: number, exitCode: number | null): void;
  removeTerminal(terminal: number): void;
  showTerminal(terminal: number): void;
  showTerminalProblem(problem: Problem | undefined): void;
  /** Takes in what is known of a command by now. */
  noteCommand(command: TerminalCommand): void;
}

/** What is kept; an investigation has a few dozen. */
const MOST_COMMANDS = 2_000;

type Change = Partial<Pick<TerminalSlice, 'terminals' | 'terminal' | 'terminalProblem' | 'commands'>>;

export function createTerminalSlice(set: (change: Change) => void, get: () => TerminalSlice): TerminalSlice {
  return {
    terminals: [],
    terminal: undefined,
    terminalOpening: false,
    terminalSearch: false,
    terminalProblem: undefined,
    commands: [],
    boot: '',
    addTerminal: (opened) =>
      set({ terminals: [...get().terminals, opened], terminal: opened.terminal, terminalProblem: undefined }),
    endTerminal: (terminal, exitCode) =>
      set({
        terminals: get().terminals.map((one) => (one.terminal === terminal ? { ...one, ended: { exitCode } } : one)),
      }),
    removeTerminal: (terminal) => {
      const { terminals, terminal: shown } = get();
      const at = terminals.findIndex((one) => one.terminal === terminal);
      const left = terminals.filter((one) => one.terminal !== terminal);
      const next = left[Math.min(at, left.length - 1)]?.terminal;
      set({ terminals: left, terminal: shown === terminal ? next : shown });
    },
    showTerminal: (terminal) => set({ terminal }),
    showTerminalProblem: (terminalProblem) => set({ terminalProblem }),
    noteCommand: (command) => {
      const { commands } = get();
      const isIt = (one: TerminalCommand) => one.terminal === command.terminal && one.command === command.command;
      const known = commands.findLastIndex(isIt);
      if (known >= 0) set({ commands: commands.with(known, command) });
      else
        set({
          commands: [...commands, command]
            .sort((one, other) => (BigInt(one.from) < BigInt(other.from) ? -1 : 1))
            .slice(-MOST_COMMANDS),
        });
    },
  };
}

/** The command that a terminal runs at the moment, as far as its shell tells. */
export function runningCommand(commands: readonly TerminalCommand[], terminal: number): TerminalCommand | undefined {
  return commands.findLast((command) => command.terminal === terminal && command.until === null);
}
