import { growRecording } from '../ingest/grow-recording.ts';
import { beginWork } from '../state/activity.ts';
import { askEngine } from '../state/ask-engine.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { chooseFirstModule } from './choose-first-module.ts';
import { type SourceOrigin, showConnected } from './open-source.ts';

/**
 * Shows a recording while its text is still being written, in place of the present one. Returns when nothing more comes:
 * it is then a recording like any other, and `origin` says where its text lies.
 *
 * @param isWanted tells whether nothing else was begun to be opened since somebody asked for this
 */
export async function openGrowing(
  name: string,
  origin: SourceOrigin,
  content: ReadableStream<Uint8Array>,
  isWanted: () => boolean,
): Promise<void> {
  const { showProblem, recording, module } = useStore.getState();
  showProblem(undefined);
  const opened = beginWork();
  const chosen = chooseUntilHeld();
  try {
    const growing = await growRecording(
      { name, content },
      {
        onArrived: (events) => {
          if (isMine()) useStore.getState().countArrived(events);
        },
        onGrown: (summary, selected, asked, askedAt) => {
          if (!isMine()) return;
          useStore.getState().growRecording(summary, selected, asked, askedAt);
          void chosen.look();
        },
        beginWork,
        selected: () => {
          const { row, hold } = useStore.getState();
          return { ...(row === undefined ? {} : { row }), ...(hold === undefined ? {} : { hold }) };
        },
        isPaused: () => isMine() && useStore.getState().growth?.paused === true,
      },
    );
    const isMine = () => useStore.getState().recording?.engine === growing.recording.engine;
    if ((await showConnected(growing.recording, origin, isWanted)) === undefined) return;
    useStore.getState().beginGrowth();
    // Whoever looked at a module of the running system, and then records, wants to see that one.
    if (recording === undefined && module !== undefined) useStore.getState().selectModule(module);
    const unsubscribe = useStore.subscribe((state, before) => {
      if (before.growth?.paused === true && state.growth?.paused === false) growing.resume();
    });
    opened();
    const end = await growing.run().finally(unsubscribe);
    if (!isMine()) return;
    useStore.getState().endGrowth(end.kind === 'empty' || end.kind === 'full' ? end : undefined);
    if (end.kind === 'failed') showProblem(end.problem);
  } catch (fault) {
    reportFault(fault);
  } finally {
    opened();
  }
}

/**
 * Selects a module as soon as there is one. The first to come need not be what it is all about: until somebody selects
 * one, the choice is made again for as long as nothing holds the chosen one.
 */
function chooseUntilHeld() {
  let choice: string | undefined;
  const isOpen = () => {
    const { recording, module } = useStore.getState();
    if (recording === undefined || module !== choice) return undefined;
    const { modules } = recording.summary;
    const isHeld = modules.some((one) => one.module === module && one.openHolds > 0);
    return isHeld || modules.length === 0 ? undefined : recording;
  };
  return {
    look: async () => {
      const recording = isOpen();
      if (recording === undefined) return;
      const { end, modules } = recording.summary;
      const standings = await askEngine(recording, (engine) => engine.modulesAt(end));
      if (standings === undefined || isOpen() === undefined) return;
      choice = chooseFirstModule(standings, modules);
      if (choice !== undefined) useStore.getState().selectModule(choice);
    },
  };
}
