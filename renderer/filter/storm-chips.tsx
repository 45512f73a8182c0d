import { Wind } from 'lucide-react';
import { useStore } from '../state/store.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { visibleText } from '../widgets/visible-text.ts';
import { writeCounted } from '../widgets/write-numbers.ts';
import { hideStorm, isHidden, nameStorm, showStorm } from './hide-storm.ts';

const MOST_CHIPS = 2;

/** Call sites that drown the rest, each hidden and shown again by one click. */
export function StormChips() {
  const { id, engine } = useRecording();
  const text = useStore((state) => state.filterText);
  const filterEvents = useStore((state) => state.filterEvents);
  const storms = useLatestAnswer(String(id), () => engine.storms()) ?? [];
  return storms.slice(0, MOST_CHIPS).map((storm) => {
    const hidden = isHidden(text, storm);
    const name = visibleText(nameStorm(storm));
    const share = Math.max(1, Math.floor(storm.share * 100));
    return (
      <span key={storm.filter} className={hidden ? 'storm-chip storm-chip-hidden' : 'storm-chip'}>
        <Wind size={13} aria-hidden />
        <span className="ellipsis" title={name}>
          {name}: {hidden ? 'hidden' : `${writeCounted(storm.events, 'event')} (${share} %)`}
        </span>
        <button
          type="button"
          className="link-button"
          aria-label={hidden ? `Show the storm again: ${name}` : `Hide the storm: ${name}`}
          title={hidden ? `Takes ${storm.filter} out of the filter` : `Adds ${storm.filter} to the filter`}
          onClick={() => filterEvents(hidden ? showStorm(text, storm) : hideStorm(text, storm))}
        >
          {hidden ? 'Show' : 'Hide'}
        </button>
      </span>
    );
  });
}
