import { beginWork } from './activity.ts';
import type { RecordingEngine } from './recording-engine.ts';
import { reportFault } from './report-fault.ts';
import type { OpenRecording } from './store.ts';

/** Asks one thing, outside of what is always on the screen. Undefined when the recording was closed meanwhile. */
export async function askEngine<Answer>(
  { engine, closed }: OpenRecording,
  question: (engine: RecordingEngine) => Promise<Answer>,
): Promise<Answer | undefined> {
  const ended = beginWork();
  const gone = new Promise<undefined>((resolve) => {
    if (closed.aborted) resolve(undefined);
    else closed.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    return await Promise.race([question(engine), gone]);
  } catch (fault) {
    reportFault(fault);
    return undefined;
  } finally {
    ended();
  }
}
