import { FolderOpen } from 'lucide-react';
import { chooseFile } from '../open/open-from.ts';
import { useStore } from '../state/store.ts';
import { Dialog } from '../widgets/dialog.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { openForSession } from './open-session.ts';

/** Asks for the recording of a session that is being opened, where it is not known or not there any more. */
export function MissingRecording() {
  const wanted = useStore((state) => state.wanted);
  if (wanted === undefined) return null;
  const { session, path } = wanted;
  const { name, sha256 } = session.recording;
  const close = () => useStore.setState({ wanted: undefined });
  return (
    <Dialog title="Where is the recording?" onClose={close}>
      <p>
        The session is about <strong>{visibleText(name)}</strong>
        {path === undefined ? '.' : ', which was last at'}
      </p>
      {path === undefined ? null : <p className="mono session-path">{visibleText(path)}</p>}
      {sha256 === undefined ? null : <p className="quiet mono session-path">SHA-256 {sha256}</p>}
      <p className="quiet">
        Choose the file, or drop it on the window. Its content is compared with what the session says.
      </p>
      <div className="dialog-actions">
        <span className="spring" />
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button button-primary"
          onClick={() => void chooseFile((chosen) => openForSession(chosen))}
        >
          <FolderOpen size={14} aria-hidden />
          Choose the recording…
        </button>
      </div>
    </Dialog>
  );
}
