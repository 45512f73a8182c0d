import { pauseOrResume } from '../growth/pause-or-resume.ts';
import { type State, useStore } from '../state/store.ts';
import type { Command } from './command.ts';

/** For a recording that is still being written. */
export const growthCommands: readonly Command[] = [
  of('follow', 'Follow the latest event', 'f', () => useStore.getState().followNow()),
  of('pause-view', 'Pause the view, or go on', 'Shift+F', pauseOrResume),
];

function grows({ growth }: State): boolean {
  return growth !== undefined;
}

function of(id: string, name: string, key: string, run: () => void): Command {
  return { id, name, group: 'Timeline', keys: [key], isPossible: grows, run };
}
