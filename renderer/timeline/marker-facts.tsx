import { Scan, X } from 'lucide-react';
import { printTime } from '../../shared/event-table/clock.ts';
import { printSpan } from '../../shared/view-model/print-span.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { showMarked } from './zoom-to.ts';

/** Where A and B stand and how far apart, while there are any. */
export function MarkerFacts() {
  const { clock } = useRecording().summary;
  const { a, b } = useStore((state) => state.markers);
  const clearMarkers = useStore((state) => state.clearMarkers);
  if (a === undefined && b === undefined) return null;
  const both = a !== undefined && b !== undefined;
  const places = [
    ...(a === undefined ? [] : [`A ${printTime(clock, a)}`]),
    ...(b === undefined ? [] : [`B ${printTime(clock, b)}`]),
  ].join(', ');
  return (
    <span className="marker-facts" role="status" title={places}>
      <span className="visually-hidden">{places}. </span>
      <strong>{both ? 'A–B' : a === undefined ? 'B' : 'A'}</strong>
      <span className="digits">{both ? printSpan(clock, b - a) : printTime(clock, a ?? b ?? 0)}</span>
      {both && a !== b ? (
        <IconButton name="Zoom to A–B" keys="x" small onClick={showMarked}>
          <Scan size={13} aria-hidden />
        </IconButton>
      ) : null}
      <IconButton name="Clear markers A and B" keys="Shift+X" small onClick={clearMarkers}>
        <X size={13} aria-hidden />
      </IconButton>
    </span>
  );
}
