import { ArrowLeftToLine, ArrowRightToLine, Maximize2, ScanLine, ZoomIn, ZoomOut } from 'lucide-react';
import { stepInModule } from '../events/step-event.ts';
import { GrowthBar } from '../growth/growth-bar.tsx';
import { NoEvent } from '../growth/no-event.tsx';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { writeDuration } from '../widgets/write-numbers.ts';
import { MarkerFacts } from './marker-facts.tsx';
import { showWholeRecording, zoomWindow } from './move-window.ts';
import { Overview } from './overview.tsx';
import { TrackStack } from './track-stack.tsx';
import { TracksMenu } from './tracks-menu.tsx';
import { showHold } from './zoom-to.ts';

/** The recording over time: all of it in the overview, the visible part as one track a module. */
export function TimelinePanel() {
  const hold = useStore((state) => state.hold);
  const isEmpty = useStore((state) => state.recording?.summary.events === 0);
  return (
    <section className="panel panel-timeline" aria-labelledby="timeline-title">
      <header className="panel-head">
        <h2 id="timeline-title">Timeline</h2>
        {isEmpty ? null : <WindowSpan />}
        {isEmpty ? null : <GrowthBar />}
        <MarkerFacts />
        <span className="spring" />
        <TracksMenu />
        <IconButton name="Previous event of the module" keys="p" onClick={() => void stepInModule(-1)}>
          <ArrowLeftToLine size={14} aria-hidden />
        </IconButton>
        <IconButton name="Next event of the module" keys="n" onClick={() => void stepInModule(1)}>
          <ArrowRightToLine size={14} aria-hidden />
        </IconButton>
        <IconButton name="Zoom in" keys="+" onClick={() => zoomWindow(2)}>
          <ZoomIn size={15} aria-hidden />
        </IconButton>
        <IconButton name="Zoom out" keys="−" onClick={() => zoomWindow(0.5)}>
          <ZoomOut size={15} aria-hidden />
        </IconButton>
        <IconButton
          name="Zoom to the selected hold"
          keys="z"
          disabled={hold === undefined}
          onClick={() => void showHold()}
        >
          <ScanLine size={15} aria-hidden />
        </IconButton>
        <IconButton name="Show the whole recording" keys="0" onClick={showWholeRecording}>
          <Maximize2 size={14} aria-hidden />
        </IconButton>
      </header>
      {isEmpty ? (
        <NoEvent />
      ) : (
        <>
          <Overview />
          <TrackStack />
        </>
      )}
    </section>
  );
}

/** On its own, since it changes with every frame of a pan or zoom. */
function WindowSpan() {
  const { clock } = useRecording().summary;
  const { from, to } = useStore((state) => state.window);
  return <span className="quiet digits timeline-span">{writeDuration(clock, to - from)} in view</span>;
}
