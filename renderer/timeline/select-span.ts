import type { RecordingTime } from '../../shared/units.ts';
import type { SpanPicture } from '../../shared/view-model/recording-view.ts';
import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';

/**
 * Selects the hold that a span shows. While the recording grows a picture may be older than the tables: where its hold is
 * not the one of that number any more, only module and time are selected.
 */
export async function selectSpan(module: string, { hold, start }: SpanPicture, time: RecordingTime): Promise<void> {
  const { recording, growth, selectHold, selectModule, moveCursor } = useStore.getState();
  if (recording === undefined) return;
  if (growth !== undefined) {
    const facts = await askEngine(recording, (engine) => engine.holdFacts(hold));
    if (facts?.module !== module || facts.start !== start) {
      moveCursor(time);
      selectModule(module);
      return;
    }
  }
  selectHold(module, hold, time);
}
