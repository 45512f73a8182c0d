import { PanelBottomClose, PanelBottomOpen } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { NothingPasses } from '../filter/nothing-passes.tsx';
import { useFilter } from '../filter/use-filter.ts';
import { GraphPanel } from '../graph/graph-panel.tsx';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { StatisticsPanel } from '../statistics/statistics-panel.tsx';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { ColumnMenu } from './column-menu.tsx';
import { DetailChart } from './detail-chart.tsx';
import { useEventFilter } from './event-filter.ts';
import { EventList } from './event-list.tsx';

const TABS = [
  { tab: 'events', text: 'Events' },
  { tab: 'graph', text: 'Holder graph' },
  { tab: 'statistics', text: 'Statistics' },
  { tab: 'chart', text: 'Refcount' },
] as const;
const USUAL_HEIGHT = 272;
const TALL = 900;

/** The region below: events, holder graph, statistics, or the selected module's refcount as a chart. */
export function LowerPanel() {
  const tab = useStore((state) => state.tab);
  const showTab = useStore((state) => state.showTab);
  const module = useStore((state) => state.module);
  const tabs = useRef<HTMLDivElement | null>(null);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = TABS.findIndex((one) => one.tab === tab);
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const other = TABS[(next + TABS.length) % TABS.length]!.tab;
    showTab(other);
    tabs.current?.querySelector<HTMLElement>(`#tab-${other}`)?.focus();
  };

  return (
    <section className="panel panel-lower" aria-label="Events, graph and numbers">
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
        {tab === 'events' || tab === 'statistics' ? <OnlySelected /> : null}
        <span className="spring" />
        {tab === 'events' ? <EventsHead /> : null}
        <HeightSwitch />
      </header>
      <div id="lower-content" role="tabpanel" className="lower-content" aria-labelledby={`tab-${tab}`}>
        {tab === 'events' ? <EventsTab /> : null}
        {tab === 'graph' ? <GraphTab /> : null}
        {tab === 'statistics' ? <StatisticsTab /> : null}
        {tab === 'chart' ? <DetailChart /> : null}
      </div>
    </section>
  );
}

function OnlySelected() {
  const onlySelected = useStore((state) => state.onlySelected);
  const showOnlySelected = useStore((state) => state.showOnlySelected);
  return (
    <label className="check">
      <input type="checkbox" checked={onlySelected} onChange={(event) => showOnlySelected(event.target.checked)} />
      Selected module only
    </label>
  );
}

/** How many events the list shows; undefined until the worker has counted them. */
function useListedCount(): number | undefined {
  const { id, engine } = useRecording();
  const filter = useEventFilter();
  return useLatestAnswer(JSON.stringify([id, filter.text, filter.modules]), () => engine.eventCount(filter));
}

function EventsHead() {
  const { summary } = useRecording();
  const found = useListedCount();
  const all = summary.events;
  return (
    <>
      <span className="quiet events-count">
        {found === undefined || found === all
          ? writeCounted(all, 'event')
          : `${writeCount(found)} of ${writeCounted(all, 'event')}`}
      </span>
      <ColumnMenu />
    </>
  );
}

function EventsTab() {
  const filter = useEventFilter();
  const found = useListedCount();
  if (found === undefined) return null;
  if (found > 0) return <EventList filter={filter} count={found} />;
  if (filter.text.trim() === '') return <p className="empty">The selected module has no event.</p>;
  return (
    <NothingPasses
      what={
        filter.modules.length === 0
          ? 'No event passes this filter.'
          : 'No event of the selected module passes this filter.'
      }
    />
  );
}

function GraphTab() {
  const { id, engine, summary } = useRecording();
  const cursor = useStore((state) => state.cursor);
  const module = useStore((state) => state.module);
  const hold = useStore((state) => state.hold);
  const { selectModule, selectHold, filterEvents } = useStore.getState();
  const filter = useFilter();
  return (
    <GraphPanel
      key={id}
      clock={summary.clock}
      time={cursor}
      module={module}
      hold={hold}
      ask={(query) => engine.holderGraph(query, filter)}
      narrowedBy={filter.text}
      onClearFilter={() => filterEvents('')}
      onSelectModule={selectModule}
      onSelectHold={(of, held) => selectHold(of, held, cursor)}
    />
  );
}

function StatisticsTab() {
  const { id, engine, summary } = useRecording();
  const window = useStore((state) => state.window);
  const markers = useStore((state) => state.markers);
  const isNarrow = useStore((state) => state.filterText.trim() !== '');
  const { modules } = useEventFilter();
  const { a, b } = markers;
  return (
    <StatisticsPanel
      key={id}
      clock={summary.clock}
      window={window}
      modules={modules}
      markers={a === undefined || b === undefined ? undefined : { a: Math.min(a, b), b: Math.max(a, b) }}
      note={isNarrow ? 'counted whatever the filter says' : undefined}
      ask={(query) => engine.statistics(query)}
      askChange={(query) => engine.change(query)}
    />
  );
}

/** Gives the region below more of the window, for a graph needs it. */
function HeightSwitch() {
  const panels = useStore((state) => state.settings.panels);
  const changeSettings = useStore((state) => state.changeSettings);
  const isTall = panels.bottom > USUAL_HEIGHT;
  const label = isTall ? 'Make this region lower' : 'Make this region taller';
  return (
    <button
      type="button"
      className="icon-button"
      title={label}
      aria-label={label}
      onClick={() => changeSettings({ panels: { ...panels, bottom: isTall ? USUAL_HEIGHT : TALL } })}
    >
      {isTall ? <PanelBottomClose size={15} aria-hidden /> : <PanelBottomOpen size={15} aria-hidden />}
    </button>
  );
}
