import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';

/** Selects the hit behind or before what is selected, everywhere; opens the search where it is closed. */
export async function jumpToHit(by: 1 | -1): Promise<void> {
  const { recording, cursor, row, filterText, searchText, searchOpen } = useStore.getState();
  if (recording === undefined) return;
  if (!searchOpen || searchText.trim() === '') return openSearch();
  const search = { text: filterText, search: searchText };
  const hit = await askEngine(recording, (engine) => engine.nextHit(search, { row, time: cursor }, by));
  if (hit !== undefined) useStore.getState().selectEvent(hit);
}

let cameFrom: HTMLElement | undefined;

/** Shows the search and puts the caret into it. */
export function openSearch(): void {
  const { recording, searchOpen, showSearch } = useStore.getState();
  if (recording === undefined) return;
  if (!searchOpen) cameFrom = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  showSearch(true);
  requestAnimationFrame(() => {
    const input = document.getElementById('event-search');
    if (input instanceof HTMLInputElement) {
      input.focus();
      input.select();
    }
  });
}

/** Puts the focus back where it was when the search was opened. */
export function closeSearch(): void {
  useStore.getState().showSearch(false);
  cameFrom?.focus({ preventScroll: true });
  cameFrom = undefined;
}
