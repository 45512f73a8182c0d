import { memo, type RefObject, useState } from 'react';
import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import { stuckHeight } from '../../shared/view-model/layout-tracks.ts';
import { placeTrack } from './arrange.ts';
import type { ArrangedTrack } from './arrange-tracks.ts';
import { TrackHeader } from './track-header.tsx';
import type { HeaderPlace } from './use-header-places.ts';

interface TrackHeadersProps {
  readonly tracks: readonly ArrangedTrack[];
  readonly places: readonly HeaderPlace[];
  /** How many of the first stay while the others scroll. */
  readonly stuck: number;
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
export const TrackHeaders = memo(function TrackHeaders(props: TrackHeadersProps) {
  const { tracks, places, stuck, scroller, top, height, standings, selected, expanded, onSelect, onExpand } = props;
  const [landing, setLanding] = useState<Landing | undefined>(undefined);
  const byName = new Map(standings?.map((standing) => [standing.module, standing]));

  const drag = (module: string, clientY: number) => {
    const box = scroller.current;
    if (box === null) return;
    const seen = clientY - box.getBoundingClientRect().top;
    const y = seen < stuckHeight(places, stuck) ? seen : seen + box.scrollTop;
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
  const header = (place: HeaderPlace, index: number) => {
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
        expanded={isExpanded || place.overflows ? isExpanded : undefined}
        onSelect={onSelect}
        onExpand={onExpand}
        onDrag={drag}
        onDrop={drop}
        onDragEnd={() => setLanding(undefined)}
      />
    );
  };
  const isInView = ({ y, height: own }: HeaderPlace) => y + own >= top - 40 && y <= top + height + 40;
  return (
    <>
      {stuck === 0 ? null : (
        <div className={top > 0 ? 'track-stuck track-stuck-over' : 'track-stuck'}>
          <div className="track-stuck-ground" style={{ height: stuckHeight(places, stuck) }} />
          {places.slice(0, stuck).map(header)}
        </div>
      )}
      {places.map((place, index) => (index < stuck || !isInView(place) ? null : header(place, index)))}
      {landing === undefined ? null : <div className="track-landing" style={{ top: landing.y }} />}
    </>
  );
});
