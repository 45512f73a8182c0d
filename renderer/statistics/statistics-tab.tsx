import { useEventFilter } from '../events/event-filter.ts';
import { OnlySelected } from '../events/only-selected.tsx';
import { useFilter } from '../filter/use-filter.ts';
import type { LowerTab } from '../layout/lower-tab.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { loadLater } from '../widgets/load-later.tsx';

const StatisticsPanel = loadLater(() => import('./statistics-panel.tsx').then((panel) => panel.StatisticsPanel));

/** Numbers of the visible window, and what changed between the markers. */
export const statisticsTab: LowerTab = {
  tab: 'statistics',
  text: 'Statistics',
  key: '3',
  command: 'Show the statistics',
  of: 'recording',
  Content: StatisticsContent,
  Choices: OnlySelected,
};

function StatisticsContent() {
  const { engine, summary } = useRecording();
  const window = useStore((state) => state.window);
  const markers = useStore((state) => state.markers);
  const filter = useFilter();
  const { modules } = useEventFilter();
  const { a, b } = markers;
  return (
    <StatisticsPanel
      clock={summary.clock}
      window={window}
      modules={modules}
      markers={a === undefined || b === undefined ? undefined : { a: Math.min(a, b), b: Math.max(a, b) }}
      filterText={filter.text.trim()}
      ask={(query) => engine.statistics(query, filter)}
      askChange={(query) => engine.change(query, filter)}
    />
  );
}
