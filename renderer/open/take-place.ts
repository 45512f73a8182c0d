import { useStore } from '../state/store.ts';

let latest = 0;

/**
 * Begins to open something in place of what is open or being opened, which is cancelled. The result tells whether that is
 * still wanted: nothing else was begun since, so what comes late never takes the place of what somebody asked for later.
 */
export function takePlace(): () => boolean {
  const { opening, showOpening } = useStore.getState();
  opening?.cancel();
  showOpening(undefined);
  const mine = ++latest;
  return () => mine === latest;
}
