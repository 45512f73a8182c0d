import { useStore } from '../state/store.ts';
import { stopBeingRoot } from './look-around.ts';

const KEY = 'modshark.present';

/** Shows this system again if it was shown before the page was loaded again, and remembers it for as long as the tab is there. */
export function keepPresent(): void {
  try {
    if (sessionStorage.getItem(KEY) !== null) useStore.getState().showPresent();
    useStore.subscribe(({ presentOpen }, before) => {
      if (presentOpen === before.presentOpen) return;
      if (!presentOpen) stopBeingRoot();
      if (presentOpen) sessionStorage.setItem(KEY, '');
      else sessionStorage.removeItem(KEY);
    });
  } catch {
    // The storage is full or forbidden: a reload then starts afresh, which is no fault to tell of.
  }
}
