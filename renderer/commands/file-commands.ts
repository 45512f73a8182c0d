import { chooseAndOpen } from '../open/open-from.ts';
import { saveSession } from '../session/save-session.ts';
import { useStore } from '../state/store.ts';
import { type Command, hasRecording } from './command.ts';

export const fileCommands: readonly Command[] = [
  {
    id: 'open',
    name: 'Open a recording or session…',
    group: 'File',
    keys: ['Ctrl+O'],
    run: () => void chooseAndOpen(),
  },
  {
    id: 'save-session',
    name: 'Save the session…',
    group: 'File',
    keys: ['Ctrl+S'],
    isPossible: hasRecording,
    run: () => void saveSession(),
  },
  {
    id: 'export',
    name: 'Export pictures, tables or a report…',
    group: 'File',
    keys: ['Ctrl+E'],
    isPossible: hasRecording,
    run: () => useStore.getState().showDialog('export'),
  },
  {
    id: 'close',
    name: 'Close the recording',
    group: 'File',
    keys: [],
    isPossible: hasRecording,
    run: () => useStore.getState().closeRecording(),
  },
];
