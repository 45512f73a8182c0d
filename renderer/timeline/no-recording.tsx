import { ChartGantt, Circle, FolderOpen } from 'lucide-react';
import { startRecording } from '../capture/run-capture.ts';
import { chooseAndOpen } from '../open/open-from.ts';
import { useStore } from '../state/store.ts';

/** The place of the timeline while there is no recording: what one would add, and how to come by it. */
export function NoRecording() {
  const hasHost = useStore((state) => state.host !== undefined);
  return (
    <section className="panel panel-timeline" aria-labelledby="timeline-title">
      <header className="panel-head">
        <h2 id="timeline-title">Timeline</h2>
        <span className="quiet">no recording</span>
      </header>
      <div className="no-recording">
        <ChartGantt size={36} strokeWidth={1.4} aria-hidden />
        <h3>A recording shows when, and by whom</h3>
        <p>
          What holds a module now stands on both sides. A recording adds every reference that is taken and given back
          while it runs: at what time, by which task, at which call site, and what was loaded and unloaded.
        </p>
        <p>A reference that nothing explains is best caught so: unload the module, record, and load it again.</p>
        <div className="no-recording-ways">
          {hasHost ? (
            <button type="button" className="button button-primary" onClick={() => void startRecording()}>
              <Circle size={12} fill="currentColor" aria-hidden />
              Record
            </button>
          ) : null}
          <button type="button" className="button" onClick={() => void chooseAndOpen()}>
            <FolderOpen size={15} aria-hidden />
            Open a recording…
          </button>
        </div>
      </div>
    </section>
  );
}
