import { type KeyboardEvent, useEffect, useState } from 'react';
import type { EventRow as Event, EventFilter } from '../../shared/view-model/recording-view.ts';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { useRowWindow } from '../widgets/use-row-window.ts';
import { EventRow } from './event-row.tsx';
import { EventStack } from './event-stack.tsx';
import { stepEvent } from './step-event.ts';

const ROW = 24;
const HEAD = 26;
/** Rows are asked for in blocks of so many, so that a small scroll finds them there. */
const BLOCK = 64;

const HEADS = [
  { text: 'Line', number: true, note: 'Line of the text' },
  { text: 'Time', number: true, note: 'As the recording prints it' },
  { text: 'CPU', number: true, note: '' },
  {
    text: 'Task',
    number: false,
    note: 'Name and thread id; in italics where the name was taken from the same pid elsewhere',
  },
  { text: 'Event', number: false, note: '' },
  { text: 'Module', number: false, note: 'The module, or the alias that was requested' },
  { text: 'Call site', number: false, note: 'The function that took or gave back the reference' },
  { text: 'Printed', number: true, note: 'The refcount that the kernel printed, its own base of one included' },
  { text: 'Hold', number: false, note: 'The hold that the event opens or ends' },
];

/** Every event that passes the filter; only those in view exist. It follows the cursor. */
export function EventList({ filter, count }: { readonly filter: EventFilter; readonly count: number }) {
  const { id, engine, summary } = useRecording();
  const cursor = useStore((state) => state.cursor);
  const row = useStore((state) => state.row);
  const hold = useStore((state) => state.hold);
  const selectEvent = useStore((state) => state.selectEvent);
  const [stackShown, setStackShown] = useState(false);
  const rows = useRowWindow(count, ROW, HEAD);
  const filterKey = JSON.stringify([id, filter.text, filter.modules]);

  const from = Math.max(0, Math.floor(rows.first / BLOCK) * BLOCK - BLOCK);
  const to = Math.min(count, Math.ceil((rows.first + rows.count) / BLOCK) * BLOCK + BLOCK);
  const block = useLatestAnswer(rows.count === 0 ? undefined : `${filterKey} ${from} ${to}`, async () => ({
    filterKey,
    from,
    events: await engine.eventRows(filter, from, to - from),
  }));
  const known = block?.filterKey === filterKey ? block : undefined;
  const eventAt = (index: number): Event | undefined => known?.events[index - known.from];

  const place = useLatestAnswer(`${filterKey} ${cursor}`, async () => ({
    filterKey,
    cursor,
    position: await engine.eventPositionAt(filter, cursor),
  }));
  const position = place?.filterKey === filterKey ? Math.max(0, place.position) : undefined;
  const exact = row === undefined || known === undefined ? -1 : known.events.findIndex((event) => event.row === row);
  const active = exact >= 0 && known !== undefined ? known.from + exact : position;

  const { reveal } = rows;
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the cursor, and does not undo a scroll
  useEffect(() => {
    if (active !== undefined) reveal(active, 'centre');
  }, [place, row, reveal]);

  const onKeyDown = (event: KeyboardEvent) => {
    const page = rows.rowsInView;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count }[event.key];
    if (event.key === 'Enter') setStackShown(!stackShown);
    else if (by !== undefined) void stepEvent(filter, by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const selected = active === undefined ? undefined : eventAt(active);
  return (
    <>
      <div
        ref={rows.scroller}
        role="grid"
        className="row-scroller events-grid"
        tabIndex={0}
        aria-label="Events"
        aria-rowcount={count + 1}
        aria-activedescendant={selected === undefined ? undefined : `event-${active}`}
        onKeyDown={onKeyDown}
      >
        <div role="row" className="event-row event-heads" aria-rowindex={1}>
          {HEADS.map(({ text, number, note }) => (
            <span key={text} role="columnheader" className={number ? 'number' : ''} title={note}>
              {text}
            </span>
          ))}
        </div>
        <div className="row-space" style={{ height: rows.height }} role="presentation">
          <div className="row-sheet" style={{ transform: `translateY(${rows.offset}px)` }} role="presentation">
            {Array.from({ length: rows.count }, (_, i) => {
              const index = rows.first + i;
              const event = eventAt(index);
              if (event === undefined) return <div key={index} className="event-row" role="presentation" />;
              return (
                <EventRow
                  key={index}
                  id={`event-${index}`}
                  event={event}
                  index={index}
                  clock={summary.clock}
                  selected={index === active}
                  holdSelected={hold !== undefined && event.hold === hold}
                  onSelect={selectEvent}
                  onShowStack={() => setStackShown(true)}
                />
              );
            })}
          </div>
        </div>
      </div>
      {stackShown && selected !== undefined && selected.stack.length > 0 ? (
        <EventStack event={selected} onClose={() => setStackShown(false)} />
      ) : null}
    </>
  );
}
