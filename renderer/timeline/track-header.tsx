import { ChevronDown, ChevronRight } from 'lucide-react';
import { Fragment } from 'react';
import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import type { TrackPlace } from '../../shared/view-model/layout-tracks.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCount } from '../widgets/write-numbers.ts';

interface TrackHeaderProps {
  readonly place: TrackPlace;
  readonly standing: ModuleStanding | undefined;
  readonly selected: boolean;
  /** Undefined where the track has no more lanes to show. */
  readonly expanded: boolean | undefined;
  readonly onSelect: (module: string) => void;
  readonly onExpand: (module: string) => void;
}

/** The name of a track and how many references its module has at the cursor. */
export function TrackHeader({ place, standing, selected, expanded, onSelect, onExpand }: TrackHeaderProps) {
  const name = visibleText(place.module);
  return (
    <div
      className={selected ? 'track-header track-header-selected' : 'track-header'}
      style={{ top: place.y, height: place.height }}
    >
      <button
        type="button"
        className="track-name"
        aria-pressed={selected}
        title={name}
        onClick={() => onSelect(place.module)}
      >
        <span className="track-name-text">
          <BreakableName name={name} />
        </span>
        <Count standing={standing} />
      </button>
      {expanded === undefined ? null : (
        <button type="button" className="track-expand" aria-expanded={expanded} onClick={() => onExpand(place.module)}>
          {expanded ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
          {expanded ? 'Fewer lanes' : 'All lanes'}
          <span className="visually-hidden"> of {name}</span>
        </button>
      )}
    </div>
  );
}

/** A long name breaks behind its underscores, as a person would break it. */
function BreakableName({ name }: { readonly name: string }) {
  return name.split(/(?<=_)/).map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name never move
    <Fragment key={i}>
      {i === 0 ? null : <wbr />}
      {part}
    </Fragment>
  ));
}

function Count({ standing }: { readonly standing: ModuleStanding | undefined }) {
  if (standing === undefined) return null;
  if (standing.state === 'absent') return <span className="track-count track-count-none">not loaded</span>;
  if (standing.lsmod === undefined) return <span className="track-count track-count-none">unknown</span>;
  return (
    <span className={standing.lsmod === 0 ? 'track-count track-count-none' : 'track-count'}>
      {writeCount(standing.lsmod)}
      <span className="visually-hidden"> references at the cursor</span>
    </span>
  );
}
