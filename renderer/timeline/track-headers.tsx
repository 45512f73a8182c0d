import { type RefObject, useState } from 'react';
import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import { layoutTracks } from '../../shared/view-model/layout-tracks.ts';
import type { TrackPicture } from '../../shared/view-model/recording-view.ts';
import { placeTrack } from './arrange.ts';
import type { ArrangedTrack } from './arrange-tracks.ts';
import { TrackHeader } from './track-header.tsx';

interface TrackHeadersProps {
  readonly tracks: readonly ArrangedTrack[];
  readonly pictures: readonly TrackPicture[];
  readonly scroller: RefObject<HTMLElement | null>;
  readonly top: number;
  readonly height: number;
  readonly standings: readonly ModuleStanding[] | undefined;
  readonly selected: string | undefined;
  readonly expanded: ReadonlySet<string>;
  readonly onSelect: (module: string) => void;
  readonly onExpand: (module: string) => void;
}

/** Where a track that is being dragged would come to stand. */
interface Landing {
  readonly module: string;
  readonly other: string;
  readonly behind: boolean;
  readonly y: number;
}

/** The names of the tracks that are in view, each beside its track; dragged up and down they change places. */
export function TrackHeaders(props: TrackHeadersProps) {
  const { tracks, pictures, scroller, top, height, standings, selected, expanded, onSelect, onExpand } = props;
  const [landing, setLanding] = useState<Landing | undefined>(undefined);
  const byName = new Map(standings?.map((standing) => [standing.module, standing]));
  const places = layoutTracks(pictures);

  const drag = (module: string, clientY: number) => {
    const box = scroller.current;
    if (box === null) return;
    const y = clientY - box.getBoundingClientRect().top + box.scrollTop;
    const peers = places.filter(
      (_, i) => tracks[i]?.pinned === tracks.find((one) => one.module.module === module)?.pinned,
    );
    const over = peers.find((place) => y < place.y + place.height) ?? peers.at(-1);
    if (over === undefined) return;
    const behind = y > over.y + over.height / 2;
    setLanding({ module, other: over.module, behind, y: behind ? over.y + over.height : over.y });
  };
  const drop = () => {
    if (landing !== undefined) placeTrack(landing.module, landing.other, landing.behind);
    setLanding(undefined);
  };
  return (
    <>
      {places.map((place, index) => {
        if (place.y + place.height < top - 40 || place.y > top + height + 40) return null;
        const isExpanded = expanded.has(place.module);
        return (
          <TrackHeader
            key={place.module}
            place={place}
            depth={tracks[index]?.depth ?? 0}
            pinned={tracks[index]?.pinned ?? false}
            moving={landing?.module === place.module}
            standing={byName.get(place.module)}
            selected={place.module === selected}
            expanded={isExpanded || pictures[index]!.hiddenHolds > 0 ? isExpanded : undefined}
            onSelect={onSelect}
            onExpand={onExpand}
            onDrag={drag}
            onDrop={drop}
            onDragEnd={() => setLanding(undefined)}
          />
        );
      })}
      {landing === undefined ? null : <div className="track-landing" style={{ top: landing.y }} />}
    </>
  );
}
