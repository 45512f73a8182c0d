import { ChevronDown, ChevronRight, EyeOff, Pin, PinOff } from 'lucide-react';
import { Fragment, type PointerEvent, useRef } from 'react';
import type { ModuleStanding } from '../../shared/analysis/accounting.ts';
import type { TrackPlace } from '../../shared/view-model/layout-tracks.ts';
import { IconButton } from '../widgets/icon-button.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCount } from '../widgets/write-numbers.ts';
import { hideTrack, pinTrack } from './arrange.ts';

interface TrackHeaderProps {
  readonly place: TrackPlace;
  /** How far it is indented. */
  readonly depth: number;
  readonly pinned: boolean;
  /** It is being dragged. */
  readonly moving: boolean;
  readonly standing: ModuleStanding | undefined;
  readonly selected: boolean;
  /** Undefined where the track has no more lanes to show. */
  readonly expanded: boolean | undefined;
  readonly onSelect: (module: string) => void;
  readonly onExpand: (module: string) => void;
  readonly onDrag: (module: string, clientY: number) => void;
  readonly onDrop: () => void;
  readonly onDragEnd: () => void;
}

/** What has to be moved before a press is a drag. */
const SLACK = 4;
const INDENT = 12;
const DEEPEST = 4;

/** The name of a track and how many references its module has at the cursor; dragged, it moves its track. */
export function TrackHeader(props: TrackHeaderProps) {
  const { place, depth, pinned, moving, standing, selected, expanded, onSelect, onExpand } = props;
  const name = visibleText(place.module);
  const drag = useTrackDrag(props);
  return (
    <div
      className={`track-header${selected ? ' track-header-selected' : ''}${moving ? ' track-header-moving' : ''}`}
      style={{ top: place.y, height: place.height }}
    >
      <button
        type="button"
        className="track-name"
        aria-pressed={selected}
        title={name}
        style={{ paddingLeft: 12 + INDENT * Math.min(depth, DEEPEST) }}
        {...drag}
        onClick={() => onSelect(place.module)}
      >
        {depth === 0 ? null : <span className="visually-hidden">beneath what it uses: </span>}
        <span className="track-name-text">
          <BreakableName name={name} />
        </span>
        <Count standing={standing} />
      </button>
      <span className={pinned ? 'track-tools track-tools-pinned' : 'track-tools'}>
        <IconButton
          name={`Pin ${name} on top`}
          title={pinned ? 'Unpin' : 'Pin on top'}
          pressed={pinned}
          small
          onClick={() => pinTrack(place.module)}
        >
          {pinned ? <PinOff size={12} aria-hidden /> : <Pin size={12} aria-hidden />}
        </IconButton>
        <IconButton name={`Hide ${name}`} title="Hide" small onClick={() => hideTrack(place.module)}>
          <EyeOff size={12} aria-hidden />
        </IconButton>
      </span>
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

/** Tells a drag from a click, which then selects nothing. */
function useTrackDrag({ place, onDrag, onDrop, onDragEnd }: TrackHeaderProps) {
  const startY = useRef<number | undefined>(undefined);
  const dragging = useRef(false);
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      dragging.current = false;
      if (event.button === 0) startY.current = event.clientY;
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (startY.current === undefined) return;
      if (!dragging.current && Math.abs(event.clientY - startY.current) < SLACK) return;
      if (!dragging.current) event.currentTarget.setPointerCapture(event.pointerId);
      dragging.current = true;
      onDrag(place.module, event.clientY);
    },
    onPointerUp: () => {
      startY.current = undefined;
      if (dragging.current) onDrop();
    },
    onPointerCancel: () => {
      startY.current = undefined;
      onDragEnd();
    },
    onPointerLeave: () => {
      if (!dragging.current) startY.current = undefined;
    },
    onClickCapture: (event: { stopPropagation(): void }) => {
      if (dragging.current) event.stopPropagation();
      dragging.current = false;
    },
  };
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
