import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { CaptureState } from '../../shared/ipc/capture-contract.ts';
import { writeBytes, writeCounted } from '../widgets/write-numbers.ts';
import { discardCapture } from './put-away.ts';

/** Deletes the recording, after a question that says what would be gone. */
export function DiscardButton({ capture }: { readonly capture: CaptureState }) {
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return (
      <button type="button" className="button button-small" onClick={() => setAsking(true)}>
        <Trash2 size={13} aria-hidden />
        Discard…
      </button>
    );
  }
  const { events, bytes } = capture.progress;
  const what = events > 0 ? `${writeCounted(events, 'event')}, ${writeBytes(bytes)}` : writeBytes(bytes);
  return (
    <fieldset className="discard-question">
      <legend className="visually-hidden">Discard the recording?</legend>
      <span>Delete this recording ({what}) for good?</span>
      {/* biome-ignore lint/a11y/noAutofocus: the question comes where the button was, and the safe answer is first */}
      <button type="button" className="button button-small" autoFocus onClick={() => setAsking(false)}>
        Keep it
      </button>
      <button type="button" className="button button-small button-danger" onClick={() => void discardCapture()}>
        Delete
      </button>
    </fieldset>
  );
}
