import type { TerminalCommand } from '../../shared/ipc/terminal-contract.ts';
import type { RecordedCommand } from '../../shared/view-model/recorded-command.ts';
import type { OpenRecording, State } from '../state/store.ts';

export type CommandState = Pick<State, 'commands' | 'keptCommands' | 'boot'> & {
  readonly recording: Pick<OpenRecording, 'summary' | 'bounds'> | undefined;
};

/**
 * The commands that ran during the open recording: those that its session kept, and those of this window's terminals
 * where one clock stamped both, CLOCK_MONOTONIC of this start of the machine. In the order of their start.
 */
export function recordedCommands({
  recording,
  commands,
  keptCommands,
  boot,
}: CommandState): readonly RecordedCommand[] {
  if (recording === undefined) return [];
  const { summary, bounds } = recording;
  const { clock, origin } = summary;
  const isOneClock = clock.unit === 'nanoseconds' && origin?.clock === 'mono' && boot !== '' && origin.boot === boot;
  const live = isOneClock ? commands.map((command) => inRecording(command, clock.start)) : [];
  const fresh = new Set(live.map(({ from }) => from));
  return [...keptCommands.filter(({ from }) => !fresh.has(from)), ...live]
    .filter(({ from, until }) => from <= bounds.end && until >= bounds.start)
    .sort((one, other) => one.from - other.from);
}

/** Times since the first event are small enough for a number; since the start of the machine they are not. */
function inRecording({ from, until, line, exitCode }: TerminalCommand, start: bigint): RecordedCommand {
  return {
    from: Number(BigInt(from) - start),
    until: until === null ? Number.POSITIVE_INFINITY : Number(BigInt(until) - start),
    line,
    exitCode: exitCode ?? undefined,
  };
}
