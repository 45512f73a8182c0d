import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { useStore, wholeOf } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { writeDuration } from '../widgets/write-numbers.ts';
import { zoomWindow } from './move-window.ts';
import { Overview } from './overview.tsx';
import { TrackStack } from './track-stack.tsx';

/** The recording over time: all of it in the overview, the visible part as one track a module. */
export function TimelinePanel() {
  const { summary, bounds } = useRecording();
  const window = useStore((state) => state.window);
  const showWindow = useStore((state) => state.showWindow);
  return (
    <section className="panel panel-timeline" aria-labelledby="timeline-title">
      <header className="panel-head">
        <h2 id="timeline-title">Timeline</h2>
        <span className="quiet digits timeline-span">
          {writeDuration(summary.clock, window.to - window.from)} in view
        </span>
        <span className="spring" />
        <button
          type="button"
          className="icon-button"
          title="Zoom in (+)"
          aria-label="Zoom in"
          onClick={() => zoomWindow(2)}
        >
          <ZoomIn size={15} aria-hidden />
        </button>
        <button
          type="button"
          className="icon-button"
          title="Zoom out (−)"
          aria-label="Zoom out"
          onClick={() => zoomWindow(0.5)}
        >
          <ZoomOut size={15} aria-hidden />
        </button>
        <button
          type="button"
          className="icon-button"
          title="Show the whole recording (0)"
          aria-label="Show the whole recording"
          onClick={() => showWindow(wholeOf(bounds))}
        >
          <Maximize2 size={14} aria-hidden />
        </button>
      </header>
      <Overview />
      <TrackStack />
    </section>
  );
}
