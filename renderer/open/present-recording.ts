import { boundsOf } from '../state/bounds-of.ts';
import { type OpenRecording, useStore } from '../state/store.ts';
import { chooseFirstModule } from './choose-first-module.ts';

let lastId = 0;

/**
 * Shows a recording as it was read, or as another of its trace buffers has it.
 *
 * @param isWanted tells whether it is still to be shown, when its module is chosen; else nothing is, and the result is undefined
 */
export async function presentRecording(
  opened: Omit<OpenRecording, 'id' | 'bounds'>,
  isWanted: () => boolean,
): Promise<OpenRecording | undefined> {
  const { summary, engine } = opened;
  const module = chooseFirstModule(await engine.modulesAt(summary.end), summary.modules);
  if (!isWanted()) return undefined;
  const recording = { ...opened, id: ++lastId, bounds: boundsOf(summary) };
  useStore.getState().showRecording(recording, module);
  return recording;
}
