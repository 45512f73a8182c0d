import { reveal } from '../../shared/view-model/time-scale.ts';
import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';

/** Selects the next or previous hold of the selected module and sets the cursor to its start. */
export async function stepHold(by: 1 | -1): Promise<void> {
  const { recording, module, hold, cursor } = useStore.getState();
  if (recording === undefined || module === undefined) return;
  const found = await askEngine(recording, (engine) => engine.stepHold(module, hold, cursor, by));
  if (found === undefined) return;
  const { bounds } = recording;
  // Who was there before the recording is shown where the recording begins.
  const at = Math.max(found.start, bounds.start);
  const { selectHold, showWindow, window } = useStore.getState();
  selectHold(module, found.hold, at);
  const { from, to } = reveal({ ...window, width: 1 }, at, bounds);
  showWindow({ from, to });
}
