import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';
import { presentRecording } from './present-recording.ts';

let latest = 0;

/** Looks at another trace buffer of the open recording. */
export async function chooseBuffer(buffer: string): Promise<void> {
  const { recording } = useStore.getState();
  if (recording === undefined) return;
  const mine = ++latest;
  const isWanted = () => mine === latest && useStore.getState().recording?.engine === recording.engine;
  const summary = await askEngine(recording, () => recording.chooseBuffer(buffer));
  if (summary !== undefined) await presentRecording({ ...recording, summary }, isWanted);
}
