import { Eye, FileDown } from 'lucide-react';
import type { CaptureEnded, CaptureState } from '../../shared/ipc/capture-contract.ts';
import { writeClock } from '../../shared/view-model/write-clock.ts';
import { useStore } from '../state/store.ts';
import { writeBytes, writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { DiscardButton } from './discard-button.tsx';
import { RecordButton } from './idle-bar.tsx';
import { saveCapture } from './put-away.ts';
import { showCapture } from './show-capture.ts';

/** A recording has ended: how, what it holds, and what becomes of it. */
export function EndedBar({ capture }: { readonly capture: CaptureState }) {
  const isShown = useStore((state) => state.recording?.capture === capture.capture || state.opening !== undefined);
  const { progress, ended, saved } = capture;
  const { events, lost, bytes, milliseconds } = progress;
  return (
    <div className="bar-line">
      <RecordButton />
      <div className="capture-facts digits">
        <strong role="status">{saved ? 'Saved' : ENDS[ended?.end ?? 'stopped']}</strong>
        {milliseconds === 0 ? null : <span>{writeClock(milliseconds)}</span>}
        {events === 0 ? null : (
          <span>
            {writeCounted(events, 'event')}
            {ended?.end === 'disk-failed' ? ', not all kept' : ''}
          </span>
        )}
        {lost === 0 ? null : <span className="fact-bad">{writeCount(lost)} lost</span>}
        <span className="quiet">{writeBytes(bytes)}</span>
      </div>
      <span className="spring" />
      {isShown ? null : (
        <button type="button" className="button button-small" onClick={() => void showCapture()}>
          <Eye size={13} aria-hidden />
          Show it
        </button>
      )}
      <button
        type="button"
        className={saved ? 'button button-small' : 'button button-small button-primary'}
        title="Save the recording as text"
        onClick={() => void saveCapture()}
      >
        <FileDown size={13} aria-hidden />
        {saved ? 'Save again…' : 'Save…'}
      </button>
      <DiscardButton capture={capture} />
    </div>
  );
}

const ENDS: Readonly<Record<CaptureEnded['end'], string>> = {
  stopped: 'Recorded, not saved yet',
  cancelled: 'Called off',
  dismissed: 'Not allowed',
  denied: 'Not allowed',
  'no-agent': 'Nobody to ask',
  'not-started': 'Not started',
  refused: 'Refused',
  failed: 'Ended early, not saved yet',
  killed: 'Broke off, not saved yet',
  garbled: 'Broke off, not saved yet',
  'disk-failed': 'Ended early: the disk',
};
