import { chartTab } from '../events/chart-tab.tsx';
import { eventsTab } from '../events/events-tab.tsx';
import { graphTab } from '../graph/graph-tab.tsx';
import { statisticsTab } from '../statistics/statistics-tab.tsx';
import { terminalTab } from '../terminal/terminal-tab.tsx';
import { tracefsTab } from '../tracefs/tracefs-tab.tsx';
import type { LowerTab } from './lower-tab.ts';

/** The tabs of the region below, in their order. To add one, add it here; its key and its command follow. */
export const lowerTabs: readonly LowerTab[] = [eventsTab, graphTab, statisticsTab, chartTab, terminalTab, tracefsTab];
