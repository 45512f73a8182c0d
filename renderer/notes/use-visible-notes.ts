import { useMemo } from 'react';
import type { TimelineNote } from '../../shared/view-model/draw-marks.ts';
import { useStore } from '../state/store.ts';
import { visibleSentence } from '../widgets/visible-text.ts';

/** The notes as the timeline draws them; a session may bring those of a stranger. */
export function useVisibleNotes(): readonly TimelineNote[] {
  const notes = useStore((state) => state.notes);
  return useMemo(
    () => notes.map(({ time, text }) => ({ time, text: visibleSentence(text.split('\n')[0] ?? '') })),
    [notes],
  );
}
