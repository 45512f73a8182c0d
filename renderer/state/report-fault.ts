import { useStore } from './store.ts';

/** A programming error or a dead worker: told to the person instead of leaving the window silently stale. */
export function reportFault(fault: unknown): void {
  console.error(fault);
  const why = fault instanceof Error ? fault.message : String(fault);
  useStore.getState().showProblem({
    what: 'Something went wrong inside ModShark.',
    why,
    remedy: 'Open the recording again. If it happens again, please report it with the steps that led here.',
  });
}
