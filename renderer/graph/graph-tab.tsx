import { printTime } from '../../shared/event-table/clock.ts';
import { useFilter } from '../filter/use-filter.ts';
import type { LowerTab } from '../layout/lower-tab.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { GraphPanel } from './graph-panel.tsx';

/** Who holds which module, as a graph. */
export const graphTab: LowerTab = {
  tab: 'graph',
  text: 'Holder graph',
  key: '2',
  command: 'Show the holder graph',
  of: 'moment',
  Content: GraphContent,
};

function GraphContent() {
  const moment = useStore((state) => state.moment);
  return moment === 'now' ? <PresentGraph /> : <RecordedGraph />;
}

/** Of the system, as it was looked at last. */
function PresentGraph() {
  const present = useStore((state) => state.present);
  const module = useStore((state) => state.module);
  const { selectModule } = useStore.getState();
  if (present === undefined) return <p className="empty">Looking at this system …</p>;
  return (
    <GraphPanel
      clock={undefined}
      time={0}
      instant="now"
      module={module}
      hold={undefined}
      look={present.look}
      ask={({ centre, hops, expanded }) => present.engine.graph({ centre, hops, expanded })}
      narrowedBy=""
      onClearFilter={() => {}}
      onSelectModule={selectModule}
      onSelectHold={selectModule}
    />
  );
}

/** At the cursor's time. */
function RecordedGraph() {
  const { engine, summary } = useRecording();
  const cursor = useStore((state) => state.cursor);
  const module = useStore((state) => state.module);
  const hold = useStore((state) => state.hold);
  const { selectModule, selectHold, filterEvents } = useStore.getState();
  const filter = useFilter();
  return (
    <GraphPanel
      clock={summary.clock}
      time={cursor}
      instant={`at ${printTime(summary.clock, cursor)}`}
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
