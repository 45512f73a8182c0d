import { useStore } from '../state/store.ts';

/** Freezes the view of a growing recording, or shows what has come meanwhile. */
export function pauseOrResume(): void {
  const { growth, pauseView } = useStore.getState();
  if (growth !== undefined) pauseView(!growth.paused);
}
