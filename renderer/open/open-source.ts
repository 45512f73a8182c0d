import type { Problem } from '../../shared/problem.ts';
import { type ConnectedRecording, letSourceGo, openRecording, type TraceSource } from '../ingest/open-recording.ts';
import { recallView } from '../session/keep-view.ts';
import { beginWork } from '../state/activity.ts';
import { reportFault } from '../state/report-fault.ts';
import { type OpenRecording, useStore } from '../state/store.ts';
import { concludeOpening } from './conclude-opening.ts';
import { presentRecording } from './present-recording.ts';
import { takePlace } from './take-place.ts';

/** What is to be opened, or why it cannot be. */
export type FoundSource =
  | { readonly ok: true; readonly source: TraceSource; readonly bytes: number | undefined }
  | { readonly ok: false; readonly problem: Problem };

/** Where a recording came from, to be found there again. */
export type SourceOrigin = Pick<OpenRecording, 'ticket' | 'file' | 'capture'>;

/** Arranges the view of a recording as soon as it is shown. */
export type Arrange = () => Promise<void>;

/**
 * Opens a recording in place of the present one, which stays until the new one is complete: a failed or cancelled
 * opening loses nothing. A later opening takes the place of one that is still under way.
 */
export async function openSource(
  name: string,
  origin: SourceOrigin,
  find: () => Promise<FoundSource>,
  arrange?: Arrange,
): Promise<void> {
  const { showOpening, showProblem } = useStore.getState();
  const isWanted = takePlace();
  const abort = new AbortController();
  const cancel = () => abort.abort();
  const mine = () => !abort.signal.aborted && isWanted();
  showProblem(undefined);
  const start = { name, totalBytes: undefined, bytes: 0, lines: 0, events: 0, analysing: false, shown: false, cancel };
  let last = { bytes: 0, lines: 0, events: 0 };
  showOpening(start);
  await guarded(cancel, async () => {
    const found = await find();
    if (!mine()) {
      if (found.ok) letSourceGo(found.source);
      return;
    }
    if (!found.ok) return showProblem(found.problem);
    const outcome = await openRecording(found.source, {
      signal: abort.signal,
      onProgress: ({ bytes, lines, events, phase }) => {
        last = { bytes, lines, events };
        if (mine()) showOpening({ ...start, totalBytes: found.bytes, ...last, analysing: phase === 'analysing' });
      },
    });
    if (outcome.kind === 'cancelled') return;
    if (outcome.kind === 'failed') return mine() ? showProblem(naming(name, outcome.problem)) : undefined;
    const { recording, conclude } = outcome;
    const shown = await showConnected(recording, origin, mine, arrange);
    if (shown === undefined || conclude === undefined) return;
    const account = async () => {
      if (useStore.getState().opening === undefined)
        showOpening({ ...start, totalBytes: found.bytes, ...last, analysing: true, shown: true });
      await concludeOpening(recording, conclude, !shown.arranged, () => void guarded(cancel, account));
    };
    await account();
  });
}

/** A part of an opening; faults are told, and what is told of how far it has come goes away with it. */
async function guarded(cancel: () => void, step: () => Promise<void>): Promise<void> {
  const ended = beginWork();
  try {
    await step();
  } catch (fault) {
    reportFault(fault);
  } finally {
    const { opening, showOpening } = useStore.getState();
    if (opening?.cancel === cancel) showOpening(undefined);
    ended();
  }
}

/** What was open stays, and its name with it: the message says of which other it is. */
function naming(name: string, problem: Problem): Problem {
  return problem.what.includes(name) ? problem : { ...problem, what: `${name}: ${problem.what}` };
}

/**
 * Shows a recording in place of the one that was open; tells whether as somebody has arranged it, be it before the page was
 * loaded again. Undefined where it is not wanted any more: it is then closed.
 */
export async function showConnected(
  connected: ConnectedRecording,
  origin: SourceOrigin,
  isWanted: () => boolean,
  arrange?: Arrange,
): Promise<{ readonly arranged: boolean } | undefined> {
  const closing = new AbortController();
  const close = () => {
    closing.abort();
    connected.close();
  };
  const shown = await presentRecording({ ...connected, ...origin, close, closed: closing.signal }, isWanted);
  if (shown === undefined) {
    close();
    return undefined;
  }
  void connected.died.then((problem) => {
    const { recording, closeRecording, showProblem } = useStore.getState();
    if (recording?.engine !== connected.engine) return;
    closeRecording();
    showProblem(problem);
  });
  const recalled = await recallView(shown);
  if (useStore.getState().recording?.engine === connected.engine) await arrange?.();
  return { arranged: recalled || arrange !== undefined };
}
