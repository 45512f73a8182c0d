import type { TerminalCommand } from '../../shared/ipc/terminal-contract.ts';
import { useStore } from '../state/store.ts';
import { lookAround } from './look-around.ts';
import { readUnload } from './read-unload.ts';

/**
 * Looks again as soon as somebody has tried to unload a module in a terminal of this window; where that failed, what is
 * said of the module says so too. What ran before this page was loaded is no news.
 */
export function followUnloads(): void {
  useStore.subscribe((state, before) => {
    if (state.commands === before.commands) return;
    for (const command of state.commands) if (hasEnded(command, before.commands)) onEnd(command);
  });
}

function hasEnded(command: TerminalCommand, before: readonly TerminalCommand[]): boolean {
  if (command.until === null) return false;
  return before.some(
    (one) => one.terminal === command.terminal && one.command === command.command && one.until === null,
  );
}

function onEnd({ line, exitCode }: TerminalCommand): void {
  const [module, ...others] = readUnload(line);
  if (module === undefined) return;
  const { module: selected, presentOpen } = useStore.getState();
  // Of several, that of which the person reads; nobody but the terminal knows which of them it was.
  const about = selected !== undefined && others.includes(selected) ? selected : module;
  const isFailed = exitCode !== null && exitCode !== 0;
  useStore.setState({ failedUnload: isFailed ? { module: about, line, exitCode, at: Date.now() } : undefined });
  if (presentOpen) void lookAround();
}
