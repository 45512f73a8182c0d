import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import './widgets/widgets.css';
import './widgets/choice.css';
import './layout/layout.css';
import './top-bar/top-bar.css';
import './capture/capture.css';
import './tracefs/tracefs.css';
import './start/start.css';
import './present/present.css';
import './open/open.css';
import './modules/modules.css';
import './timeline/timeline.css';
import './timeline/overview.css';
import './growth/growth.css';
import './holders/holders.css';
import './holders/plan.css';
import './events/events.css';
import './filter/filter.css';
import './search/search.css';
import './graph/graph.css';
import './statistics/statistics.css';
import './help/help.css';
import './palette/palette.css';
import './notes/notes.css';
import './exports/exports.css';
import './session/session.css';
import './terminal/terminal.css';
import { beginWork } from './state/activity.ts';
import { FaultBoundary } from './widgets/fault-boundary.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

const ended = beginWork();
// React and the window are each run in a task of their own: in one they would block this thread for twice as long.
const [{ createRoot }, { App }, { meetHost }] = await Promise.all([
  import('react-dom/client'),
  import('./app.tsx'),
  import('./open/meet-host.ts'),
  // The canvas measures its labels once, so its font has to be there before the first picture.
  document.fonts.load('400 11px Inter').catch(() => []),
]);
createRoot(root).render(
  <FaultBoundary>
    <App />
  </FaultBoundary>,
);
await meetHost();
ended();
