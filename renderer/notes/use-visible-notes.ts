import { useMemo } from 'react';
import type { TimelineNote } from '../../shared/view-model/draw-marks.ts';
import { noteSleeps } from '../../shared/view-model/note-sleeps.ts';
import { useStore } from '../state/store.ts';
import { visibleSentence } from '../widgets/visible-text.ts';

/**
 * The notes as the timeline draws them; a session may bring those of a stranger. Behind them, so that the places of the
 * person's own stay, what the recording itself says of a time: that the machine slept.
 */
export function useVisibleNotes(): readonly TimelineNote[] {
  const notes = useStore((state) => state.notes);
  const sleeps = useStore((state) => state.recording?.summary.sleeps);
  return useMemo(
    () => [
      ...notes.map(({ time, text }) => ({ time, text: visibleSentence(text.split('\n')[0] ?? '') })),
      ...noteSleeps(sleeps ?? []),
    ],
    [notes, sleeps],
  );
}
