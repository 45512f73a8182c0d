import { useStore } from '../state/store.ts';
import { type Command, hasRecording } from './command.ts';

export const windowCommands: readonly Command[] = [
  of('palette', 'Find a command…', ['Ctrl+K'], () => useStore.getState().showDialog('palette')),
  of('help', 'Keys and gestures', ['?'], () => useStore.getState().showDialog('help')),
  {
    ...of('about', 'About this recording', [], () => useStore.getState().showDialog('about')),
    isPossible: hasRecording,
  },
  of('light', 'Light colours', [], () => useStore.getState().changeSettings({ theme: 'light' })),
  of('dark', 'Dark colours', [], () => useStore.getState().changeSettings({ theme: 'dark' })),
  of('system', 'Colours as the system has them', [], () => useStore.getState().changeSettings({ theme: 'system' })),
  {
    ...of('dismiss', 'Dismiss the message', ['Escape'], () => useStore.getState().showProblem(undefined)),
    isPossible: ({ problem }) => problem !== undefined,
  },
];

function of(id: string, name: string, keys: readonly string[], run: () => void): Command {
  return { id, name, keys, run, group: 'Window' };
}
