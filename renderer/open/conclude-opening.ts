import type { Conclude, ConnectedRecording } from '../ingest/open-recording.ts';
import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';
import { chooseFirstModule } from './choose-first-module.ts';

/**
 * Has a recording accounted for that is shown already. Who holds what decides which module is shown first: it is chosen
 * again, where `mayChoose`, if nobody has selected another meanwhile.
 */
export async function concludeOpening(
  { engine }: ConnectedRecording,
  conclude: Conclude,
  mayChoose: boolean,
): Promise<void> {
  const { module: shown, row, hold, recording: opened } = useStore.getState();
  if (opened?.engine !== engine) return;
  const selected = { ...(row === undefined ? {} : { row }), ...(hold === undefined ? {} : { hold }) };
  // Nobody answers once it is closed.
  const outcome = await askEngine(opened, () => conclude(selected).catch(() => undefined));
  const { recording, growRecording, showProblem, selectModule } = useStore.getState();
  // Closed meanwhile, or its worker has died, of which whoever shows it tells.
  if (outcome === undefined || recording?.engine !== engine) return;
  if (!outcome.ok) return showProblem(outcome.problem);
  growRecording(outcome.summary, outcome.selected, selected, performance.now());
  const standings = await askEngine(recording, (asked) => asked.modulesAt(outcome.summary.end));
  const isOpen = useStore.getState().recording?.engine === engine && useStore.getState().module === shown;
  const choice = standings && chooseFirstModule(standings, outcome.summary.modules);
  if (mayChoose && isOpen && choice !== undefined) selectModule(choice);
}
