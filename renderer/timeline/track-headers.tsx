import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import { layoutTracks } from '../../shared/view-model/layout-tracks.ts';
import type { TrackPicture } from '../../shared/view-model/recording-view.ts';
import { TrackHeader } from './track-header.tsx';

interface TrackHeadersProps {
  readonly pictures: readonly TrackPicture[];
  readonly top: number;
  readonly height: number;
  readonly standings: readonly ModuleStanding[] | undefined;
  readonly selected: string | undefined;
  readonly expanded: ReadonlySet<string>;
  readonly onSelect: (module: string) => void;
  readonly onExpand: (module: string) => void;
}

/** The names of the tracks that are in view, each beside its track. */
export function TrackHeaders({
  pictures,
  top,
  height,
  standings,
  selected,
  expanded,
  onSelect,
  onExpand,
}: TrackHeadersProps) {
  const byName = new Map(standings?.map((standing) => [standing.module, standing]));
  return layoutTracks(pictures).map((place, index) => {
    if (place.y + place.height < top - 40 || place.y > top + height + 40) return null;
    const isExpanded = expanded.has(place.module);
    return (
      <TrackHeader
        key={place.module}
        place={place}
        standing={byName.get(place.module)}
        selected={place.module === selected}
        expanded={isExpanded || pictures[index]!.hiddenHolds > 0 ? isExpanded : undefined}
        onSelect={onSelect}
        onExpand={onExpand}
      />
    );
  });
}
