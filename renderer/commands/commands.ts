import { captureCommands } from './capture-commands.ts';
import type { Command } from './command.ts';
import { fileCommands } from './file-commands.ts';
import { growthCommands } from './growth-commands.ts';
import { listCommands } from './list-commands.ts';
import { presentCommands } from './present-commands.ts';
import { terminalCommands } from './terminal-commands.ts';
import { timelineCommands } from './timeline-commands.ts';
import { trackCommands } from './track-commands.ts';
import { windowCommands } from './window-commands.ts';

/** Every command of the window. To add one, add it to the list of its region; keys, palette and sheet follow. */
export const commands: readonly Command[] = [
  ...timelineCommands,
  ...growthCommands,
  ...trackCommands,
  ...listCommands,
  ...terminalCommands,
  ...captureCommands,
  ...presentCommands,
  ...fileCommands,
  ...windowCommands,
];

export const commandOfKey: ReadonlyMap<string, Command> = bindKeys(commands);

function bindKeys(bound: readonly Command[]): Map<string, Command> {
  const byKey = new Map<string, Command>();
  for (const command of bound)
    for (const key of command.keys) {
      const other = byKey.get(key);
      if (other !== undefined) throw new Error(`${key} is bound to both ${other.id} and ${command.id}`);
      byKey.set(key, command);
    }
  return byKey;
}
