import { useMemo } from 'react';
import type { EventSearch } from '../../shared/view-model/recording-view.ts';
import { useStore } from '../state/store.ts';

/** What is searched for; undefined while nothing is. */
export function useSearch(): EventSearch | undefined {
  const text = useStore((state) => state.filterText);
  const search = useStore((state) => (state.searchOpen ? state.searchText : ''));
  return useMemo(() => (search.trim() === '' ? undefined : { text, search }), [text, search]);
}
