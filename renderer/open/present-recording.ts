import { boundsOf } from '../state/bounds-of.ts';
import { type OpenRecording, useStore } from '../state/store.ts';
import { chooseFirstModule } from './choose-first-module.ts';

let lastId = 0;

/** Shows a recording as it was read, or as another of its trace buffers has it. */
export async function presentRecording(opened: Omit<OpenRecording, 'id' | 'bounds'>): Promise<OpenRecording> {
  const { summary, engine } = opened;
  const module = chooseFirstModule(await engine.modulesAt(summary.end), summary.modules);
  const recording = { ...opened, id: ++lastId, bounds: boundsOf(summary) };
  useStore.getState().showRecording(recording, module);
  return recording;
}
