import type { Problem } from '../../shared/problem.ts';
import { isInWorkspace } from '../state/present-slice.ts';
import { useStore } from '../state/store.ts';
import { closeTerminal, focusTerminal, openTerminal } from '../terminal/terminals.ts';

/**
 * Has polkit's text agent ask for passwords in a terminal of this window, where no desktop does. It is registered when
 * this returns; `close` ends it and shows what was shown before.
 */
export async function askInTerminal(): Promise<{ readonly close: () => void } | { readonly problem: Problem }> {
  const { tab, showPresent, showTab } = useStore.getState();
  // The terminal has its place in the workspace. Who did not ask for this system wants to see the recording there.
  const wasInWorkspace = isInWorkspace(useStore.getState());
  if (!wasInWorkspace) showPresent();
  const opened = await openTerminal('authorisation');
  if ('problem' in opened) return opened;
  // What is typed next is the password, and belongs nowhere else.
  focusTerminal();
  return {
    close() {
      closeTerminal(opened.terminal);
      if (!wasInWorkspace) showRecordingWhenThere();
      if (useStore.getState().tab === 'terminal') showTab(tab);
    },
  };
}

/** Has the regions speak of the recording as soon as there is one; where nothing is recorded, nothing changes. */
function showRecordingWhenThere(): void {
  const stop = useStore.subscribe(({ recording, capture, showMoment }) => {
    if (recording === undefined && capture !== undefined) return;
    stop();
    showMoment('cursor');
  });
}
