import { Pencil, Trash2, Undo2 } from 'lucide-react';
import { printTime } from '../../shared/event-table/clock.ts';
import { reveal } from '../../shared/view-model/time-scale.ts';
import type { Note } from '../state/investigation-slice.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { IconButton } from '../widgets/icon-button.tsx';
import { visibleSentence } from '../widgets/visible-text.ts';

/** Every note, in order of time: go there, change it, delete it. */
export function NotesDialog({ onClose }: { readonly onClose: () => void }) {
  const { summary, bounds } = useRecording();
  const notes = useStore((state) => state.notes);
  const canUndo = useStore((state) => state.notesBefore.length > 0);
  const { removeNote, undoNotes, openNote, moveCursor, showWindow } = useStore.getState();
  const goTo = ({ time }: Note) => {
    onClose();
    moveCursor(time);
    const { from, to } = reveal({ ...useStore.getState().window, width: 1 }, time, bounds);
    showWindow({ from, to });
  };
  const edit = (note: Note) => {
    goTo(note);
    openNote(note.id);
  };
  return (
    <Dialog title="Notes" onClose={onClose}>
      {notes.length === 0 ? (
        <p className="quiet">
          No note yet. <kbd className="kbd">m</kbd> writes one at the cursor, a double click on the ruler at the
          pointer.
        </p>
      ) : (
        <ul className="notes">
          {notes.map((note) => (
            <li key={note.id}>
              <button type="button" className="link-button digits" onClick={() => goTo(note)}>
                {printTime(summary.clock, note.time)}
              </button>
              <p className="note-text">{note.text.split('\n').map(visibleSentence).join('\n')}</p>
              <IconButton
                name={`Edit the note at ${printTime(summary.clock, note.time)}`}
                title="Edit"
                onClick={() => edit(note)}
              >
                <Pencil size={14} aria-hidden />
              </IconButton>
              <IconButton
                name={`Delete the note at ${printTime(summary.clock, note.time)}`}
                title="Delete"
                onClick={() => removeNote(note.id)}
              >
                <Trash2 size={14} aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
      <div className="dialog-actions">
        <button type="button" className="button" disabled={!canUndo} onClick={undoNotes}>
          <Undo2 size={14} aria-hidden />
          Undo
        </button>
      </div>
    </Dialog>
  );
}
