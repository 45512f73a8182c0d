import { memo, useEffect, useState } from 'react';
import { type Clock, printTime } from '../../shared/event-table/clock.ts';
import { describeTrack } from '../../shared/view-model/describe-track.ts';
import type { TrackPicture } from '../../shared/view-model/recording-view.ts';
import { beginWork } from '../state/activity.ts';
import type { VisibleWindow } from '../state/store.ts';
import { visibleText } from '../widgets/visible-text.ts';

/** What pans and zooms is not read aloud; where it comes to rest is. */
const QUIET_MS = 250;

interface TimelineInWordsProps {
  readonly pictures: readonly TrackPicture[];
  readonly window: VisibleWindow;
  readonly clock: Clock;
}

/** The text alternative of the timeline: a sentence or two for every track, as far as it has been looked at. */
export function TimelineInWords(props: TimelineInWordsProps) {
  const { pictures, window } = props;
  const [shown, setShown] = useState(props);
  useEffect(() => {
    const ended = beginWork();
    const timer = setTimeout(() => {
      setShown((old) => ({ ...old, pictures, window }));
      ended();
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
      ended();
    };
  }, [pictures, window]);
  return <Words {...shown} />;
}

const Words = memo(function Words({ pictures, window, clock }: TimelineInWordsProps) {
  const range = `${printTime(clock, window.from)} to ${printTime(clock, window.to)}`;
  return (
    <section className="visually-hidden" aria-label={`Timeline in words, ${range}`}>
      <ul>
        {pictures.map((picture) => (
          <li key={picture.module}>{describeTrack({ ...picture, module: visibleText(picture.module) }, clock)}</li>
        ))}
      </ul>
    </section>
  );
});
