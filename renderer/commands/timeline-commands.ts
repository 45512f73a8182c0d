import { stepInModule } from '../events/step-event.ts';
import { useStore } from '../state/store.ts';
import { panToEdge, panWindow, showWholeRecording, zoomWindow } from '../timeline/move-window.ts';
import { stepHold } from '../timeline/step-hold.ts';
import { showHold, showMarked } from '../timeline/zoom-to.ts';
import { type Command, hasModule, hasRecording } from './command.ts';

const MARKS = 'Markers and notes';

export const timelineCommands: readonly Command[] = [
  on('zoom-in', 'Zoom in', ['w', '+', '='], () => zoomWindow(1.5)),
  on('zoom-out', 'Zoom out', ['s', '-'], () => zoomWindow(1 / 1.5)),
  on('pan-left', 'Show earlier times', ['a', 'ArrowLeft'], () => panWindow(-0.15)),
  on('pan-right', 'Show later times', ['d', 'ArrowRight'], () => panWindow(0.15)),
  on('go-start', 'Go to the start', ['Home'], () => panToEdge('start')),
  on('go-end', 'Go to the end', ['End'], () => panToEdge('end')),
  on('zoom-all', 'Show the whole recording', ['0'], showWholeRecording),
  {
    ...on('zoom-hold', 'Zoom to the selected hold', ['z'], () => void showHold()),
    isPossible: ({ hold }) => hold !== undefined,
  },
  of('next-event', 'Next event of the module', ['n'], () => void stepInModule(1)),
  of('previous-event', 'Previous event of the module', ['p'], () => void stepInModule(-1)),
  of('next-hold', 'Next hold of the module', ['Shift+N'], () => void stepHold(1)),
  of('previous-hold', 'Previous hold of the module', ['Shift+P'], () => void stepHold(-1)),

  on('marker-a', 'Set marker A at the cursor', ['Shift+A', '['], () => mark('a'), MARKS),
  on('marker-b', 'Set marker B at the cursor', ['Shift+B', ']'], () => mark('b'), MARKS),
  {
    ...on('zoom-markers', 'Zoom to A–B', ['x'], showMarked, MARKS),
    isPossible: ({ markers: { a, b } }) => a !== undefined && b !== undefined && a !== b,
  },
  {
    ...on('clear-markers', 'Clear markers A and B', ['Shift+X'], () => useStore.getState().clearMarkers(), MARKS),
    isPossible: ({ markers: { a, b } }) => a !== undefined || b !== undefined,
  },
  on('note', 'Write a note at the cursor', ['m'], () => useStore.getState().openNote(undefined), MARKS),
  on('notes', 'Show the notes', ['Shift+M'], () => useStore.getState().showDialog('notes'), MARKS),
  {
    ...on('undo', 'Undo the last change of a note', ['Ctrl+Z'], () => useStore.getState().undoNotes(), MARKS),
    isPossible: ({ notesBefore }) => notesBefore.length > 0,
  },
];

function mark(which: 'a' | 'b'): void {
  const { cursor, setMarker } = useStore.getState();
  setMarker(which, cursor);
}

function on(
  id: string,
  name: string,
  keys: readonly string[],
  run: () => void,
  group: Command['group'] = 'Timeline',
): Command {
  return { id, name, keys, run, group, isPossible: hasRecording };
}

function of(id: string, name: string, keys: readonly string[], run: () => void): Command {
  return { id, name, keys, run, group: 'Timeline', isPossible: hasModule };
}
