import type { State } from '../state/store.ts';

/** Where a command stands in the sheet of keys. */
export type CommandGroup =
  | 'Timeline'
  | 'Markers and notes'
  | 'Tracks'
  | 'Lists and search'
  | 'This system'
  | 'Terminal'
  | 'File'
  | 'Window';

/** One thing that the window can be told to do: by a key, from the palette, and listed on the sheet of keys. */
export interface Command {
  readonly id: string;
  readonly name: string;
  readonly group: CommandGroup;
  /**
   * Any of these does it; the first is shown first. Shape: `w`, `Shift+A`, `Ctrl+S` (also with the Meta key),
   * `Alt+ArrowUp`, as `nameKey` writes them. Empty for what only the palette has.
   */
  readonly keys: readonly string[];
  /** Whether it means something now; always, without it. Else its keys do nothing and the palette leaves it out. */
  readonly isPossible?: (state: State) => boolean;
  readonly run: () => void;
}

/** Needs an open recording. */
export function hasRecording({ recording }: State): boolean {
  return recording !== undefined;
}

/** Needs an open recording and a selected module. */
export function hasModule({ recording, module }: State): boolean {
  return recording !== undefined && module !== undefined;
}
