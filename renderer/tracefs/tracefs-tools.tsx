import { RefreshCw } from 'lucide-react';
import { printTracefs } from '../../shared/tracefs/print-tracefs.ts';
import { useStore } from '../state/store.ts';
import { CopyButton } from '../widgets/copy-button.tsx';
import { IconButton } from '../widgets/icon-button.tsx';
import { readTracefs } from './read-tracefs.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** When it was looked at, and to look again. */
export function TracefsTools() {
  const seen = useStore((state) => state.tracefs);
  const reading = useStore((state) => state.tracefsReading);
  if (seen === undefined) return null;
  return (
    <>
      <span className="quiet digits">as of {clock.format(seen.at)}</span>
      <CopyButton text={printTracefs(seen.description)} label="Copy what tracefs says, as text" />
      <IconButton name="Look at tracefs again" title="Look again" disabled={reading} onClick={() => void readTracefs()}>
        <RefreshCw size={14} aria-hidden />
      </IconButton>
    </>
  );
}
