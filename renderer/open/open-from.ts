import type { TraceOffer } from '../../shared/ipc/contract.ts';
import { readOfferedTrace } from '../connect/read-offered-trace.ts';
import { beginWork } from '../state/activity.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { openSource } from './open-source.ts';

/** Opens what the host offers: a sample, a recent file, one named on the command line. */
export function openOffer({ ticket, name }: TraceOffer): Promise<void> {
  return openSource(name, async () => {
    const { host } = useStore.getState();
    if (host === undefined) throw new Error('a file was offered, but the host that offered it is gone');
    const trace = await readOfferedTrace(host, ticket);
    if (!trace.ok) return trace;
    const bytes = trace.bytes > 0 ? trace.bytes : undefined;
    return { ok: true, source: { name: trace.name, content: trace.stream }, bytes };
  }).then(refreshOffers);
}

/** Opens a file that was dropped on the window or picked in the browser's own dialog. */
export function openFile(file: File): Promise<void> {
  return openSource(file.name, async () => ({
    ok: true,
    source: { name: file.name, content: file },
    bytes: file.size,
  }));
}

/** Lets a person choose a file: in the desktop's dialog where the host has one, else in the browser's. */
export async function chooseAndOpen(): Promise<void> {
  const { host, canChoose } = useStore.getState();
  if (host === undefined || !canChoose) return pickInBrowser();
  try {
    const offer = await host.request('trace.choose', null);
    if (offer !== null) await openOffer(offer);
  } catch (fault) {
    reportFault(fault);
  }
}

function pickInBrowser(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) void openFile(file);
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
