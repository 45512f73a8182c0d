import { saveCapture } from '../capture/put-away.ts';
import { stopRecording, toggleRecording } from '../capture/run-capture.ts';
import { isRecording } from '../state/capture-slice.ts';
import type { Command } from './command.ts';

export const captureCommands: readonly Command[] = [
  {
    id: 'record',
    name: 'Record the live system, or stop',
    group: 'This system',
    keys: ['Shift+R'],
    isPossible: ({ host }) => host !== undefined,
    run: () => void toggleRecording(),
  },
  {
    id: 'stop-recording',
    name: 'Stop the recording',
    group: 'This system',
    keys: [],
    isPossible: isRecording,
    run: () => void stopRecording(),
  },
  {
    id: 'save-recording',
    name: 'Save the recording as text…',
    group: 'This system',
    keys: [],
    isPossible: ({ capture }) => capture?.ended !== undefined,
    run: () => void saveCapture(),
  },
];
