import { CircleHelp, Download, FolderOpen, Save, TriangleAlert } from 'lucide-react';
import { chooseBuffer } from '../open/choose-buffer.ts';
import { chooseAndOpen } from '../open/open-from.ts';
import { saveSession } from '../session/save-session.ts';
import { isInWorkspace } from '../state/present-slice.ts';
import { useStore } from '../state/store.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { BrandMark } from './brand-mark.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/** What is open, in one line, and how to open something else. */
export function TopBar() {
  const open = useStore((state) => state.recording !== undefined);
  const inWorkspace = useStore(isInWorkspace);
  const { showStart, showDialog } = useStore.getState();
  return (
    <header className="top-bar">
      <button
        type="button"
        className="brand"
        title={inWorkspace ? 'Back to the start screen' : 'ModShark'}
        onClick={showStart}
        disabled={!inWorkspace}
      >
        <BrandMark size={22} />
        ModShark
      </button>
      <button
        type="button"
        className="button"
        title="Open a recording or session (Ctrl+O)"
        onClick={() => void chooseAndOpen()}
      >
        <FolderOpen size={15} aria-hidden />
        Open…
      </button>
      {open ? (
        <>
          <IconButton name="Save the session" keys="Ctrl+S" onClick={() => void saveSession()}>
            <Save size={16} aria-hidden />
          </IconButton>
          <IconButton name="Export" keys="Ctrl+E" onClick={() => showDialog('export')}>
            <Download size={16} aria-hidden />
          </IconButton>
        </>
      ) : null}
      {open ? <RecordingFacts /> : <span className="spring" />}
      <ThemeSwitch />
      <IconButton name="Keys and gestures" keys="?" onClick={() => showDialog('help')}>
        <CircleHelp size={16} aria-hidden />
      </IconButton>
    </header>
  );
}

function RecordingFacts() {
  const onAbout = () => useStore.getState().showDialog('about');
  const summary = useStore((state) => state.recording?.summary);
  if (summary === undefined) return null;
  const { name, dialect, events, lostEvents, lostAtLeast, lines, notices, findings, buffers, buffer } = summary;
  const remarks = notices.length + findings.length;
  const lost = `${lostAtLeast ? 'at least ' : ''}${writeCount(lostEvents)} lost`;
  return (
    <div className="recording-facts">
      <strong className="recording-name ellipsis" title={visibleText(name)}>
        {visibleText(name)}
      </strong>
      <span className="fact quiet ellipsis recording-dialect" title={dialect}>
        {dialect.split(', ')[0]}
      </span>
      {buffers.length < 2 ? null : (
        <label className="fact buffer-choice">
          <span className="quiet">Buffer</span>
          <select value={buffer} onChange={(event) => void chooseBuffer(event.target.value)}>
            {buffers.map((one) => (
              <option key={one} value={one}>
                {one === '' ? 'top' : visibleText(one)}
              </option>
            ))}
          </select>
        </label>
      )}
      <span className="fact">{writeCounted(events, 'event')}</span>
      <span className={lostEvents > 0 || lostAtLeast ? 'fact fact-bad' : 'fact quiet'}>{lost}</span>
      {lines.rejected === 0 ? null : (
        <button type="button" className="link-button fact" onClick={onAbout}>
          {writeCounted(lines.rejected, 'rejected line')}
        </button>
      )}
      <button
        type="button"
        className={remarks === 0 ? 'link-button fact' : 'link-button fact fact-warn'}
        onClick={onAbout}
      >
        {remarks === 0 ? (
          'Details'
        ) : (
          <>
            <TriangleAlert size={13} aria-hidden />
            {writeCounted(remarks, 'remark')}
          </>
        )}
      </button>
    </div>
  );
}
