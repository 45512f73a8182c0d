import type { Problem } from '../../shared/problem.ts';
import { identifyRecording } from '../session/identify-recording.ts';
import { beginWork } from '../state/activity.ts';
import { reportFault } from '../state/report-fault.ts';
import { useStore } from '../state/store.ts';
import { describeJob, type ExportChoice } from './export-choice.ts';
import { rasteriseSvg } from './rasterise-svg.ts';

export type MadeExport =
  | { readonly kind: 'made'; readonly content: Blob }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'stopped' };

/** Makes the file that was chosen. */
export async function runExport(
  choice: ExportChoice,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<MadeExport> {
  const { recording } = useStore.getState();
  if (recording === undefined) return { kind: 'stopped' };
  const ended = beginWork();
  const gone = new Promise<undefined>((resolve) => {
    recording.closed.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    const sha256 = choice.kind === 'report' ? (await identifyRecording(recording)).sha256 : undefined;
    const filter = { text: useStore.getState().filterText, modules: [] };
    const passing = await Promise.race([recording.engine.modulesPassing(filter), gone]);
    const job = describeJob(choice, useStore.getState(), { width: widthOfTracks(), sha256, passing });
    const content = await Promise.race([recording.makeExport(job, onProgress, signal), gone]);
    if (content === undefined || signal.aborted) return { kind: 'stopped' };
    if (choice.form !== 'png') return { kind: 'made', content };
    const picture = await rasteriseSvg(content);
    return picture.ok ? { kind: 'made', content: picture.png } : { kind: 'failed', problem: picture.problem };
  } catch (fault) {
    reportFault(fault);
    return { kind: 'stopped' };
  } finally {
    ended();
  }
}

/** As wide as they are on the screen, so that the picture shows as much. */
function widthOfTracks(): number {
  return document.querySelector('.track-canvas')?.clientWidth ?? 1024;
}
