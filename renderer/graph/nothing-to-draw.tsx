import { Waypoints } from 'lucide-react';
import type { GraphPicture } from '../../shared/graph/holder-graph.ts';
import { writeCount } from '../widgets/write-numbers.ts';

interface NothingToDrawProps {
  readonly picture: GraphPicture;
  /** Whom the picture is about, as it can be shown. */
  readonly about: string | undefined;
  readonly instant: string;
  readonly isNow: boolean;
  readonly onShowEnded: (() => void) | undefined;
  /** Undefined while nothing is filtered. */
  readonly onClearFilter: (() => void) | undefined;
}

/** Why there is no graph to be seen, and what to do. */
export function NothingToDraw({ picture, about, instant, isNow, onShowEnded, onClearFilter }: NothingToDrawProps) {
  const isTooMuch = picture.hops === 0 && picture.notShown > 0;
  return (
    <div className="empty graph-empty">
      <Waypoints size={28} strokeWidth={1.5} aria-hidden />
      {isTooMuch ? (
        <>
          <p className="graph-empty-title">
            {writeCount(picture.notShown)} holders and modules are too many for one picture.
          </p>
          <p>Select a module to see what is around it.</p>
        </>
      ) : (
        <>
          <p className="graph-empty-title">
            {about === undefined ? 'No module is held' : `Nothing holds ${about}, and it holds nothing,`} {instant}
            {onClearFilter === undefined ? '' : ', as far as the filter shows'}.
          </p>
          <p>
            {picture.notShown > 0
              ? `${writeCount(picture.notShown)} other holders and modules are not connected with it.`
              : isNow
                ? 'What holds it later is shown as soon as it does.'
                : 'Move the cursor to a time when something does.'}
          </p>
          <div className="graph-empty-ways">
            {onShowEnded === undefined ? null : (
              <button type="button" className="button" onClick={onShowEnded}>
                Show what has ended
              </button>
            )}
            {onClearFilter === undefined ? null : (
              <button type="button" className="button" onClick={onClearFilter}>
                Clear the filter
              </button>
            )}
          </div>
        </>
      )}
    </div>
  );
}
