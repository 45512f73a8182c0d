import { type MouseEvent, type UIEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { commandAt } from '../../shared/view-model/draw-commands.ts';
import { noteAt, roomOfNotes } from '../../shared/view-model/draw-marks.ts';
import type { TrackScene } from '../../shared/view-model/draw-tracks.ts';
import { hitTest, type TrackHit } from '../../shared/view-model/hit-test.ts';
import {
  countStuck,
  layoutTracks,
  RULER_HEIGHT,
  stackHeight,
  stuckHeight,
} from '../../shared/view-model/layout-tracks.ts';
import type { RecordedCommand } from '../../shared/view-model/recorded-command.ts';
import { xToTime } from '../../shared/view-model/time-scale.ts';
import { NothingPasses } from '../filter/nothing-passes.tsx';
import { usePassingModules } from '../filter/use-passing-modules.ts';
import { NoteEditor } from '../notes/note-editor.tsx';
import { useVisibleNotes } from '../notes/use-visible-notes.ts';
import { useHitMarks } from '../search/use-hit-marks.ts';
import { askEngine } from '../state/ask-engine.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { useCommandMarks, useRecordedCommands } from '../terminal/use-recorded-commands.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { measureText } from './measure-text.ts';
import { selectSpan } from './select-span.ts';
import { TimeMenu } from './time-menu.tsx';
import { TimelineInWords } from './timeline-in-words.tsx';
import { TrackHeaders } from './track-headers.tsx';
import { TrackTooltip } from './track-tooltip.tsx';
import { useElementSize } from './use-element-size.ts';
import { useGlidingWindow } from './use-gliding-window.ts';
import { useHeaderPlaces } from './use-header-places.ts';
import { useTrackCanvas } from './use-track-canvas.ts';
import { useTrackGestures } from './use-track-gestures.ts';
import { useTrackList } from './use-track-list.ts';
import { useTrackPictures } from './use-track-pictures.ts';

/** Width of the tracks' names. */
const GUTTER = 164;

interface Hover {
  readonly x: number;
  readonly y: number;
  readonly hit: TrackHit;
  /** Of the terminal, in the ruler. */
  readonly command: RecordedCommand | undefined;
}

/** The visible part of every module's refcount and holds: names in HTML, everything else on one canvas. */
export function TrackStack() {
  const recording = useRecording();
  const { id, engine, summary, bounds } = recording;
  const window = useGlidingWindow();
  const cursor = useStore((state) => state.cursor);
  const module = useStore((state) => state.module);
  const hold = useStore((state) => state.hold);
  const markers = useStore((state) => state.markers);
  const notes = useVisibleNotes();
  const recordedCommands = useRecordedCommands();
  const commands = useCommandMarks();
  const { showWindow, moveCursor, selectModule, selectEvent, openNote } = useStore.getState();
  const [area, size] = useElementSize<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement | null>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number; readonly time: number } | undefined>(
    undefined,
  );
  const [hover, setHover] = useState<Hover | undefined>(undefined);

  const { tracks } = useTrackList();
  const passing = usePassingModules();
  const shown = useMemo(
    () => (passing === undefined ? tracks : tracks.filter(({ module: one }) => passing.has(one.module))),
    [tracks, passing],
  );
  const hits = useHitMarks(size.width);
  const pictures = useTrackPictures(shown, { ...size, scrollTop }, expanded);
  const places = useHeaderPlaces(pictures);
  const stuck = countStuck(places, shown.filter(({ pinned }) => pinned).length, size.height);
  const standings = useLatestAnswer(`${id} ${cursor}`, () => engine.modulesAt(cursor));
  const selectedHolds = useMemo(() => new Set(hold === undefined ? [] : [hold]), [hold]);
  const hoveredHold = hover?.hit.span?.hold;
  const scene = useMemo<TrackScene>(
    () => ({
      scale: { ...window, width: size.width },
      height: size.height,
      scrollTop,
      stuck,
      clock: summary.clock,
      refcounts: summary.refcounts,
      tracks: pictures,
      cursor,
      selectedModule: module,
      hoveredHold,
      selectedHolds,
      measureText,
      markers,
      notes,
      commands,
      ...(hits === undefined ? {} : { hits }),
    }),
    [
      window,
      size,
      scrollTop,
      stuck,
      summary,
      pictures,
      cursor,
      module,
      hoveredHold,
      selectedHolds,
      markers,
      notes,
      commands,
      hits,
    ],
  );
  const canvas = useTrackCanvas(scene);
  const latest = useRef(scene);
  latest.current = scene;
  const latestCommands = useRef(recordedCommands);
  latestCommands.current = recordedCommands;

  const press = (x: number, y: number) => {
    const note = useStore.getState().notes[noteAt(latest.current, x, y)];
    if (note !== undefined) {
      moveCursor(note.time);
      return openNote(note.id);
    }
    const hit = hitTest(latest.current, x, y);
    const { span } = hit;
    if (span !== undefined && span.hold >= 0 && hit.module !== undefined)
      return void selectSpan(hit.module, span, hit.time);
    if (hit.row !== undefined) return void selectRow(hit.row);
    moveCursor(hit.time);
    if (hit.module !== undefined) selectModule(hit.module);
  };
  const selectRow = async (row: number) => {
    const found = await askEngine(recording, (asked) => asked.eventRows({ text: '', modules: [] }, row, 1));
    if (found?.[0] !== undefined) selectEvent(found[0]);
  };
  const marked = useTrackGestures(area, {
    scale: () => ({ ...useStore.getState().window, width: latest.current.scale.width }),
    bounds,
    showWindow,
    scrollBy: (distance) => scroller.current?.scrollBy(0, distance),
    press,
    hover: (x, y) => {
      const command = commandAt(latest.current, roomOfNotes(latest.current), x, y);
      setHover({ x, y, hit: hitTest(latest.current, x, y), command: latestCommands.current[command] });
    },
    leave: () => setHover(undefined),
  });

  // A track that is selected elsewhere comes into view.
  useEffect(() => {
    const all = layoutTracks(latest.current.tracks);
    const index = all.findIndex((track) => track.module === module);
    const kept = latest.current.stuck ?? 0;
    const box = scroller.current;
    const place = all[index];
    // Those that stay are in view already.
    if (place === undefined || box === null || index < kept) return;
    const top = place.y - stuckHeight(all, kept);
    if (top < box.scrollTop) box.scrollTop = top;
    else if (place.y + place.height > box.scrollTop + box.clientHeight)
      box.scrollTop = Math.min(top, place.y + place.height - box.clientHeight);
  }, [module]);

  const expand = useCallback((track: string) => {
    setExpanded((old) => {
      const next = new Set(old);
      if (!next.delete(track)) next.add(track);
      return next;
    });
  }, []);

  const cursorName = describeHover(hover);
  return (
    <div
      className="track-area"
      style={{ ['--gutter' as string]: `${GUTTER}px`, ['--ruler' as string]: `${RULER_HEIGHT}px` }}
    >
      <div
        ref={scroller}
        className="track-scroller"
        onScroll={(event: UIEvent<HTMLDivElement>) => setScrollTop(event.currentTarget.scrollTop)}
      >
        <div className="track-stack" style={{ height: stackHeight(pictures) }}>
          <TrackHeaders
            tracks={shown}
            places={places}
            stuck={stuck}
            scroller={scroller}
            top={scrollTop}
            height={size.height}
            standings={standings}
            selected={module}
            expanded={expanded}
            onSelect={selectModule}
            onExpand={expand}
          />
        </div>
      </div>
      <div
        ref={area}
        className={
          hover?.hit.span !== undefined || hover?.hit.row !== undefined
            ? 'track-canvas track-canvas-hot'
            : 'track-canvas'
        }
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the timeline work here
        tabIndex={0}
        role="img"
        onDoubleClick={(event) => {
          const { x, y } = placeIn(event);
          if (y < RULER_HEIGHT) openNote(undefined, xToTime(latest.current.scale, x));
        }}
        onContextMenu={(event) => {
          event.preventDefault();
          const { x, y } = placeIn(event);
          setMenu({ x, y, time: xToTime(latest.current.scale, x) });
        }}
        aria-label={`Timeline of ${writeCounted(pictures.length, 'module')}: references and holds over time. Arrow keys pan, plus and minus zoom, n and p go from event to event, m writes a note, Shift with A or B sets a marker.`}
      >
        <canvas ref={canvas} style={{ width: size.width, height: size.height }} aria-hidden />
        {marked === undefined ? null : (
          <div className="track-marked" style={{ left: marked.from, width: marked.to - marked.from }} />
        )}
      </div>
      {summary.modules.length === 0 ? <p className="empty track-none">No module has an event.</p> : null}
      {summary.modules.length > 0 && passing?.size === 0 ? (
        <NothingPasses what="No module has an event that passes this filter." />
      ) : null}
      <TimelineInWords pictures={pictures} window={window} clock={summary.clock} />
      <NoteEditor scale={scene.scale} left={GUTTER} />
      {menu === undefined ? null : <TimeMenu {...menu} left={GUTTER} onClose={() => setMenu(undefined)} />}
      <div className="track-corner">{summary.clock.unit === 'ticks' ? 'ticks' : 'seconds'}</div>
      {hover === undefined || cursorName === undefined ? null : (
        <TrackTooltip
          key={cursorName}
          hit={hover.hit}
          command={hover.command}
          x={hover.x + GUTTER}
          y={hover.y}
          within={{ width: size.width + GUTTER, height: size.height }}
        />
      )}
    </div>
  );
}

function placeIn(event: MouseEvent<HTMLElement>): { readonly x: number; readonly y: number } {
  const box = event.currentTarget.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

/** Names what is hovered, or nothing where a tooltip would say nothing. */
function describeHover(hover: Hover | undefined): string | undefined {
  if (hover === undefined) return undefined;
  const { span, row, lost, module } = hover.hit;
  if (hover.command !== undefined) return `command ${hover.command.from}`;
  if (span !== undefined) return `span ${span.hold} ${span.start}`;
  if (row !== undefined) return `row ${row}`;
  return lost === undefined ? undefined : `lost ${visibleText(module ?? '')} ${lost.x0}`;
}
