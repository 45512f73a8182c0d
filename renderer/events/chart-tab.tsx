import type { LowerTab } from '../layout/lower-tab.ts';
import { useStore } from '../state/store.ts';
import { loadLater } from '../widgets/load-later.tsx';
import { visibleText } from '../widgets/visible-text.ts';

/** The selected module's refcount over time, as a chart. */
export const chartTab: LowerTab = {
  tab: 'chart',
  text: 'Refcount',
  key: '4',
  command: 'Show the refcount of the selected module',
  of: 'recording',
  Content: loadLater(() => import('./detail-chart.tsx').then((chart) => chart.DetailChart)),
  Note: ModuleNote,
};

function ModuleNote() {
  const module = useStore((state) => state.module);
  return module === undefined ? null : <span className="tab-note ellipsis">{visibleText(module)}</span>;
}
