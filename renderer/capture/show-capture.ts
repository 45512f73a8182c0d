import { readCapture } from '../connect/read-offered-trace.ts';
import { openGrowing } from '../open/open-growing.ts';
import { openSource } from '../open/open-source.ts';
import { takePlace } from '../open/take-place.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';

/** Shows the recording that the host makes, as it grows, or has made. */
export async function showCapture(): Promise<void> {
  const { capture: state, host } = useStore.getState();
  if (state === undefined || host === undefined) return;
  const { capture, name, ended } = state;
  const origin = { ticket: undefined, file: undefined, capture };
  const ask = () => readCapture(host, capture);
  if (ended !== undefined) {
    return openSource(name, origin, async () => {
      const trace = await ask();
      return trace.ok ? { ok: true, source: { name, content: trace.stream }, bytes: trace.bytes } : trace;
    });
  }
  const isWanted = takePlace();
  try {
    const trace = await ask();
    if (!isWanted()) return trace.ok ? trace.stream.cancel() : undefined;
    if (trace.ok) await openGrowing(name, origin, trace.stream, isWanted);
    else useStore.getState().sayOfCapture('bad', trace.problem);
  } catch (fault) {
    reportFault(fault);
  }
}
