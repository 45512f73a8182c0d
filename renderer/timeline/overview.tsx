import { useDeferredValue, useLayoutEffect } from 'react';
import { useFilter } from '../filter/use-filter.ts';
import { beginWork } from '../state/activity.ts';
import { useLatestAnswer } from '../state/use-latest-answer.ts';
import { useRecording } from '../state/use-recording.ts';
import { loadLater } from '../widgets/load-later.tsx';
import { writeCount } from '../widgets/write-numbers.ts';
import { OverviewBrush } from './overview-brush.tsx';
import { showBurst } from './show-burst.ts';
import { useElementSize } from './use-element-size.ts';

/** A chart library draws this many points without being felt. */
const MOST_COLUMNS = 300;

const OverviewChart = loadLater(() => import('./overview-chart.tsx').then((chart) => chart.OverviewChart));

/** The whole recording: events and open holds over time, and the visible window as a brush. */
export function Overview() {
  const { id, engine, bounds } = useRecording();
  const [area, { width }] = useElementSize<HTMLDivElement>();
  const columns = Math.min(MOST_COLUMNS, Math.max(1, Math.floor(width / 2)));
  const filter = useFilter();
  const answer = useLatestAnswer(width === 0 ? undefined : `${id} ${columns} ${filter.text}`, () =>
    engine.overview(columns, filter),
  );
  // The chart takes longer to make than all else in the window, so it is made after it.
  const data = useDeferredValue(answer);
  const underWay = data !== answer;
  useLayoutEffect(() => (underWay ? beginWork() : undefined), [underWay]);
  const most = data === undefined ? undefined : data.columns.reduce((max, { open }) => Math.max(max, open), 0);
  return (
    <div className="overview">
      <div className="overview-legend">
        <span className="overview-key overview-key-holds">
          open holds{most === undefined ? '' : `, up to ${writeCount(most)}`}
        </span>
        <span className="overview-key overview-key-events">events</span>
      </div>
      <div className="overview-area" ref={area}>
        {data === undefined ? null : <OverviewChart data={data} width={width} bounds={bounds} />}
        {width === 0 ? null : (
          <OverviewBrush
            width={width}
            onBurst={(time) => {
              if (data !== undefined) void showBurst(data, time);
            }}
          />
        )}
      </div>
    </div>
  );
}
