import { Trash2 } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { printTime } from '../../shared/event-table/clock.ts';
import type { CssPixels } from '../../shared/units.ts';
import { type TimeScale, timeToX } from '../../shared/view-model/time-scale.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { IconButton } from '../widgets/icon-button.tsx';

const WIDTH: CssPixels = 280;
/** No note is longer: a session keeps as much. */
const LONGEST = 10_000;

/** The note that is being written, under its place on the ruler. */
export function NoteEditor({ scale, left }: { readonly scale: TimeScale; readonly left: CssPixels }) {
  const opened = useStore((state) => state.openedNote);
  const { clock } = useRecording().summary;
  if (opened === undefined) return null;
  const x = Math.min(Math.max(timeToX(scale, opened.time), 0), scale.width);
  const place = Math.max(0, Math.min(x - 12, scale.width - WIDTH));
  return (
    <div className="note-editor" style={{ left: left + place, width: WIDTH }}>
      {/* By its instant: in a recording that grows time zero may move, and what was typed stays. */}
      <NoteForm
        key={`${opened.id} ${clock.start + BigInt(Math.round(opened.time))}`}
        id={opened.id}
        time={opened.time}
      />
    </div>
  );
}

function NoteForm({ id, time }: { readonly id: number | undefined; readonly time: number }) {
  const { clock } = useRecording().summary;
  const [text, setText] = useState(() => useStore.getState().notes.find((note) => note.id === id)?.text ?? '');
  const { writeNote, closeNote } = useStore.getState();
  const leave = (then: () => void) => {
    then();
    document.querySelector<HTMLElement>('.track-canvas')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') leave(closeNote);
    else if (event.key === 'Enter' && !event.shiftKey) leave(() => writeNote(text));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      aria-label={id === undefined ? 'New note' : 'Note'}
      onSubmit={(event) => {
        event.preventDefault();
        leave(() => writeNote(text));
      }}
    >
      <span className="quiet digits">at {printTime(clock, time)}</span>
      <textarea
        // biome-ignore lint/a11y/noAutofocus: it was opened to be written in
        autoFocus
        aria-label="Text of the note"
        rows={3}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="note-actions">
        <button type="submit" className="button button-primary button-small">
          Keep
        </button>
        <button type="button" className="button button-small" onClick={() => leave(closeNote)}>
          Cancel
        </button>
        <span className="spring" />
        {id === undefined ? null : (
          <IconButton name="Delete the note" onClick={() => leave(() => writeNote(''))}>
            <Trash2 size={14} aria-hidden />
          </IconButton>
        )}
      </div>
    </form>
  );
}
