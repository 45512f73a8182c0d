import { Eye, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CaptureState } from '../../shared/ipc/capture-contract.ts';
import { writeClock } from '../../shared/view-model/write-clock.ts';
import { useStore } from '../state/store.ts';
import { writeBytes, writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { DiscardButton } from './discard-button.tsx';
import { stopRecording } from './run-capture.ts';
import { showCapture } from './show-capture.ts';

/** A recording is being made, or waits for somebody to allow it. */
export function RunningBar({ capture }: { readonly capture: CaptureState }) {
  const { state } = capture.progress;
  if (state === 'authorising') return <Waiting />;
  return (
    <div className="bar-line capture-running">
      <button
        type="button"
        className="button stop-button"
        title="Stop the recording (Shift+R)"
        disabled={state !== 'recording'}
        onClick={() => void stopRecording()}
      >
        <Square size={11} aria-hidden />
        {state === 'recording' ? 'Stop' : 'Stopping…'}
      </button>
      <CaptureFacts capture={capture} />
      <span className="spring" />
      <ShowIt capture={capture.capture} />
      <DiscardButton capture={capture} />
    </div>
  );
}

function Waiting() {
  const asks = useStore((state) => state.preflight?.asks);
  return (
    <div className="bar-line capture-running">
      <span className="record-light" aria-hidden />
      <strong role="status">Waiting for permission…</strong>
      <span className="quiet">
        {asks === 'terminal'
          ? 'The terminal below asks for the password.'
          : asks === 'desktop'
            ? 'Your desktop asks for the password.'
            : ''}
      </span>
      <span className="spring" />
      <button type="button" className="button button-small" onClick={() => void stopRecording()}>
        Cancel
      </button>
    </div>
  );
}

/** What is being recorded and how it goes, in numbers that change in place. */
function CaptureFacts({ capture: { progress, request } }: { readonly capture: CaptureState }) {
  const { rate, events, lost, erasures, bytes, waiting } = progress;
  return (
    <div className="capture-facts digits">
      <span className="record-light" aria-hidden />
      <strong>
        <span className="visually-hidden">Recording for </span>
        <Elapsed />
      </strong>
      <span>{writeCounted(events, 'event')}</span>
      <span className="quiet">{writeCount(rate)}/s</span>
      <span className={lost > 0 ? 'fact-bad' : 'quiet'}>{writeCount(lost)} lost</span>
      {erasures === 0 ? null : <span className="fact-bad">erased {writeCounted(erasures, 'time')}</span>}
      {waiting === 0 ? null : <span className="quiet">{writeCount(waiting)} in the kernel</span>}
      <span className="quiet">{writeBytes(bytes)} on disk</span>
      {request === undefined ? null : <span className="quiet ellipsis">{describeModules(request.modules)}</span>}
    </div>
  );
}

function describeModules({ which, names }: NonNullable<CaptureState['request']>['modules']): string {
  if (names.length === 0) return 'all modules';
  return `${which === 'only' ? 'only' : 'all but'} ${names.join(', ')}`;
}

/** Counts on between the news of the host. */
function Elapsed() {
  const milliseconds = useStore((state) => state.capture?.progress.milliseconds ?? 0);
  const heard = useStore((state) => state.captureHeard);
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return <>{writeClock(milliseconds + Math.max(0, now - heard))}</>;
}

/** The window shows something else than what is recorded. */
function ShowIt({ capture }: { readonly capture: number }) {
  const isShown = useStore((state) => state.recording?.capture === capture);
  if (isShown) return null;
  return (
    <button type="button" className="button button-small" onClick={() => void showCapture()}>
      <Eye size={13} aria-hidden />
      Show it
    </button>
  );
}
