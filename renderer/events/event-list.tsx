import { type CSSProperties, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { EventRow as Event, EventFilter } from '../../shared/view-model/recording-view.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { Splitter } from '../widgets/splitter.tsx';
import { useRowWindow } from '../widgets/use-row-window.ts';
import { columnFacts } from './event-columns.ts';
import { EventRow, FrameRow } from './event-row.tsx';
import { selectListed } from './select-listed.ts';
import { countRows, type OpenStack, placeOf, rowAt, toggleStack } from './stack-rows.ts';
import { stepEvent } from './step-event.ts';
import { NARROWEST, useColumnWidths, WIDEST_CHOSEN } from './use-column-widths.ts';
import { useCopyRows } from './use-copy-rows.ts';
import { useCursorPlace, useEventBlock, useHitRows } from './use-event-block.ts';
import { useShownColumns } from './use-shown-columns.ts';

const ROW = 24;
const HEAD = 26;
const NO_STACKS: readonly OpenStack[] = [];

/** Every event that passes the filter; only those in view exist. It follows the cursor. */
export function EventList({ filter, count }: { readonly filter: EventFilter; readonly count: number }) {
  const { id, summary } = useRecording();
  const row = useStore((state) => state.row);
  const hold = useStore((state) => state.hold);
  const columns = useShownColumns();
  const filterKey = JSON.stringify([id, filter.text, filter.modules]);
  // Stacks and the other end of a selection are places in one filtered list.
  const [opened, setOpened] = useState({ filterKey, stacks: NO_STACKS });
  const [ended, setAnchor] = useState({ filterKey, anchor: undefined as number | undefined });
  const stacks = opened.filterKey === filterKey ? opened.stacks : NO_STACKS;
  const anchor = ended.filterKey === filterKey ? ended.anchor : undefined;

  const rows = useRowWindow(countRows(count, stacks), ROW, HEAD);
  const shown = Array.from({ length: rows.count }, (_, i) => rowAt(stacks, rows.first + i));
  const block = useEventBlock(filter, count, shown[0]?.index ?? 0, shown[shown.length - 1]?.index ?? -1);
  const hits = useHitRows(block);
  const widths = useColumnWidths(String(id), columns, block?.events, summary.clock);
  const eventAt = (index: number): Event | undefined => block?.events[index - block.from];

  const place = useCursorPlace(filter);
  const exact = row === undefined || block === undefined ? -1 : block.events.findIndex((event) => event.row === row);
  const active = exact >= 0 && block !== undefined ? block.from + exact : place?.index;
  const range = {
    from: Math.min(anchor ?? active ?? 0, active ?? 0),
    to: Math.max(anchor ?? active ?? -1, active ?? -1),
  };

  const { reveal, rowsInView } = rows;
  const toReveal = useRef<number | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the cursor, and does not undo a scroll
  useEffect(() => {
    if (active !== undefined) reveal(placeOf(stacks, active), 'centre');
  }, [place, row, reveal]);

  const latest = useRef({ stacks, anchor, active });
  latest.current = { stacks, anchor, active };
  const onSelect = useCallback(
    (event: Event, _: number, extend: boolean) => {
      const { anchor: from, active: at } = latest.current;
      setAnchor({ filterKey, anchor: extend ? (from ?? at) : undefined });
      void selectListed(event);
    },
    [filterKey],
  );
  const onToggleStack = useCallback(
    (event: Event, index: number) => {
      const next = toggleStack(latest.current.stacks, { index, frames: event.stack });
      setOpened({ filterKey, stacks: next });
      toReveal.current = next.some((stack) => stack.index === index) ? index : undefined;
    },
    [filterKey],
  );
  // A stack that was just opened comes into view as far as its event stays there.
  useEffect(() => {
    const index = toReveal.current;
    toReveal.current = undefined;
    const stack = stacks.find((one) => one.index === index);
    if (stack === undefined) return;
    reveal(placeOf(stacks, stack.index) + Math.min(stack.frames.length, rowsInView - 1));
  }, [stacks, reveal, rowsInView]);
  const copying = useCopyRows(filter, columns, stacks);

  const onKeyDown = (event: KeyboardEvent) => {
    // With Alt they move the track.
    if (event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    const page = rowsInView;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count }[event.key];
    const selected = active === undefined ? undefined : eventAt(active);
    if (control && event.key === 'c' && getSelection()?.isCollapsed !== false) void copying.copy(range.from, range.to);
    else if (control && event.key === 'a') {
      setAnchor({ filterKey, anchor: 0 });
      void stepEvent(filter, count);
    } else if (control || event.altKey) return;
    else if (event.key === 'Enter' && active !== undefined) {
      if (selected !== undefined && selected.stack.length > 0) onToggleStack(selected, active);
    } else if (by !== undefined) {
      setAnchor({ filterKey, anchor: event.shiftKey ? (anchor ?? active) : undefined });
      void stepEvent(filter, by);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const isActiveInView = active !== undefined && eventAt(active) !== undefined;
  return (
    <>
      <div
        ref={rows.scroller}
        role="grid"
        className="row-scroller events-grid"
        style={{ '--event-columns': widths.template } as CSSProperties}
        tabIndex={0}
        aria-label="Events"
        aria-multiselectable
        aria-rowcount={countRows(count, stacks) + 1}
        aria-activedescendant={isActiveInView ? `event-${active}` : undefined}
        onKeyDown={onKeyDown}
        onWheel={({ deltaY }) => {
          if (deltaY < 0) useStore.getState().stopFollowing();
        }}
        onMouseDown={(event) => {
          if (isOnScrollBar(event.currentTarget, event.clientX)) useStore.getState().stopFollowing();
          if (!event.shiftKey) return;
          // Shift means rows here, where the browser would select letters.
          event.preventDefault();
          event.currentTarget.focus({ preventScroll: true });
        }}
      >
        <div role="row" className="event-row event-heads" aria-rowindex={1} style={{ minWidth: widths.total }}>
          {columns.map((column) => {
            const { head, note, isNumber } = columnFacts[column];
            return (
              <span key={column} role="columnheader" className={isNumber ? 'number' : ''} title={note}>
                <span className="event-head-text">{head}</span>
                <Splitter
                  label={`Width of ${head}`}
                  side="right"
                  size={widths.of(column)}
                  smallest={NARROWEST}
                  largest={WIDEST_CHOSEN}
                  onResize={(width) => widths.resize(column, width)}
                  onFit={() => widths.fit(column)}
                />
              </span>
            );
          })}
        </div>
        <div className="row-space" style={{ height: rows.height, minWidth: widths.total }} role="presentation">
          <div className="row-sheet" style={{ transform: `translateY(${rows.offset}px)` }} role="presentation">
            {shown.map(({ index, frame }, i) => {
              const at = rows.first + i;
              if (frame !== undefined) return <FrameRow key={at} place={at} frame={frame} />;
              const event = eventAt(index);
              if (event === undefined) return <div key={at} className="event-row" role="presentation" />;
              return (
                <EventRow
                  key={at}
                  id={`event-${index}`}
                  event={event}
                  index={index}
                  place={at}
                  columns={columns}
                  clock={summary.clock}
                  selected={index >= range.from && index <= range.to}
                  active={index === active}
                  holdSelected={hold !== undefined && event.hold === hold}
                  isHit={hits.has(event.row)}
                  isOpen={stacks.some((stack) => stack.index === index)}
                  onSelect={onSelect}
                  onToggleStack={onToggleStack}
                />
              );
            })}
          </div>
        </div>
      </div>
      <p className={copying.told === '' ? 'visually-hidden' : 'events-copied'} role="status">
        {copying.told}
      </p>
    </>
  );
}

/** Right of what scrolls is its scroll bar, wherever the browser gives that a place of its own. */
function isOnScrollBar(scroller: HTMLElement, x: number): boolean {
  return x >= scroller.getBoundingClientRect().left + scroller.clientLeft + scroller.clientWidth;
}
