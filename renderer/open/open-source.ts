import type { Problem } from '../../shared/problem.ts';
import { type ConnectedRecording, letSourceGo, openRecording, type TraceSource } from '../ingest/open-recording.ts';
import { recallView } from '../session/keep-view.ts';
import { beginWork } from '../state/activity.ts';
import { reportFault } from '../state/report-fault.ts';
import { type OpenRecording, useStore } from '../state/store.ts';
import { concludeOpening } from './conclude-opening.ts';
import { presentRecording } from './present-recording.ts';

/** What is to be opened, or why it cannot be. */
export type FoundSource =
  | { readonly ok: true; readonly source: TraceSource; readonly bytes: number | undefined }
  | { readonly ok: false; readonly problem: Problem };

/** Where a recording came from, to be found there again. */
export type SourceOrigin = Pick<OpenRecording, 'ticket' | 'file' | 'capture'>;

/**
 * Opens a recording in place of the present one, which stays until the new one is complete: a failed or cancelled
 * opening loses nothing. A later opening takes the place of one that is still under way.
 */
export async function openSource(name: string, origin: SourceOrigin, find: () => Promise<FoundSource>): Promise<void> {
  const { showOpening, showProblem } = useStore.getState();
  useStore.getState().opening?.cancel();
  const abort = new AbortController();
  const cancel = () => abort.abort();
  const ended = beginWork();
  const mine = () => !abort.signal.aborted;
  showProblem(undefined);
  const start = { name, totalBytes: undefined, bytes: 0, lines: 0, events: 0, analysing: false, shown: false, cancel };
  let last = { bytes: 0, lines: 0, events: 0 };
  showOpening(start);
  try {
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
    if (!mine() || outcome.kind === 'cancelled') return;
    if (outcome.kind === 'failed') showProblem(naming(name, outcome.problem));
    else {
      const recalled = await showConnected(outcome.recording, origin);
      if (outcome.conclude === undefined) return;
      const { opening } = useStore.getState();
      if (opening === undefined)
        showOpening({ ...start, totalBytes: found.bytes, ...last, analysing: true, shown: true });
      await concludeOpening(outcome.recording, outcome.conclude, !recalled);
    }
  } catch (fault) {
    reportFault(fault);
  } finally {
    if (useStore.getState().opening?.cancel === cancel) showOpening(undefined);
    ended();
  }
}

/** What was open stays, and its name with it: the message says of which other it is. */
function naming(name: string, problem: Problem): Problem {
  return problem.what.includes(name) ? problem : { ...problem, what: `${name}: ${problem.what}` };
}

/** Shows a recording in place of the one that was open; tells whether as it was shown before the page was loaded again. */
export async function showConnected(connected: ConnectedRecording, origin: SourceOrigin): Promise<boolean> {
  const closing = new AbortController();
  const close = () => {
    closing.abort();
    connected.close();
  };
  const recalled = await recallView(await presentRecording({ ...connected, ...origin, close, closed: closing.signal }));
  void connected.died.then((problem) => {
    const { recording, closeRecording, showProblem } = useStore.getState();
    if (recording?.engine !== connected.engine) return;
    closeRecording();
    showProblem(problem);
  });
  return recalled;
}
