import type { CaptureState } from '../../shared/ipc/capture-contract.ts';
import type { TraceOffer } from '../../shared/ipc/contract.ts';
import { readCapture, TraceBroken } from '../connect/read-offered-trace.ts';
import { saveFile } from '../exports/save-file.ts';
import { refreshOffers } from '../open/open-from.ts';
import { useStore } from '../state/store.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { changeCapture, refreshLeft, withHost } from './run-capture.ts';

/** Saves the ended recording where the person says: the desktop's dialog, or the browser's downloads. */
export const saveCapture = oneAtATime(async () => {
  const { capture, sayOfCapture } = useStore.getState();
  if (capture === undefined) return;
  const answer = await changeCapture((host) => host.request('capture.save', { capture: capture.capture }));
  switch (answer?.state) {
    case 'saved':
      return settleAs(capture, answer.offer);
    case 'download':
      return download(capture);
    case 'failed':
      return sayOfCapture('bad', answer.problem);
  }
});

/** From now on it is a file like any other. */
async function settleAs(capture: CaptureState, { ticket, name, about }: TraceOffer): Promise<void> {
  const { recording, showCapture, sayOfCapture } = useStore.getState();
  if (recording?.capture === capture.capture) {
    const { capture: _, ...saved } = recording;
    useStore.setState({ recording: { ...saved, ticket } });
  }
  showCapture(undefined);
  sayOfCapture('good', { what: `Saved as ${name}.`, why: about, remedy: '' });
  await refreshOffers();
}

async function download({ capture, name }: CaptureState): Promise<void> {
  const { sayOfCapture, markCopied } = useStore.getState();
  const done = await withHost(async (host) => {
    const trace = await readCapture(host, capture);
    if (!trace.ok) return trace.problem;
    try {
      saveFile(await new Response(trace.stream, { headers: { 'content-type': 'text/plain' } }).blob(), name);
    } catch (error) {
      if (error instanceof TraceBroken) return error.problem;
      throw error;
    }
    await changeCapture(() => host.request('capture.downloaded', { capture }));
    return 'done' as const;
  });
  if (done === 'done') {
    // Another window may have begun the next one meanwhile.
    markCopied(capture);
    sayOfCapture('good', { what: `Given to the browser as ${name}.`, why: 'It is among your downloads.', remedy: '' });
  } else if (done !== undefined) sayOfCapture('bad', done);
}

/** Deletes the ended recording, and takes it off the screen. */
export const discardCapture = oneAtATime(async () => {
  const { capture } = useStore.getState();
  if (capture === undefined) return;
  const done = await changeCapture((host) => host.request('capture.discard', { capture: capture.capture }));
  if (done === undefined) return;
  const { recording, showCapture, closeRecording, sayOfCapture } = useStore.getState();
  if (!done.ok) return sayOfCapture('bad', done.problem);
  if (recording?.capture === capture.capture) closeRecording();
  showCapture(undefined);
  await refreshLeft();
});
