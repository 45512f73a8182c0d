import type { LowerTab } from '../layout/lower-tab.ts';
import { TracefsPane } from './tracefs-pane.tsx';
import { TracefsTools } from './tracefs-tools.tsx';

/** How the kernel traces at the moment, and who else does. */
export const tracefsTab: LowerTab = {
  tab: 'tracefs',
  text: 'Tracefs',
  key: '6',
  command: 'Show tracefs',
  of: 'window',
  Content: TracefsPane,
  Tools: TracefsTools,
};
