import type { EventFilter } from '../../shared/view-model/recording-view.ts';
import { useStore } from '../state/store.ts';

/** What the list of events shows: the words typed, and the selected module alone where that is asked for. */
export function useEventFilter(): EventFilter {
  const text = useStore((state) => state.filterText);
  const module = useStore((state) => (state.onlySelected ? state.module : undefined));
  return { text, modules: module === undefined ? [] : [module] };
}
