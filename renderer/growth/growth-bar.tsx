import { ChevronsRight, Pause, Play } from 'lucide-react';
import { printTime } from '../../shared/event-table/clock.ts';
import { useStore } from '../state/store.ts';
import { useRecording } from '../state/use-recording.ts';
import { writeCount, writeCounted } from '../widgets/write-numbers.ts';
import { countUnaccounted } from './count-unaccounted.ts';
import { pauseOrResume } from './pause-or-resume.ts';
import { useLag } from './use-lag.ts';

/** Follow and pause, while the recording grows. */
export function GrowthBar() {
  const grows = useStore((state) => state.growth !== undefined);
  const paused = useStore((state) => state.growth?.paused === true);
  const follows = useStore((state) => state.following !== undefined);
  const { followNow, stopFollowing } = useStore.getState();
  const isFull = useStore((state) => state.ending?.kind === 'full');
  if (isFull) return <Full />;
  if (!grows) return null;
  const pauseName = paused ? 'Show what has come' : 'Pause the view; the recording goes on';
  return (
    <span className="growth-bar">
      <button
        type="button"
        className={follows ? 'button button-small growth-follows' : 'button button-small button-marked'}
        aria-pressed={follows}
        title={follows ? 'The latest event stays in view (f)' : 'Show the latest event, and keep it in view (f)'}
        onClick={follows ? stopFollowing : followNow}
      >
        <ChevronsRight size={14} aria-hidden />
        <span className="growth-word">Follow</span>
      </button>
      <button
        type="button"
        className={paused ? 'button button-small button-marked' : 'button button-small'}
        aria-pressed={paused}
        title={`${pauseName} (Shift+F)`}
        onClick={pauseOrResume}
      >
        {paused ? <Play size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
        <span className="growth-word">{paused ? 'Resume' : 'Pause'}</span>
      </button>
      <Lag />
    </span>
  );
}

/** Memory is not without end: what comes from now on is on the disk alone. */
function Full() {
  const { events } = useRecording().summary;
  return (
    <span
      className="growth-lag"
      role="status"
      title="Later events are recorded on the disk, and are not lost. To see them, stop, save the recording, and open the file; to see more of what matters, record fewer modules."
    >
      The view is full at {writeCounted(events, 'event')}; the recording goes on
    </span>
  );
}

/** What is not shown yet, where that is worth a word: it was held back on purpose, or for more than a moment. */
function Lag() {
  const { summary } = useRecording();
  const waiting = useStore((state) => Math.max(0, (state.growth?.arrived ?? 0) - summary.events));
  const paused = useStore((state) => state.growth?.paused === true);
  const behind = useLag();
  const unaccounted = countUnaccounted(summary);
  let text = '';
  let title = '';
  if (paused) {
    text = waiting === 0 ? 'paused' : `${writeCounted(waiting, 'event')} waiting`;
    title = 'The view is paused. What comes meanwhile is recorded, and shown when the view goes on.';
  } else if (behind >= 1) {
    text = `as of ${printTime(summary.clock, summary.end)} · ${behind.toFixed(0)} s behind`;
    title = `${writeCount(waiting)} events have come that are not shown yet. Every region speaks of the time that is named here.`;
  } else if (unaccounted > 0) {
    text = `holders as of ${printTime(summary.clock, summary.accounted.end)} · ${writeCounted(unaccounted, 'event')} behind`;
    title =
      'Events and refcount lines are of now. Who holds what is worked out behind them: the list of modules, holds and holders are those of the time that is named here.';
  }
  return (
    <span className="growth-lag digits" role="status" title={title}>
      {text}
    </span>
  );
}
