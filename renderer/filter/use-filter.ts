import { useMemo } from 'react';
import type { EventFilter } from '../../shared/view-model/recording-view.ts';
import { useStore } from '../state/store.ts';

/** What the whole window is narrowed by. */
export function useFilter(): EventFilter {
  const text = useStore((state) => state.filterText);
  return useMemo(() => ({ text, modules: [] }), [text]);
}
