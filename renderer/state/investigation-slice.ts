import type { RecordingTime } from '../../shared/units.ts';
import type { TimelineMarkers } from '../../shared/view-model/draw-marks.ts';
import type { RecordedCommand } from '../../shared/view-model/recorded-command.ts';

/** What a person wrote down at a time. */
export interface Note {
  readonly id: number;
  readonly time: RecordingTime;
  readonly text: string;
}

/** How the tracks are put; what is not named in `order` follows in its own order. */
export interface TrackArrangement {
  readonly order: readonly string[];
  readonly pinned: readonly string[];
  readonly hidden: readonly string[];
  /** Only modules that are still held at the end. */
  readonly onlyHeld: boolean;
  /** Modules that use another stand beneath it. */
  readonly grouped: boolean;
}

/** The note that is being written; `id` is undefined for a new one. */
export interface OpenNote {
  readonly id: number | undefined;
  readonly time: RecordingTime;
}

/** What an investigation leaves behind: it is saved in a session and survives a reload. */
export interface Investigation {
  readonly markers: TimelineMarkers;
  readonly notes: readonly Note[];
  /** The notes before each of their last changes, newest last. */
  readonly notesBefore: readonly (readonly Note[])[];
  readonly openedNote: OpenNote | undefined;
  /** Commands that the session knows of: those of a terminal that is long gone. */
  readonly keptCommands: readonly RecordedCommand[];
  readonly tracks: TrackArrangement;
}

export interface InvestigationSlice extends Investigation {
  /** Undefined takes the marker away. */
  setMarker(which: 'a' | 'b', time: RecordingTime | undefined): void;
  clearMarkers(): void;
  /** Opens a note for writing; a new one at the cursor, or at a time, without an id. */
  openNote(id: number | undefined, time?: RecordingTime): void;
  closeNote(): void;
  /** Keeps what was written in the note that is open; nothing written deletes it. */
  writeNote(text: string): void;
  removeNote(id: number): void;
  undoNotes(): void;
  arrangeTracks(change: Partial<TrackArrangement>): void;
}

export const freshInvestigation: Investigation = {
  markers: {},
  notes: [],
  notesBefore: [],
  openedNote: undefined,
  keptCommands: [],
  tracks: { order: [], pinned: [], hidden: [], onlyHeld: false, grouped: false },
};

/** Steps back that are kept. */
const MOST_UNDONE = 50;

interface Around extends InvestigationSlice {
  readonly cursor: RecordingTime;
  /** The nearest time that the recording can print. */
  printableTime(time: RecordingTime): RecordingTime;
}

export function createInvestigationSlice(
  set: (change: Partial<Investigation>) => void,
  get: () => Around,
): InvestigationSlice {
  const changeNotes = (notes: readonly Note[]) =>
    set({
      notes: [...notes].sort((a, b) => a.time - b.time || a.id - b.id),
      notesBefore: [...get().notesBefore, get().notes].slice(-MOST_UNDONE),
    });
  return {
    ...freshInvestigation,
    setMarker: (which, time) => {
      const { [which]: _, ...others } = get().markers;
      set({ markers: time === undefined ? others : { ...others, [which]: get().printableTime(time) } });
    },
    clearMarkers: () => set({ markers: {} }),
    openNote: (id, time) => {
      const known = get().notes.find((note) => note.id === id);
      set({ openedNote: { id: known?.id, time: known?.time ?? get().printableTime(time ?? get().cursor) } });
    },
    closeNote: () => set({ openedNote: undefined }),
    writeNote: (written) => {
      const { openedNote, notes, removeNote } = get();
      if (openedNote === undefined) return;
      const { id, time } = openedNote;
      const text = written.trim();
      set({ openedNote: undefined });
      if (id === undefined) {
        if (text !== '') changeNotes([...notes, { id: nextId(notes), time, text }]);
      } else if (text === '') removeNote(id);
      else if (notes.some((note) => note.id === id && note.text !== text))
        changeNotes(notes.map((note) => (note.id === id ? { ...note, text } : note)));
    },
    removeNote: (id) => changeNotes(get().notes.filter((note) => note.id !== id)),
    undoNotes: () => {
      const notes = get().notesBefore.at(-1);
      if (notes !== undefined) set({ notes, notesBefore: get().notesBefore.slice(0, -1), openedNote: undefined });
    },
    arrangeTracks: (change) => set({ tracks: { ...get().tracks, ...change } }),
  };
}

function nextId(notes: readonly Note[]): number {
  return notes.reduce((most, { id }) => Math.max(most, id), 0) + 1;
}
