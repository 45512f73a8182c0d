import type { RecordingTime } from '../units.ts';
import type { TimelineCommand } from './draw-commands.ts';

/** A command that was run in the terminal, in the time of a recording. */
export interface RecordedCommand {
  readonly from: RecordingTime;
  /** +Infinity while it runs; the same as `from` where nobody knows when it ended. */
  readonly until: RecordingTime;
  /** As it was typed; empty where the shell kept it to itself. */
  readonly line: string;
  /** Undefined while it runs, and where nobody knows. */
  readonly exitCode: number | undefined;
}

/** What a command is called where its line is not known. */
export const unnamedCommand = 'a command';

/** The command as the timeline draws it; `makeVisible` writes what a stranger may have chosen. */
export function commandMark(
  { from, until, line, exitCode }: RecordedCommand,
  makeVisible: (text: string) => string,
): TimelineCommand {
  const first = line.split('\n', 1)[0] ?? '';
  return { from, until, text: makeVisible(first || unnamedCommand), failed: (exitCode ?? 0) !== 0 };
}
