import type { EventRow } from '../../shared/view-model/recording-view.ts';
import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';

/** Selects an event of the list. While the recording grows it may stand elsewhere than when it was listed. */
export async function selectListed(event: EventRow): Promise<void> {
  const { recording, growth, selectEvent } = useStore.getState();
  if (recording === undefined) return;
  const found = growth && (await askEngine(recording, (engine) => engine.eventAtLine(event.line)));
  selectEvent(found ?? event);
}
