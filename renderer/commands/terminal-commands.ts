import { isInWorkspace } from '../state/present-slice.ts';
import { reportFault } from '../state/report-fault.ts';
import { type State, useStore } from '../state/store.ts';
import { insertionsFor } from '../terminal/insertions.ts';
import { focusTerminal, openTerminal, shownScreen } from '../terminal/terminals.ts';
import type { Command } from './command.ts';

/** Where the keyboard was before it went to the terminal. */
let before: HTMLElement | undefined;

export const terminalCommands: readonly Command[] = [
  of('terminal', 'To the terminal, and back from it', ['Ctrl+F6'], enterOrLeave),
  of('new-terminal', 'Open one more terminal', [], () => openTerminal().then(focusTerminal, reportFault)),
  inserting('insert-modprobe', 'Put modprobe of the selected module into the terminal', 0),
  inserting('insert-modprobe-r', 'Put modprobe -r of the selected module into the terminal', 1),
  inserting('insert-insmod', 'Put insmod of the selected module into the terminal', 2),
];

/** Every other key belongs to the program in the terminal while that has the keyboard. */
function enterOrLeave(): void {
  if (shownScreen()?.hasFocus()) {
    const place = before?.isConnected ? before : document.getElementById('tab-terminal');
    before = undefined;
    place?.focus();
    return;
  }
  const { activeElement } = document;
  before = activeElement instanceof HTMLElement && activeElement !== document.body ? activeElement : undefined;
  useStore.getState().showTab('terminal');
  focusTerminal();
}

function hasTerminalTab(state: State): boolean {
  return isInWorkspace(state) && state.host !== undefined;
}

function of(id: string, name: string, keys: readonly string[], run: () => void): Command {
  return { id, name, keys, run, group: 'Terminal', isPossible: hasTerminalTab };
}

function inserting(id: string, name: string, which: number): Command {
  return {
    ...of(id, name, [], () => {
      const { module, insertIntoTerminal } = useStore.getState();
      const insertion = insertionsFor(module)[which];
      if (insertion !== undefined) insertIntoTerminal(insertion.command);
    }),
    isPossible: (state) => hasTerminalTab(state) && insertionsFor(state.module).length > 0,
  };
}
