import { useMemo } from 'react';
import type { CssPixels } from '../../shared/units.ts';
import type { HitMarks } from '../../shared/view-model/draw-tracks.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { useSearch } from './use-search.ts';

/** Where in the visible window the search has hits; undefined while nothing is searched for. */
export function useHitMarks(width: CssPixels): HitMarks | undefined {
  const { id, engine } = useRecording();
  const window = useStore((state) => state.window);
  const search = useSearch();
  const scale = useMemo(() => ({ ...window, width }), [window, width]);
  const isAsked = search !== undefined && width > 0;
  return useLatestAnswer(isAsked ? JSON.stringify([id, search, scale]) : undefined, async () => ({
    ...scale,
    columns: search === undefined ? [] : await engine.hitMarks(search, scale),
  }));
}
