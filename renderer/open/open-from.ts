import type { TraceOffer } from '../../shared/ipc/contract.ts';
import { fetchOfferedTrace } from '../connect/read-offered-trace.ts';
import { isSession } from '../session/is-session.ts';
import { openForSession, openSessionFile, openSessionOffer } from '../session/open-session.ts';
import { beginWork } from '../state/activity.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { type Arrange, type FoundSource, openSource } from './open-source.ts';

/** Opens what the host offers: a sample, a recent file, one named on the command line. */
export function openOffer(offer: Pick<TraceOffer, 'ticket' | 'name'>, arrange?: Arrange): Promise<void> {
  const { ticket, name } = offer;
  const find = async (): Promise<FoundSource> => {
    const { host } = useStore.getState();
    if (host === undefined) throw new Error('a file was offered, but the host that offered it is gone');
    const trace = await fetchOfferedTrace(host, ticket);
    if (!trace.ok) return trace;
    const bytes = trace.bytes > 0 ? trace.bytes : undefined;
    return { ok: true, source: { name: trace.name, content: trace.content, bytes }, bytes };
  };
  return openSource(name, { ticket, file: undefined }, find, arrange).then(refreshOffers);
}

/** Opens a file that was dropped on the window or picked in the browser's own dialog. */
export function openFile(file: File, arrange?: Arrange): Promise<void> {
  const { name, size } = file;
  const find = async (): Promise<FoundSource> => ({ ok: true, source: { name, content: file }, bytes: size });
  return openSource(name, { ticket: undefined, file }, find, arrange);
}

/** Opens a recording or a session, by its name. */
export function openAny(chosen: File | TraceOffer): Promise<void> {
  // A session that waits for its recording takes whatever comes.
  if (useStore.getState().wanted !== undefined) return openForSession(chosen);
  if (chosen instanceof File) return isSession(chosen.name) ? openSessionFile(chosen) : openFile(chosen);
  return isSession(chosen.name) ? openSessionOffer(chosen) : openOffer(chosen);
}

/** Lets a person choose a recording or a session, and opens it. */
export function chooseAndOpen(): Promise<void> {
  return chooseFile(openAny);
}

/** Lets a person choose a file: in the desktop's dialog where the host has one, else in the browser's. */
export async function chooseFile(open: (chosen: File | TraceOffer) => Promise<void>): Promise<void> {
  const { host, canChoose } = useStore.getState();
  if (host === undefined || !canChoose) return pickInBrowser(open);
  const ended = beginWork();
  try {
    const offer = await host.request('trace.choose', null);
    if (offer !== null) await open(offer);
  } catch (fault) {
    reportFault(fault);
  } finally {
    ended();
  }
}

function pickInBrowser(open: (chosen: File) => Promise<void>): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) void open(file);
  });
  input.click();
}

/** Asks the host again what there is to open; the list of recent files has changed. */
export async function refreshOffers(): Promise<void> {
  const { host, showOffers } = useStore.getState();
  if (host === undefined) return;
  const ended = beginWork();
  try {
    showOffers(await host.request('trace.offered', null));
  } catch (fault) {
    reportFault(fault);
  } finally {
    ended();
  }
}
