import type { TraceOffer } from '../../shared/ipc/contract.ts';
import type { Problem } from '../../shared/problem.ts';
import { LONGEST_SESSION, parseSession } from '../../shared/session/parse-session.ts';
import type { Session } from '../../shared/session/session.ts';
import { readOfferedTrace } from '../connect/read-offered-trace.ts';
import { openFile, openOffer } from '../open/open-from.ts';
import { takePlace } from '../open/take-place.ts';
import { beginWork } from '../state/activity.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { applySession } from './apply-session.ts';
import { identifyRecording } from './identify-recording.ts';
import { isSession } from './is-session.ts';

/** Opens a session that the host offers, and the recording that it is about. */
export async function openSessionOffer(offer: TraceOffer): Promise<void> {
  const { host, showProblem } = useStore.getState();
  if (host === undefined) throw new Error('a session was offered, but the host that offered it is gone');
  const isWanted = takePlace();
  await guarded(async () => {
    const file = await readOfferedTrace(host, offer.ticket);
    if (!isWanted()) return file.ok ? file.stream.cancel() : undefined;
    if (!file.ok) return showProblem(file.problem);
    const read = readSession(await readText(file.stream));
    if (read === undefined) return;
    const { session } = read;
    // It may take its time: the recording's content is compared.
    const located = await host.request('session.locate', { ticket: offer.ticket });
    if (!isWanted()) return;
    if (located.state === 'failed') showProblem(located.problem);
    else if (located.state === 'missing') useStore.setState({ wanted: { session, path: located.path } });
    else {
      await openOffer(located.offer, async () => {
        await applySession(session);
        if (isOpen(located.offer.ticket)) showProblem(located.state === 'differs' ? hasChanged(session) : read.remark);
      });
    }
  });
}

/** Opens a session that the browser gave: only the person knows where its recording is. */
export async function openSessionFile(file: File): Promise<void> {
  await guarded(async () => {
    const read = readSession(await file.slice(0, 4 * LONGEST_SESSION + 1).text());
    if (read === undefined) return;
    const { session } = read;
    const { recording, showProblem } = useStore.getState();
    const wanted = session.recording.sha256;
    const same =
      recording !== undefined &&
      recording.summary.name === session.recording.name &&
      (wanted === undefined || (await identifyRecording(recording)).sha256 === wanted);
    if (same && useStore.getState().recording?.engine === recording.engine) {
      await applySession(session);
      showProblem(read.remark);
    } else useStore.setState({ wanted: { session, path: session.recording.path } });
  });
}

/** Opens what the person chose as the recording of the session that waits for one. */
export async function openForSession(chosen: File | TraceOffer): Promise<void> {
  const { wanted } = useStore.getState();
  if (wanted === undefined) return;
  const { session } = wanted;
  useStore.setState({ wanted: undefined });
  if (isSession(chosen.name)) return chosen instanceof File ? openSessionFile(chosen) : openSessionOffer(chosen);
  await guarded(async () => {
    const arrange = () => applySession(session);
    await (chosen instanceof File ? openFile(chosen, arrange) : openOffer(chosen, arrange));
    const { recording, showProblem } = useStore.getState();
    const isIt = chosen instanceof File ? recording?.file === chosen : isOpen(chosen.ticket);
    if (recording === undefined || !isIt) return;
    const { sha256 } = await identifyRecording(recording);
    if (session.recording.sha256 !== undefined && sha256 !== undefined && sha256 !== session.recording.sha256)
      showProblem(hasChanged(session));
  });
}

/** The session of a text, and what of it was not taken; or nothing, after saying why. */
function readSession(text: string): { readonly session: Session; readonly remark: Problem | undefined } | undefined {
  const outcome = parseSession(text);
  if (!outcome.ok) {
    useStore.getState().showProblem(outcome.problem);
    return undefined;
  }
  const { session, ignored } = outcome;
  if (ignored.length === 0) return { session, remark: undefined };
  const remark = {
    what: 'A part of the session was not taken.',
    why: `These fields are not what they must be: ${ignored.join(', ')}.`,
    remedy: 'The rest of it is shown.',
  };
  return { session, remark };
}

async function readText(stream: ReadableStream<Uint8Array>): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const part of stream as unknown as AsyncIterable<Uint8Array<ArrayBuffer>>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > 4 * LONGEST_SESSION) break;
  }
  return new Blob(parts).text();
}

function isOpen(ticket: string): boolean {
  return useStore.getState().recording?.ticket === ticket;
}

async function guarded(step: () => Promise<void>): Promise<void> {
  const ended = beginWork();
  useStore.getState().showProblem(undefined);
  try {
    await step();
  } catch (fault) {
    reportFault(fault);
  } finally {
    ended();
  }
}

function hasChanged({ recording }: Session): Problem {
  return {
    what: 'This is not the recording that the session was saved of.',
    why: `${recording.name} holds something else now: its SHA-256 is another one.`,
    remedy: 'The view, markers and notes are shown all the same; times that the recording does not have were left out.',
  };
}
