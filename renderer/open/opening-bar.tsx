import { useStore } from '../state/store.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeBytes, writeCount } from '../widgets/write-numbers.ts';

/** How far an opening has come, and the way to stop it. */
export function OpeningBar() {
  const opening = useStore((state) => state.opening);
  if (opening === undefined) return null;
  const { name, totalBytes, bytes, lines, events, analysing, shown, cancel } = opening;
  const part = totalBytes === undefined ? undefined : Math.min(1, bytes / Math.max(1, totalBytes));
  const percent = part === undefined ? undefined : Math.floor(part * 100);
  return (
    <div className="opening" role="status">
      <progress
        className="opening-progress"
        aria-label={`Opening ${visibleText(name)}`}
        max={1}
        value={analysing ? undefined : part}
      />
      <strong className="ellipsis">
        {analysing ? 'Finding the holders in' : 'Opening'} {visibleText(name)}
      </strong>
      <span className="quiet digits opening-numbers">
        {writeBytes(bytes)}
        {totalBytes === undefined ? '' : ` of ${writeBytes(totalBytes)}`} · {writeCount(lines)} lines ·{' '}
        {writeCount(events)} events
        {percent === undefined || analysing ? '' : ` · ${percent} %`}
      </span>
      {shown ? null : (
        <button type="button" className="button" onClick={() => cancelOpening(cancel)}>
          Cancel
        </button>
      )}
    </div>
  );
}

function cancelOpening(cancel: () => void): void {
  cancel();
  useStore.getState().showOpening(undefined);
}
