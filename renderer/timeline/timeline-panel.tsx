import { ArrowLeftToLine, ArrowRightToLine, Maximize2, ScanLine, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { stepInModule } from '../events/step-event.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { writeDuration } from '../widgets/write-numbers.ts';
import { MarkerFacts } from './marker-facts.tsx';
import { showWholeRecording, zoomWindow } from './move-window.ts';
import { Overview } from './overview.tsx';
import { TrackStack } from './track-stack.tsx';
import { TracksMenu } from './tracks-menu.tsx';
import { showHold } from './zoom-to.ts';

/** The recording over time: all of it in the overview, the visible part as one track a module. */
export function TimelinePanel() {
  const { summary } = useRecording();
  const window = useStore((state) => state.window);
  const hold = useStore((state) => state.hold);
  return (
    <section className="panel panel-timeline" aria-labelledby="timeline-title">
      <header className="panel-head">
        <h2 id="timeline-title">Timeline</h2>
        <span className="quiet digits timeline-span">
          {writeDuration(summary.clock, window.to - window.from)} in view
        </span>
        <MarkerFacts />
        <span className="spring" />
        <TracksMenu />
        <Tool name="Previous event of the module" keys="p" onClick={() => void stepInModule(-1)}>
          <ArrowLeftToLine size={14} aria-hidden />
        </Tool>
        <Tool name="Next event of the module" keys="n" onClick={() => void stepInModule(1)}>
          <ArrowRightToLine size={14} aria-hidden />
        </Tool>
        <Tool name="Zoom in" keys="+" onClick={() => zoomWindow(2)}>
          <ZoomIn size={15} aria-hidden />
        </Tool>
        <Tool name="Zoom out" keys="−" onClick={() => zoomWindow(0.5)}>
          <ZoomOut size={15} aria-hidden />
        </Tool>
        <Tool name="Zoom to the selected hold" keys="z" disabled={hold === undefined} onClick={() => void showHold()}>
          <ScanLine size={15} aria-hidden />
        </Tool>
        <Tool name="Show the whole recording" keys="0" onClick={showWholeRecording}>
          <Maximize2 size={14} aria-hidden />
        </Tool>
      </header>
      <Overview />
      <TrackStack />
    </section>
  );
}

interface ToolProps {
  readonly name: string;
  readonly keys: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Tool({ name, keys, disabled = false, onClick, children }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-button"
      title={`${name} (${keys})`}
      aria-label={name}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
