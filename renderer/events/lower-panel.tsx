import { ListFilter } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { DetailChart } from './detail-chart.tsx';
import { useEventFilter } from './event-filter.ts';
import { EventList } from './event-list.tsx';

const TABS = [
  { tab: 'events', text: 'Events' },
  { tab: 'chart', text: 'Refcount' },
] as const;

/** The region below: the list of events, or the selected module's refcount as a chart. */
export function LowerPanel() {
  const { id, engine, summary } = useRecording();
  const tab = useStore((state) => state.tab);
  const showTab = useStore((state) => state.showTab);
  const module = useStore((state) => state.module);
  const tabs = useRef<HTMLDivElement | null>(null);
  const filter = useEventFilter();
  const found = useLatestAnswer(JSON.stringify([id, filter.text, filter.modules]), () => engine.eventCount(filter));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    event.stopPropagation();
    const other = tab === 'events' ? 'chart' : 'events';
    showTab(other);
    tabs.current?.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
  };

  return (
    <section className="panel panel-lower" aria-label="Events and refcount">
      <header className="panel-head">
        <div role="tablist" className="tabs" aria-label="What is shown below" ref={tabs}>
          {TABS.map((one) => (
            <button
              key={one.tab}
              type="button"
              role="tab"
              id={`tab-${one.tab}`}
              aria-selected={tab === one.tab}
              aria-controls="lower-content"
              tabIndex={tab === one.tab ? 0 : -1}
              onClick={() => showTab(one.tab)}
              onKeyDown={onKeyDown}
            >
              {one.text}
              {one.tab === 'chart' && module !== undefined ? (
                <span className="tab-note ellipsis">{visibleText(module)}</span>
              ) : null}
            </button>
          ))}
        </div>
        {tab === 'events' ? <FilterBar found={found} all={summary.events} /> : null}
      </header>
      <div id="lower-content" role="tabpanel" className="lower-content" aria-labelledby={`tab-${tab}`}>
        {tab === 'chart' ? <DetailChart /> : null}
        {tab === 'events' && found !== undefined && found > 0 ? <EventList filter={filter} count={found} /> : null}
        {tab === 'events' && found === 0 ? <p className="empty">No event passes this filter.</p> : null}
      </div>
    </section>
  );
}

function FilterBar({ found, all }: { readonly found: number | undefined; readonly all: number }) {
  const text = useStore((state) => state.filterText);
  const filterEvents = useStore((state) => state.filterEvents);
  const onlySelected = useStore((state) => state.onlySelected);
  const showOnlySelected = useStore((state) => state.showOnlySelected);
  return (
    <>
      <label className="field events-filter">
        <ListFilter size={13} aria-hidden />
        <span className="visually-hidden">Filter events</span>
        <input
          id="event-filter"
          type="search"
          placeholder="Filter by module, task, pid, event, call site  ( / )"
          value={text}
          onChange={(event) => filterEvents(event.target.value)}
        />
      </label>
      <label className="check">
        <input type="checkbox" checked={onlySelected} onChange={(event) => showOnlySelected(event.target.checked)} />
        Selected module only
      </label>
      <span className="spring" />
      <span className="quiet events-count" role="status">
        {found === undefined || found === all
          ? writeCounted(all, 'event')
          : `${writeCount(found)} of ${writeCounted(all, 'event')}`}
      </span>
    </>
  );
}
