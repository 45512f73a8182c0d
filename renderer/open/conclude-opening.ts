import type { Problem } from '../../shared/problem.ts';
import type { Conclude, ConnectedRecording } from '../ingest/open-recording.ts';
import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';
import { chooseFirstModule } from './choose-first-module.ts';

/**
 * Has a recording accounted for that is shown already. Who holds what decides which module is shown first: it is chosen
 * again, where `mayChoose`, if nobody has selected another, or an event, meanwhile. Where it fails, that is told, and the
 * person may have it done again.
 */
export async function concludeOpening(
  { engine, died }: ConnectedRecording,
  conclude: Conclude,
  mayChoose: boolean,
  again: () => void,
): Promise<void> {
  const { module: shown, row, hold, recording: opened } = useStore.getState();
  if (opened?.engine !== engine) return;
  const selected = { ...(row === undefined ? {} : { row }), ...(hold === undefined ? {} : { hold }) };
  let isDead = false;
  void died.then(() => {
    isDead = true;
  });
  // Nobody answers once it is closed.
  const outcome = await askEngine(opened, () =>
    conclude(selected).catch((fault: unknown) => {
      if (!isDead) throw fault;
      return undefined;
    }),
  );
  const { recording, growRecording, showProblem, selectModule, row: selectedRow } = useStore.getState();
  // Closed meanwhile, or its worker has died, of which whoever shows it tells.
  if (outcome === undefined || recording?.engine !== engine) return;
  if (!outcome.ok) return showProblem(explain(outcome.problem), again);
  // The events keep their places: one that somebody has selected meanwhile stays selected.
  const isSame = selectedRow === row;
  const kept = selectedRow === undefined ? {} : { row: selectedRow };
  growRecording(outcome.summary, isSame ? outcome.selected : kept, isSame ? selected : kept, performance.now());
  const standings = await askEngine(recording, (asked) => asked.modulesAt(outcome.summary.end));
  const now = useStore.getState();
  const isOpen = now.recording?.engine === engine && now.module === shown && now.row === undefined;
  const choice = standings && chooseFirstModule(standings, outcome.summary.modules);
  if (mayChoose && isOpen && choice !== undefined) selectModule(choice);
}

/** What was read stays, and stays shown. */
function explain({ what }: Problem): Problem {
  return {
    what: 'Who holds what could not be worked out.',
    why: `${what} Its events and refcounts are shown all the same.`,
    remedy: 'Close other recordings and programs, and try again.',
  };
}
