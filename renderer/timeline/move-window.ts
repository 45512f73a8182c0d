import { panBy, timeToX, zoomAt } from '../../shared/view-model/time-scale.ts';
import { useStore, wholeOf } from '../state/store.ts';

/** Zooms around the cursor where it is in view, else around the middle; a factor above 1 shows less time. */
export function zoomWindow(factor: number): void {
  const { recording, window, cursor, showWindow } = useStore.getState();
  if (recording === undefined) return;
  const scale = { ...window, width: 1 };
  const at = timeToX(scale, cursor);
  showWindow(zoomAt(scale, at >= 0 && at <= 1 ? at : 0.5, factor, recording.bounds));
}

/** Moves the window by a part of its width; positive shows later times. */
export function panWindow(part: number): void {
  const { recording, window, showWindow } = useStore.getState();
  if (recording !== undefined) showWindow(panBy({ ...window, width: 1 }, part, recording.bounds));
}

/** Moves the window to the start or the end of the recording, as wide as it is. */
export function panToEdge(edge: 'start' | 'end'): void {
  const { recording, window, showWindow } = useStore.getState();
  if (recording === undefined) return;
  const { bounds } = recording;
  const span = window.to - window.from;
  showWindow(
    edge === 'start' ? { from: bounds.start, to: bounds.start + span } : { from: bounds.end - span, to: bounds.end },
  );
}

/** Zooms out all the way. */
export function showWholeRecording(): void {
  const { recording, showWindow } = useStore.getState();
  if (recording !== undefined) showWindow(wholeOf(recording.bounds));
}
